//! What the metadata of a picture give away beside when and where it was taken.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// What a picture's metadata say of how it came to be. Claims, like all of them: who can edit can also clean up.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Traces {
    /// What took it, as it calls itself: its maker and its model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// The program that wrote the file last, as it calls itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub program: Option<String>,
    /// When the file was changed last, by the same clock as when it was taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_at: Option<DateTime<Utc>>,
}

/// A sign that the metadata are not as the device wrote them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Sign {
    /// A program wrote the file in which pictures are edited.
    Program { name: String },
    /// It was changed after it was taken.
    Changed { taken_at: DateTime<Utc>, changed_at: DateTime<Utc> },
    /// It names its device, and not when it was taken, which every device writes.
    NoTime { device: String },
    /// It says that it was taken after it had arrived here.
    NotYet { taken_at: DateTime<Utc>, arrived_at: DateTime<Utc> },
}

/// What programs in which pictures are edited call themselves, in small letters. What phones write there is the version of
/// their own system.
const EDITORS: [&str; 27] = [
    "photoshop",
    "lightroom",
    "gimp",
    "snapseed",
    "picsart",
    "pixelmator",
    "affinity photo",
    "paint.net",
    "canva",
    "vsco",
    "facetune",
    "acdsee",
    "photoscape",
    "corel",
    "paintshop",
    "polarr",
    "pixlr",
    "darktable",
    "rawtherapee",
    "capture one",
    "meitu",
    "美图",
    "醒图",
    "稿定",
    "faceu",
    "b612",
    "剪映",
];

/// Between taking a picture and writing its file some seconds pass, at night more.
const WRITING: TimeDelta = TimeDelta::minutes(2);

/// A camera's clock may go wrong by hours; a zone that it does not name, too.
const CLOCK: TimeDelta = TimeDelta::days(1);

impl Traces {
    /// What of them contradicts that the picture is as its device took it.
    pub fn signs(&self, taken_at: Option<DateTime<Utc>>, arrived_at: DateTime<Utc>) -> Vec<Sign> {
        let mut signs = Vec::new();
        let editor = self.program.as_ref().filter(|program| {
            let small = program.to_lowercase();
            EDITORS.iter().any(|editor| small.contains(editor))
        });
        signs.extend(editor.map(|name| Sign::Program { name: name.clone() }));
        match (taken_at, self.changed_at, &self.device) {
            (Some(taken_at), Some(changed_at), _) if changed_at - taken_at > WRITING => {
                signs.push(Sign::Changed { taken_at, changed_at });
            }
            (None, _, Some(device)) => signs.push(Sign::NoTime { device: device.clone() }),
            _ => {}
        }
        if let Some(taken_at) = taken_at.filter(|taken_at| *taken_at - arrived_at > CLOCK) {
            signs.push(Sign::NotYet { taken_at, arrived_at });
        }
        signs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a moment")
    }

    #[track_caller]
    fn gives_away(traces: (&str, &str, &str), taken_at: &str, expected: &[&str]) {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let moment = |text: &str| (!text.is_empty()).then(|| at(text));
        let (device, program, changed_at) = traces;
        let traces = Traces { device: some(device), program: some(program), changed_at: moment(changed_at) };
        let signs = traces.signs(moment(taken_at), at("2026-05-06T08:00:00Z"));
        let told: Vec<String> = signs
            .iter()
            .map(|sign| serde_json::to_value(sign).expect("JSON")["is"].as_str().expect("a word").to_owned())
            .collect();
        assert_eq!(told, expected, "{traces:?}");
    }

    #[test]
    fn a_photograph_as_a_phone_writes_it_gives_nothing_away() {
        let taken = "2026-05-06T02:00:00Z";
        gives_away(("", "", ""), "", &[]);
        gives_away(("HUAWEI P60", "P60 4.2.0.152", taken), taken, &[]);
        gives_away(("Apple iPhone 15", "17.4.1", "2026-05-06T02:00:09Z"), taken, &[]);
        gives_away(("Xiaomi 14", "MediaTek Camera Application", ""), taken, &[]);
        // Changed before it was taken: a clock that was set, no edit.
        gives_away(("Xiaomi 14", "", "2026-05-05T02:00:00Z"), taken, &[]);
    }

    #[test]
    fn what_was_edited_says_so_in_every_way_that_it_does() {
        let taken = "2026-05-06T02:00:00Z";
        gives_away(("", "Adobe Photoshop 25.1 (Windows)", ""), "", &["program"]);
        gives_away(("", "美图秀秀 10.2", ""), taken, &["program"]);
        gives_away(("HUAWEI P60", "", "2026-05-06T03:00:00Z"), taken, &["changed"]);
        gives_away(("HUAWEI P60", "", ""), "", &["no_time"]);
        gives_away(("", "", ""), "2026-05-08T02:00:00Z", &["not_yet"]);
        let later = "2026-05-09T02:00:00Z";
        gives_away(("a", "GIMP 2.10", later), "2026-05-08T02:00:00Z", &["program", "changed", "not_yet"]);
        gives_away(("", "", ""), "2026-05-07T07:00:00Z", &[]);
    }
}
