//! Burden 负担: what a campaign asks of its units and their people, week by week, and what it spared them.
//!
//! It is counted from what is stored anyway: tasks, who is asked for materials, versions of materials, what became of them.
//! Minutes are estimated, by one formula that everybody can read ([`MINUTES`]): nobody is asked to write down their time,
//! which would be a burden too.

use std::collections::HashSet;

use crate::{
    clock::day_of,
    duty::task::{StateKind, Task},
    evidence::{Asking, Evidence, Remark, review::DeedKind},
    id::{EvidenceLinkId, UnitId, UserId},
    publication::Week,
};

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// Tasks that a unit was given.
    Tasks,
    /// Requirements for whose materials a unit was asked by name.
    Requests,
    /// Versions of materials that were filed.
    Filings,
    /// Files that came with them.
    Files,
    /// Materials that were returned, or taken back after they had been accepted; for each requirement once.
    Returns,
    /// Requirements beyond the first for which a material was filed, and all of one that was taken from another campaign: nobody
    /// had to file it again.
    Reused,
}

impl Measure {
    pub const ALL: [Self; 6] =
        [Self::Tasks, Self::Requests, Self::Filings, Self::Files, Self::Returns, Self::Reused];

    pub fn code(self) -> &'static str {
        match self {
            Self::Tasks => "tasks",
            Self::Requests => "requests",
            Self::Filings => "filings",
            Self::Files => "files",
            Self::Returns => "returns",
            Self::Reused => "reused",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|measure| measure.code() == code)
    }
}

/// Something that is counted, and for whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mark {
    pub week: Week,
    pub unit: UnitId,
    /// None: the unit's as such, nobody's in particular.
    pub person: Option<UserId>,
    pub measure: Measure,
}

/// Minutes that each costs: a guess, the same for everybody, and shown wherever minutes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Minutes {
    /// To read what is wanted and see who does it.
    pub task: u64,
    pub request: u64,
    /// To put a material together, with title and caption; what reuse spares.
    pub filing: u64,
    /// To find a file and send it.
    pub file: u64,
    /// To read why it came back, and mend it.
    pub returned: u64,
}

pub const MINUTES: Minutes = Minutes { task: 10, request: 10, filing: 20, file: 3, returned: 25 };

/// Minutes of one week beyond which a unit, or one of its people, is asked too much: a working day in five.
pub const TOO_MUCH: u64 = 8 * 60;

/// What was asked of somebody, and what they did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Load {
    pub tasks: u64,
    pub requests: u64,
    pub filings: u64,
    pub files: u64,
    pub returns: u64,
    pub reused: u64,
}

impl Load {
    pub fn add(&mut self, measure: Measure, n: u64) {
        *match measure {
            Measure::Tasks => &mut self.tasks,
            Measure::Requests => &mut self.requests,
            Measure::Filings => &mut self.filings,
            Measure::Files => &mut self.files,
            Measure::Returns => &mut self.returns,
            Measure::Reused => &mut self.reused,
        } += n;
    }

    /// How often something was asked.
    pub fn asked(&self) -> u64 {
        self.tasks + self.requests
    }

    /// What it cost, in minutes; estimated.
    pub fn minutes(&self) -> u64 {
        let Minutes { task, request, filing, file, returned } = MINUTES;
        self.tasks * task
            + self.requests * request
            + self.filings * filing
            + self.files * file
            + self.returns * returned
    }

    /// Whether that was more than a week should ask.
    pub fn too_much(&self) -> bool {
        self.minutes() > TOO_MUCH
    }

    /// What somebody had who is told of all that their unit is asked, as each of its liaisons is.
    #[must_use]
    pub fn told(self, unit: &Self) -> Self {
        Self { tasks: unit.tasks, requests: unit.requests, ..self }
    }

    /// What was spared because a material counts for several requirements, or for another campaign too, in minutes; estimated.
    pub fn spared(&self) -> u64 {
        self.reused * MINUTES.filing
    }
}

/// What a task is counted as; None: it was withdrawn, and is asked of nobody.
pub fn of_task(task: &Task) -> Option<Mark> {
    (task.state.kind() != StateKind::Withdrawn).then(|| Mark {
        week: Week::of(day_of(task.created_at)),
        unit: task.owed.unit,
        person: None,
        measure: Measure::Tasks,
    })
}

