use chrono::{Days, NaiveDate};

use super::{SOON_DAYS, StateKind};

/// How many tasks of a unit stand how on a day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UnitTally {
    /// The unit's turn, and the day has passed.
    pub late: u64,
    /// The unit's turn, and the day is today or within [`SOON_DAYS`].
    pub due_soon: u64,
    /// The unit's turn, later or without a day.
    pub open: u64,
    /// Reported, and the office has not decided.
    pub reported: u64,
    /// Returned as not theirs, and the office has not decided.
    pub returned: u64,
    /// Of those that are the unit's turn: more time was asked for, and the office has not decided.
    pub asks_time: u64,
    pub confirmed: u64,
    pub missed: u64,
    /// Of those that are the unit's turn: nobody has accepted them yet.
    pub not_accepted: u64,
    /// Of those that are the unit's turn: it told of progress.
    pub in_progress: u64,
    /// Of those that are the unit's turn: sent back.
    pub sent_back: u64,
}

impl UnitTally {
    /// Adds `n` tasks in that state that are due on that day.
    pub fn add(&mut self, state: StateKind, due_on: Option<NaiveDate>, n: u64, today: NaiveDate) {
        match state {
            StateKind::Confirmed => self.confirmed += n,
            StateKind::Missed => self.missed += n,
            StateKind::Reported => self.reported += n,
            StateKind::Returned => self.returned += n,
            StateKind::Withdrawn => {}
            StateKind::Assigned | StateKind::Accepted | StateKind::InProgress | StateKind::SentBack => {
                let soon = today.checked_add_days(Days::new(SOON_DAYS.unsigned_abs()));
                match due_on {
                    Some(day) if day < today => self.late += n,
                    Some(day) if Some(day) <= soon => self.due_soon += n,
                    _ => self.open += n,
                }
                self.not_accepted += if state == StateKind::Assigned { n } else { 0 };
                self.in_progress += if state == StateKind::InProgress { n } else { 0 };
                self.sent_back += if state == StateKind::SentBack { n } else { 0 };
            }
        }
    }

    /// What waits for the office.
    pub fn to_decide(&self) -> u64 {
        self.reported + self.returned + self.asks_time
    }

    /// All that is owed or was: every task once.
    pub fn total(&self) -> u64 {
        let Self { late, due_soon, open, reported, returned, confirmed, missed, .. } = *self;
        late + due_soon + open + reported + returned + confirmed + missed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_task_counts_once_by_state_and_day() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 6, day);
        let today = day(10).expect("a day");
        let mut tally = UnitTally::default();
        for state in StateKind::ALL {
            tally.add(state, day(9), 1, today);
            tally.add(state, day(10), 10, today);
            tally.add(state, day(17), 100, today);
            tally.add(state, day(18), 1_000, today);
            tally.add(state, None, 10_000, today);
        }
        let all = 11_111;
        let expected = UnitTally {
            late: 4,
            due_soon: 4 * 110,
            open: 4 * 11_000,
            reported: all,
            returned: all,
            asks_time: 0,
            confirmed: all,
            missed: all,
            not_accepted: all,
            in_progress: all,
            sent_back: all,
        };
        assert_eq!(tally, expected);
        assert_eq!(tally.total(), 8 * all, "withdrawn ones are owed no more");
    }
}
