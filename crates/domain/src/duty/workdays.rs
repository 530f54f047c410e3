//! Working days: weekends, the public holidays of a year and the weekend days on which one works for them.
//!
//! The State Council publishes each year's days in the autumn before; they follow no formula. So they are data, one file
//! a year, which the office can replace ([`HolidayYear::read`]); the files known when the program was built come with
//! it. A year without data is taken to work from Monday to Friday, and whoever counts through it is told.

mod lines;

use std::collections::{BTreeMap, HashMap};

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::Deserialize;

/// The files that come with the program.
const SHIPPED: &[&str] =
    &[include_str!("../../data/holidays/2025.json"), include_str!("../../data/holidays/2026.json")];

/// No holiday so far was longer than nine days; a longer one is a slip in a date.
const LONGEST_HOLIDAY: u64 = 15;

/// The longest name of a holiday and of a source, in characters.
const LONGEST_TEXT: usize = 100;

/// The public holidays of one year, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HolidayYear {
    pub year: i32,
    /// The notice that it was taken from.
    pub source: String,
    pub holidays: Vec<Holiday>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holiday {
    pub name: String,
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// Weekend days on which one works for it 调休上班.
    pub working: Vec<NaiveDate>,
}

/// What is wrong with a file of holidays, and where: `holidays[2].working[0]`; `file` where it is not the format at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct HolidayFault {
    pub place: String,
    /// The line of the file, from 1.
    pub line: usize,
    pub problem: HolidayProblem,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HolidayProblem {
    /// Not the format at all: nothing else could be looked at.
    #[error("not readable: {0}")]
    Unreadable(String),
    #[error("{0} is no year between 1949 and 2999")]
    Year(i32),
    #[error("is empty")]
    Empty,
    #[error("has more than {LONGEST_TEXT} characters")]
    Wordy,
    #[error("“{0}” is no day; expected 2026-10-01")]
    NoDay(String),
    /// The days around New Year may stand in the next year's file.
    #[error("{0} is not a day of that year or the month before or after it")]
    OtherYear(NaiveDate),
    #[error("it ends on {to}, before it begins")]
    EndsBefore { to: NaiveDate },
    #[error("it has {days} days; at most {LONGEST_HOLIDAY} are believed")]
    TooLong { days: u64 },
    #[error("{0} is a day of an earlier holiday")]
    Overlaps(NaiveDate),
    #[error("{0} is no weekend, one works anyway")]
    NoWeekend(NaiveDate),
    #[error("{0} is a holiday")]
    OnHoliday(NaiveDate),
    #[error("{0} stands here twice")]
    Twice(NaiveDate),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct YearFile {
    year: i32,
    source: String,
    holidays: Vec<HolidayEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct HolidayEntry {
    name: String,
    from: String,
    to: String,
    #[serde(default)]
    working: Vec<String>,
}

impl HolidayYear {
    /// Reads one year's file.
    ///
    /// # Errors
    /// Everything that is wrong with it, in the file's order; one fault where it is not the format at all.
    pub fn read(json: &str) -> Result<Self, Vec<HolidayFault>> {
        let file: YearFile = serde_json::from_str(json).map_err(|error| {
            let problem = HolidayProblem::Unreadable(error.to_string());
            vec![HolidayFault { place: "file".to_owned(), line: error.line().max(1), problem }]
        })?;
        let lines = lines::lines(json);
        let mut reader = Reader { year: file.year, working: Vec::new(), faults: Vec::new(), lines };
        if !(1949..=2999).contains(&file.year) {
            reader.fault("year", HolidayProblem::Year(file.year));
        }
        reader.check_text("source", &file.source);
        let mut holidays: Vec<Holiday> = Vec::new();
        for (index, entry) in file.holidays.iter().enumerate() {
            if let Some(holiday) = reader.holiday(&format!("holidays[{index}]"), entry, &holidays) {
                holidays.push(holiday);
            }
        }
        reader.check_working(&holidays);
        if reader.faults.is_empty() {
            Ok(Self { year: file.year, source: file.source.trim().to_owned(), holidays })
        } else {
            Err(reader.faults)
        }
    }

    /// The file that says this, as people write it: one holiday a line.
    pub fn file(&self) -> String {
        let text = |text: &str| serde_json::Value::from(text).to_string();
        let holidays = self.holidays.iter().map(|Holiday { name, from, to, working }| {
            let working: Vec<String> = working.iter().map(|day| format!("\"{day}\"")).collect();
            let made_up = if working.is_empty() {
                String::new()
            } else {
                format!(", \"working\": [{}]", working.join(", "))
            };
            format!("    {{ \"name\": {}, \"from\": \"{from}\", \"to\": \"{to}\"{made_up} }}", text(name))
        });
        let holidays: Vec<String> = holidays.collect();
        let lines =
            if holidays.is_empty() { String::new() } else { format!("\n{}\n  ", holidays.join(",\n")) };
        format!(
            "{{\n  \"year\": {},\n  \"source\": {},\n  \"holidays\": [{lines}]\n}}\n",
            self.year,
            text(&self.source)
        )
    }

    /// How many days it takes off, and on how many weekend days one works for them.
    pub fn lengths(&self) -> (usize, usize) {
        let off = |holiday: &Holiday| holiday.from.iter_days().take_while(|day| *day <= holiday.to).count();
        (self.holidays.iter().map(off).sum(), self.holidays.iter().map(|holiday| holiday.working.len()).sum())
    }
}

struct Reader {
    year: i32,
    /// With their places.
    working: Vec<(String, NaiveDate)>,
    faults: Vec<HolidayFault>,
    lines: HashMap<String, usize>,
}

impl Reader {
    fn fault(&mut self, place: &str, problem: HolidayProblem) {
        let line = self.lines.get(place).copied().unwrap_or(1);
        self.faults.push(HolidayFault { place: place.to_owned(), line, problem });
    }

    fn check_text(&mut self, place: &str, text: &str) {
        if text.trim().is_empty() {
            self.fault(place, HolidayProblem::Empty);
        } else if text.trim().chars().count() > LONGEST_TEXT {
            self.fault(place, HolidayProblem::Wordy);
        }
    }

    fn day(&mut self, place: &str, text: &str) -> Option<NaiveDate> {
        let Ok(day) = text.parse::<NaiveDate>() else {
            self.fault(place, HolidayProblem::NoDay(text.to_owned()));
            return None;
        };
        let near = match day.year() - self.year {
            0 => true,
            -1 => day.month() == 12,
            1 => day.month() == 1,
            _ => false,
        };
        if !near {
            self.fault(place, HolidayProblem::OtherYear(day));
        }
        Some(day)
    }

    fn holiday(&mut self, place: &str, entry: &HolidayEntry, earlier: &[Holiday]) -> Option<Holiday> {
        self.check_text(&format!("{place}.name"), &entry.name);
        let from = self.day(&format!("{place}.from"), &entry.from);
        let to = self.day(&format!("{place}.to"), &entry.to);
        let mut working = Vec::new();
        for (index, text) in entry.working.iter().enumerate() {
            let place = format!("{place}.working[{index}]");
            if let Some(day) = self.day(&place, text) {
                working.push(day);
                self.working.push((place, day));
            }
        }
        let (from, to) = (from?, to?);
        // A holiday that is no stretch of days is not held against the ones after it.
        match u64::try_from((to - from).num_days()) {
            Err(_) => {
                self.fault(&format!("{place}.to"), HolidayProblem::EndsBefore { to });
                return None;
            }
            Ok(days) if days >= LONGEST_HOLIDAY => {
                self.fault(place, HolidayProblem::TooLong { days: days + 1 });
                return None;
            }
            Ok(_) => {}
        }
        if let Some(other) = earlier.iter().find(|other| from <= other.to && other.from <= to) {
            self.fault(place, HolidayProblem::Overlaps(from.max(other.from)));
        }
        Some(Holiday { name: entry.name.trim().to_owned(), from, to, working })
    }

    /// Working days are looked at last, since a later holiday may hold one.
    fn check_working(&mut self, holidays: &[Holiday]) {
        let mut seen = Vec::new();
        for (place, day) in std::mem::take(&mut self.working) {
            if holidays.iter().any(|holiday| holiday.from <= day && day <= holiday.to) {
                self.fault(&place, HolidayProblem::OnHoliday(day));
            } else if !is_weekend(day) {
                self.fault(&place, HolidayProblem::NoWeekend(day));
            } else if seen.contains(&day) {
                self.fault(&place, HolidayProblem::Twice(day));
            }
            seen.push(day);
        }
    }
}

fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

/// What a day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayKind<'a> {
    Workday,
    /// A weekend day on which one works for a holiday, with its name.
    MakeUp(&'a str),
    Weekend,
    /// With its name.
    Holiday(&'a str),
}

/// A working day that was counted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Workday {
    pub date: NaiveDate,
    /// False: a year on the way has no data, and Monday to Friday were taken for its working days.
    pub certain: bool,
}

/// The working days of all years that are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    years: BTreeMap<i32, HolidayYear>,
    /// Every day that differs from its weekday: whether one works on it, and the holiday's name.
    special: BTreeMap<NaiveDate, (bool, String)>,
}

impl Calendar {
    /// The years that come with the program.
    pub fn shipped() -> Self {
        // A test reads each of them; one that could not be read would only be a year without data.
        SHIPPED.iter().filter_map(|json| HolidayYear::read(json).ok()).fold(Self::default(), Self::with)
    }

    /// With that year's days in place of those it had for the year.
    #[must_use]
    pub fn with(mut self, year: HolidayYear) -> Self {
        self.years.insert(year.year, year);
        self.special.clear();
        for holiday in self.years.values().flat_map(|year| &year.holidays) {
            for day in holiday.from.iter_days().take_while(|day| *day <= holiday.to) {
                self.special.insert(day, (false, holiday.name.clone()));
            }
            for day in &holiday.working {
                self.special.insert(*day, (true, holiday.name.clone()));
            }
        }
        self
    }

    /// Whether the year's days are known, or Monday to Friday are taken for them.
    pub fn knows(&self, year: i32) -> bool {
        self.years.contains_key(&year)
    }

    /// The years that are known, with their sources.
    pub fn years(&self) -> impl Iterator<Item = &HolidayYear> {
        self.years.values()
    }

    pub fn day(&self, date: NaiveDate) -> DayKind<'_> {
        match self.special.get(&date) {
            Some((true, name)) => DayKind::MakeUp(name),
            Some((false, name)) => DayKind::Holiday(name),
            None if is_weekend(date) => DayKind::Weekend,
            None => DayKind::Workday,
        }
    }

    pub fn is_workday(&self, date: NaiveDate) -> bool {
        matches!(self.day(date), DayKind::Workday | DayKind::MakeUp(_))
    }

    /// The day itself where one works on it, otherwise the first working day after it. None past the end of dates.
    pub fn workday_on_or_after(&self, date: NaiveDate) -> Option<Workday> {
        let found = date.iter_days().find(|day| self.is_workday(*day))?;
        Some(self.counted(date, found))
    }

    /// The day itself where one works on it, otherwise the last working day before it.
    pub fn workday_on_or_before(&self, date: NaiveDate) -> Option<Workday> {
        let found = date.iter_days().rev().find(|day| self.is_workday(*day))?;
        Some(self.counted(date, found))
    }

    /// That many working days later (earlier where negative). 0: as [`Self::workday_on_or_after`].
    pub fn add_workdays(&self, date: NaiveDate, workdays: i16) -> Option<Workday> {
        if workdays == 0 {
            return self.workday_on_or_after(date);
        }
        let number = usize::from(workdays.unsigned_abs()) - 1;
        let found = if workdays > 0 {
            date.checked_add_days(Days::new(1))?.iter_days().filter(|day| self.is_workday(*day)).nth(number)
        } else {
            let before = date.checked_sub_days(Days::new(1))?;
            before.iter_days().rev().filter(|day| self.is_workday(*day)).nth(number)
        };
        found.map(|found| self.counted(date, found))
    }

    fn counted(&self, from: NaiveDate, date: NaiveDate) -> Workday {
        let years = from.year().min(date.year())..=from.year().max(date.year());
        Workday { date, certain: years.into_iter().all(|year| self.knows(year)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn the_files_that_come_with_the_program_can_be_read() {
        for json in SHIPPED {
            assert_eq!(HolidayYear::read(json).err(), None);
        }
        let years: Vec<i32> = Calendar::shipped().years().map(|year| year.year).collect();
        assert_eq!(years, [2025, 2026]);
    }

    #[test]
    fn a_year_has_as_many_days_off_as_were_published() {
        // Holidays as published: 28 days in 2025, 33 in 2026; 5 and 6 weekend days of work.
        let calendar = Calendar::shipped();
        for (year, off, made_up) in [(2025, 28, 5), (2026, 33, 6)] {
            let days = || calendar.special.iter().filter(move |(day, _)| day.year() == year);
            assert_eq!(days().filter(|(_, (works, _))| !works).count(), off, "{year}");
            assert_eq!(days().filter(|(_, (works, _))| *works).count(), made_up, "{year}");
        }
    }

    #[test]
    fn a_day_is_what_was_published() {
        let cases = [
            ("2025-01-26", DayKind::MakeUp("春节")),
            ("2025-02-04", DayKind::Holiday("春节")),
            ("2025-02-05", DayKind::Workday),
            ("2025-10-08", DayKind::Holiday("国庆节、中秋节")),
            ("2026-01-04", DayKind::MakeUp("元旦")),
            ("2026-02-23", DayKind::Holiday("春节")),
            ("2026-05-09", DayKind::MakeUp("劳动节")),
            ("2026-06-21", DayKind::Holiday("端午节")),
            ("2026-10-10", DayKind::MakeUp("国庆节")),
            ("2026-10-11", DayKind::Weekend),
            ("2027-01-01", DayKind::Workday),
        ];
        let calendar = Calendar::shipped();
        for (date, expected) in cases {
            assert_eq!(calendar.day(day(date)), expected, "{date}");
        }
    }

    #[test]
    fn working_days_are_counted_and_a_guess_is_called_one() {
        let cases = [
            ("2026-02-13", 1, "2026-02-14", true),
            ("2026-02-14", 1, "2026-02-24", true),
            ("2026-02-24", -1, "2026-02-14", true),
            ("2026-09-30", 3, "2026-10-10", true),
            ("2026-10-03", 0, "2026-10-08", true),
            ("2026-06-01", 0, "2026-06-01", true),
            ("2026-12-31", 1, "2027-01-01", false),
            ("2025-01-02", -1, "2024-12-31", false),
        ];
        let calendar = Calendar::shipped();
        for (date, workdays, expected, certain) in cases {
            let expected = Workday { date: day(expected), certain };
            assert_eq!(calendar.add_workdays(day(date), workdays), Some(expected), "{date} {workdays:+}");
        }
        assert_eq!(
            calendar.workday_on_or_before(day("2026-02-23")).map(|day| day.date),
            Some(day("2026-02-14"))
        );
        assert_eq!(calendar.add_workdays(NaiveDate::MAX, 1), None);
        assert_eq!(calendar.add_workdays(NaiveDate::MIN, -1), None);
    }

    #[test]
    fn all_faults_of_a_file_are_named_with_their_places() {
        let file = r#"{"year": 2026, "source": " ", "holidays": [
            {"name": "", "from": "2026-01-01", "to": "2026-02-30"},
            {"name": "春节", "from": "2026-02-23", "to": "2026-02-15", "working": ["14/2"]},
            {"name": "清明节", "from": "2024-04-04", "to": "2026-04-06"},
            {"name": "劳动节", "from": "2026-05-01", "to": "2026-05-05",
                "working": ["2026-05-06", "2026-05-02", "2026-05-09", "2026-05-09"]},
            {"name": "端午节", "from": "2026-05-05", "to": "2026-05-07"}]}"#;
        let faults = HolidayYear::read(file).expect_err("is refused");
        let lines: Vec<usize> = faults.iter().map(|fault| fault.line).collect();
        assert_eq!(lines, [1, 2, 2, 3, 3, 4, 4, 7, 6, 6, 6]);
        let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "source: is empty",
                "holidays[0].name: is empty",
                "holidays[0].to: “2026-02-30” is no day; expected 2026-10-01",
                "holidays[1].working[0]: “14/2” is no day; expected 2026-10-01",
                "holidays[1].to: it ends on 2026-02-15, before it begins",
                "holidays[2].from: 2024-04-04 is not a day of that year or the month before or after it",
                "holidays[2]: it has 733 days; at most 15 are believed",
                "holidays[4]: 2026-05-05 is a day of an earlier holiday",
                "holidays[3].working[0]: 2026-05-06 is a holiday",
                "holidays[3].working[1]: 2026-05-02 is a holiday",
                "holidays[3].working[3]: 2026-05-09 stands here twice",
            ]
        );
        for broken in ["", "[]", r#"{"year": 2026, "source": "x", "holidays": [], "more": 1}"#] {
            let faults = HolidayYear::read(broken).expect_err("is refused");
            assert!(matches!(faults[..], [HolidayFault { problem: HolidayProblem::Unreadable(_), .. }]));
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        for json in SHIPPED {
            let year = HolidayYear::read(json).expect("is read");
            assert_eq!(year.file(), *json);
        }
        let none = r#"{"year": 2027, "source": "“试\" 行", "holidays": []}"#;
        let year = HolidayYear::read(none).expect("is read");
        assert_eq!(HolidayYear::read(&year.file()), Ok(year));
        let wordy = HolidayYear::read(&none.replace('行', &"行".repeat(101))).expect_err("is refused");
        assert_eq!(wordy[0].problem, HolidayProblem::Wordy);
        assert_eq!(
            Calendar::shipped().years().map(HolidayYear::lengths).collect::<Vec<_>>(),
            [(28, 5), (33, 6)]
        );
    }

    #[test]
    fn a_newer_file_of_a_year_replaces_the_one_before() {
        let file = r#"{"year": 2026, "source": "更正", "holidays": [
            {"name": "元旦", "from": "2025-12-31", "to": "2026-01-01", "working": ["2026-01-10"]}]}"#;
        let calendar = Calendar::shipped().with(HolidayYear::read(file).expect("is read"));
        assert_eq!(calendar.day(day("2025-12-31")), DayKind::Holiday("元旦"));
        assert_eq!(calendar.day(day("2026-10-01")), DayKind::Workday);
        assert_eq!(calendar.day(day("2025-10-01")), DayKind::Holiday("国庆节、中秋节"));
    }
}
