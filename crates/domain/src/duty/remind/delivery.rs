use std::collections::BTreeMap;

use chrono::{NaiveDateTime, NaiveTime};

use super::{About, Channel, Choices, Notice, Pace, QuietHours, ReminderSettings};
use crate::id::UserId;

/// A notice on its way to one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The notice's key with the person and the channel: sent at most once.
    pub key: String,
    pub user: UserId,
    pub channel: Channel,
    /// The earliest time, local to the campaign.
    pub not_before: NaiveDateTime,
    /// It waits for others and goes out with them.
    pub in_digest: bool,
    pub notice: Notice,
}

/// What goes out as one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    /// The delivery's key, or one of person, channel and time for a digest.
    pub key: String,
    pub user: UserId,
    pub channel: Channel,
    pub not_before: NaiveDateTime,
    /// The keys of all deliveries in it: sent with it, once.
    pub deliveries: Vec<String>,
    /// What it says, the most urgent first; of each task or material only its most urgent notice.
    pub lines: Vec<Notice>,
}

/// How a notice reaches a person: on the channels that they chose and those that the office demands, at once or with
/// their digest, and not in quiet hours.
///
/// `now` is local to the campaign. Asked again later it answers with a later time; the first answer holds, by its key.
pub fn deliveries(
    notice: &Notice,
    user: UserId,
    choices: &Choices,
    settings: &ReminderSettings,
    now: NaiveDateTime,
) -> Vec<Delivery> {
    let minimum = &settings.minimum;
    let demanded = minimum.kinds.contains(&notice.kind);
    if !demanded && !choices.kinds.contains(&notice.kind) {
        return Vec::new();
    }
    let mut channels = choices.channels.clone();
    if demanded {
        channels.extend(&minimum.channels);
        // A demand without a channel would be none.
        if channels.is_empty() {
            channels.insert(Channel::InApp);
        }
    }
    let digest_at = match choices.pace {
        Pace::Digest { at } if !minimum.at_once.contains(&notice.kind) => Some(at),
        Pace::Digest { .. } | Pace::AtOnce => None,
    };
    let delivery = |channel: Channel| {
        // What waits in the app disturbs nobody.
        let quiet = settings.quiet.filter(|_| channel != Channel::InApp);
        let digest_at = digest_at.filter(|_| channel != Channel::InApp);
        let not_before = match (digest_at, quiet) {
            // A digest wanted in the quiet hours is the one of the morning, every morning.
            (Some(time), Some(quiet)) if quiet.contains(time) => next(now, quiet.to),
            (Some(time), _) => next(now, time),
            (None, Some(quiet)) => quiet.out_of(now),
            (None, None) => now,
        };
        let key = format!("{}/{user}/{}", notice.news(), channel.code());
        Delivery { key, user, channel, not_before, in_digest: digest_at.is_some(), notice: notice.clone() }
    };
    channels.into_iter().map(delivery).collect()
}

/// Puts those of a digest together that go to one person on one channel at one time; the others go alone.
pub fn parcels(deliveries: Vec<Delivery>) -> Vec<Parcel> {
    let mut alone = Vec::new();
    let mut digests: BTreeMap<(UserId, Channel, NaiveDateTime), Vec<Delivery>> = BTreeMap::new();
    for delivery in deliveries {
        if delivery.in_digest {
            let place = (delivery.user, delivery.channel, delivery.not_before);
            digests.entry(place).or_default().push(delivery);
        } else {
            alone.push(Parcel {
                key: delivery.key.clone(),
                user: delivery.user,
                channel: delivery.channel,
                not_before: delivery.not_before,
                deliveries: vec![delivery.key],
                lines: vec![delivery.notice],
            });
        }
    }
    alone.extend(digests.into_iter().map(|((user, channel, not_before), mut parts)| {
        parts.sort_by(|one, other| one.key.cmp(&other.key));
        parts.dedup_by(|one, other| one.key == other.key);
        let keys = parts.iter().map(|part| part.key.clone()).collect();
        let time = not_before.format("%Y-%m-%dT%H:%M:%S");
        Parcel {
            key: format!("digest:{user}/{}/{time}", channel.code()),
            user,
            channel,
            not_before,
            deliveries: keys,
            lines: lines(parts),
        }
    }));
    alone
}

fn lines(parts: Vec<Delivery>) -> Vec<Notice> {
    let mut most_urgent: BTreeMap<About, Notice> = BTreeMap::new();
    for notice in parts.into_iter().map(|part| part.notice) {
        let urgency = |notice: &Notice| (notice.kind, notice.days_left);
        let slot = most_urgent.entry(notice.about).or_insert_with(|| notice.clone());
        if urgency(&notice) < urgency(slot) {
            *slot = notice;
        }
    }
    let mut lines: Vec<Notice> = most_urgent.into_values().collect();
    lines.sort_by(|one, other| {
        (one.kind, one.days_left, one.about).cmp(&(other.kind, other.days_left, other.about))
    });
    lines
}

/// The next moment after that one at which the clock shows that time.
fn next(after: NaiveDateTime, time: NaiveTime) -> NaiveDateTime {
    let date = after.date();
    let today = date.and_time(time);
    if today > after { today } else { date.succ_opt().unwrap_or(date).and_time(time) }
}

impl QuietHours {
    pub fn contains(&self, time: NaiveTime) -> bool {
        if self.from <= self.to {
            self.from <= time && time < self.to
        } else {
            self.from <= time || time < self.to
        }
    }

    /// That moment, or the end of the quiet hours that it falls in.
    pub fn out_of(&self, at: NaiveDateTime) -> NaiveDateTime {
        if self.contains(at.time()) { next(at, self.to) } else { at }
    }
}