/// What is counted of those who are asked for a requirement's materials. Of who was asked before that was kept, nothing.
pub fn of_asking(asking: &Asking) -> Vec<Mark> {
    let mark = |(unit, at): (&UnitId, &chrono::DateTime<chrono::Utc>)| Mark {
        week: Week::of(day_of(*at)),
        unit: *unit,
        person: None,
        measure: Measure::Requests,
    };
    asking.since.iter().map(mark).collect()
}

/// What is counted of a material's versions, each with how often.
pub fn of_versions(evidence: &Evidence) -> Vec<(Mark, u64)> {
    let mut known = HashSet::new();
    let mut marks = Vec::new();
    for version in evidence.versions() {
        let mark = |measure| Mark {
            week: Week::of(day_of(version.at)),
            unit: evidence.unit,
            person: Some(version.by),
            measure,
        };
        let fresh = version.content.files.iter().filter(|file| known.insert(**file)).count();
        // Nobody put it together, or sent its files: it was there.
        if version.from.is_none() {
            marks.push((mark(Measure::Filings), 1));
            marks.push((mark(Measure::Files), fresh as u64));
        }
    }
    marks
}

/// What is counted of what was done to a material. `remarks`: those that tell of deeds, in any order. What is returned
/// comes back to whoever filed the material first.
pub fn of_deeds(evidence: &Evidence, remarks: &[Remark]) -> Vec<(Mark, u64)> {
    let filer = evidence.versions().first().map(|first| first.by);
    let mut marks = Vec::new();
    let mut submitted: Vec<&Remark> = Vec::new();
    for remark in remarks {
        let mark = |person, measure| Mark {
            week: Week::of(day_of(remark.at)),
            unit: evidence.unit,
            person,
            measure,
        };
        match remark.deed {
            Some(DeedKind::Return | DeedKind::TakeBack) => marks.push((mark(filer, Measure::Returns), 1)),
            Some(DeedKind::Submit) => submitted.push(remark),
            Some(DeedKind::Accept | DeedKind::Expire) | None => {}
        }
    }
    // The first requirement is why it was filed; each other one is a filing less. What was filed in another campaign is spared
    // here altogether.
    let filed_for = usize::from(!evidence.was_carried());
    submitted.sort_by_key(|remark| (remark.at, remark.id));
    let mut links: HashSet<EvidenceLinkId> = HashSet::new();
    for remark in submitted {
        let Some(link) = remark.link else { continue };
        if links.insert(link) && links.len() > filed_for {
            let week = Week::of(day_of(remark.at));
            let person = Some(remark.by);
            marks.push((Mark { week, unit: evidence.unit, person, measure: Measure::Reused }, 1));
        }
    }
    marks
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};
    use uuid::Uuid;

    use super::*;

    #[test]
    fn more_than_a_working_day_in_a_week_is_too_much_and_a_liaison_is_told_all_that_the_unit_is_asked() {
        let unit = Load { tasks: 40, requests: 8, filings: 9, ..Load::default() };
        let own = Load { filings: 1, files: 2, ..Load::default() };
        let told = own.told(&unit);
        assert_eq!((told.tasks, told.requests, told.filings, told.files), (40, 8, 1, 2));
        assert_eq!((told.minutes(), told.too_much()), (506, true));
        let day = Load { tasks: 48, ..Load::default() };
        assert_eq!((day.minutes(), day.too_much()), (480, false), "a day itself is not");
    }
    use crate::{
        evidence::Content,
        id::{AttachmentId, CampaignId, EvidenceId, RemarkId},
        standard::FilingKind,
    };

    const FILER: UserId = UserId(Uuid::from_u128(3));
    const OTHER: UserId = UserId(Uuid::from_u128(4));

    fn at(days: i64) -> DateTime<Utc> {
        "2026-07-06T02:00:00Z".parse::<DateTime<Utc>>().expect("a moment") + TimeDelta::days(days)
    }

    fn with(files: std::ops::Range<u128>) -> Content {
        let files = files.map(|n| AttachmentId(Uuid::from_u128(n))).collect();
        Content { files, ..Content::default() }
    }

    fn material() -> Evidence {
        let key = (CampaignId(Uuid::from_u128(1)), EvidenceId(Uuid::from_u128(2)));
        let first =
            Evidence::file(key, UnitId(Uuid::from_u128(5)), FilingKind::Photo, with(0..3), (FILER, at(0)));
        first.renew(with(2..5), OTHER, at(8)).expect("there is room")
    }

    fn remark(n: u128, link: u128, deed: Option<DeedKind>, by: UserId, days: i64) -> Remark {
        Remark {
            campaign: CampaignId(Uuid::from_u128(1)),
            id: RemarkId(Uuid::from_u128(n)),
            evidence: EvidenceId(Uuid::from_u128(2)),
            link: Some(EvidenceLinkId(Uuid::from_u128(link))),
            deed,
            text: None,
            by,
            at: at(days),
        }
    }

    fn load(marks: &[(Mark, u64)], person: UserId, week: i64) -> Load {
        let mut load = Load::default();
        for (mark, n) in marks {
            if mark.person == Some(person) && mark.week == Week::of(day_of(at(week * 7))) {
                load.add(mark.measure, *n);
            }
        }
        load
    }

    #[test]
    fn a_version_is_a_filing_of_its_week_and_a_file_counts_when_it_is_new() {
        let marks = of_versions(&material());
        assert_eq!(load(&marks, FILER, 0), Load { filings: 1, files: 3, ..Load::default() });
        assert_eq!(load(&marks, OTHER, 1), Load { filings: 1, files: 2, ..Load::default() });
    }

    #[test]
    fn a_requirement_beyond_the_first_is_a_filing_less_and_a_return_comes_back_to_the_filer() {
        let remarks = [
            remark(1, 1, Some(DeedKind::Submit), FILER, 0),
            remark(2, 2, Some(DeedKind::Submit), FILER, 0),
            remark(3, 2, Some(DeedKind::Return), OTHER, 1),
            remark(4, 2, Some(DeedKind::Submit), FILER, 2),
            remark(5, 3, Some(DeedKind::Submit), OTHER, 8),
            remark(6, 1, Some(DeedKind::Accept), OTHER, 8),
            remark(7, 1, Some(DeedKind::TakeBack), OTHER, 9),
            remark(8, 1, None, OTHER, 9),
        ];
        let marks = of_deeds(&material(), &remarks);
        assert_eq!(load(&marks, FILER, 0), Load { returns: 1, reused: 1, ..Load::default() });
        assert_eq!(load(&marks, FILER, 1), Load { returns: 1, ..Load::default() });
        assert_eq!(load(&marks, OTHER, 1), Load { reused: 1, ..Load::default() });
        // Told in another order it is the same.
        let backwards: Vec<Remark> = remarks.into_iter().rev().collect();
        let mut again = of_deeds(&material(), &backwards);
        let mut first = marks;
        again.sort();
        first.sort();
        assert_eq!(again, first);
    }

    #[test]
    fn what_was_filed_in_another_campaign_is_no_filing_here_and_each_requirement_of_it_is_spared() {
        let key = (CampaignId(Uuid::from_u128(7)), EvidenceId(Uuid::from_u128(2)));
        let files = |all: std::ops::Range<u128>| with(all).files;
        let carried = material().carry(key, UnitId(Uuid::from_u128(5)), files(10..13), (FILER, at(9)));
        let carried = carried.expect("carried");
        assert_eq!(load(&of_versions(&carried), FILER, 1), Load::default());
        let remarks = [
            remark(1, 1, Some(DeedKind::Submit), FILER, 9),
            remark(2, 2, Some(DeedKind::Submit), FILER, 9),
            remark(3, 2, Some(DeedKind::Submit), FILER, 10),
        ];
        let spared = load(&of_deeds(&carried, &remarks), FILER, 1);
        assert_eq!(spared, Load { reused: 2, ..Load::default() });
        // What is mended here afterwards costs what it costs, and only the files that are new.
        let mended = carried.renew(with(10..14), FILER, at(10)).expect("there is room");
        assert_eq!(load(&of_versions(&mended), FILER, 1), Load { filings: 1, files: 1, ..Load::default() });
    }

    #[test]
    fn minutes_add_up_by_the_formula_that_is_shown() {
        let load = Load { tasks: 1, requests: 2, filings: 3, files: 10, returns: 1, reused: 4 };
        assert_eq!((load.asked(), load.minutes(), load.spared()), (3, 10 + 20 + 60 + 30 + 25, 80));
    }

    #[test]
    fn every_measure_has_a_code_of_its_own() {
        for measure in Measure::ALL {
            assert_eq!(Measure::from_code(measure.code()), Some(measure));
        }
    }
}
