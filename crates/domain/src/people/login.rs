use chrono::{DateTime, Duration, Utc};

use super::Session;

/// When a login is refused before the password is even looked at, and how good a password must be.
///
/// Failures are counted per (name, address): somebody elsewhere who guesses at my password locks themselves out,
/// not me. The defaults meet 等保 (GB/T 22239-2019) level 2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginRules {
    /// Failures of one name from one address before that pair is locked.
    pub failures_of_pair: u32,
    /// Failures of one address over all names before that address is locked: a whole office may share one.
    pub failures_of_address: u32,
    pub lock: Duration,
    pub password_length: usize,
    /// A session ends after that long without a request.
    pub idle: Duration,
    /// A session ends after that long in any case.
    pub lifetime: Duration,
}

impl Default for LoginRules {
    fn default() -> Self {
        Self {
            failures_of_pair: 5,
            failures_of_address: 100,
            lock: Duration::minutes(15),
            password_length: 10,
            idle: Duration::hours(12),
            lifetime: Duration::days(14),
        }
    }
}

impl LoginRules {
    /// Whether a session may still be used.
    pub fn is_alive(&self, session: &Session, now: DateTime<Utc>) -> bool {
        session.expires_at > now && session.seen_at + self.idle > now
    }
}

/// Failed attempts under one key (a pair of name and address, or an address).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Attempts {
    pub count: u32,
    pub first_at: Option<DateTime<Utc>>,
    pub locked_until: Option<DateTime<Utc>>,
}

impl Attempts {
    /// Until when no further attempt is looked at; None: now is fine.
    pub fn locked(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.locked_until.filter(|until| *until > now)
    }

    /// After one more failure. Failures older than the lock's length are forgotten first.
    #[must_use]
    pub fn failed(&self, limit: u32, lock: Duration, now: DateTime<Utc>) -> Self {
        let fresh = self.first_at.is_some_and(|first| now - first < lock);
        let count = if fresh { self.count + 1 } else { 1 };
        Self {
            count,
            first_at: if fresh { self.first_at } else { Some(now) },
            locked_until: (count >= limit).then(|| now + lock),
        }
    }
}

/// Why a password is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordFault {
    TooShort {
        at_least: usize,
    },
    /// Fewer than three of: lower case, upper case, digits, others.
    TooUniform,
    ContainsName,
    /// Among the first that anybody guesses: usual words, runs and years, and little else.
    TooUsual,
}

/// All that is wrong with a new password, at once.
pub fn check_password(rules: &LoginRules, user_name: &str, password: &str) -> Vec<PasswordFault> {
    let mut faults = Vec::new();
    if password.chars().count() < rules.password_length {
        faults.push(PasswordFault::TooShort { at_least: rules.password_length });
    }
    let kinds: [fn(char) -> bool; 4] = [
        |c| c.is_lowercase(),
        |c| c.is_uppercase(),
        |c| c.is_numeric(),
        |c| !c.is_lowercase() && !c.is_uppercase() && !c.is_numeric(),
    ];
    if kinds.iter().filter(|kind| password.chars().any(kind)).count() < 3 {
        faults.push(PasswordFault::TooUniform);
    }
    if user_name.chars().count() >= 3 && password.to_lowercase().contains(&user_name.to_lowercase()) {
        faults.push(PasswordFault::ContainsName);
    }
    if is_usual(password) {
        faults.push(PasswordFault::TooUsual);
    }
    faults
}

/// What passwords that are guessed first are put together from, longest first where one holds another.
const USUAL_WORDS: &[&str] = &[
    // Words of the trade and of login pages.
    "administrator",
    "chengjing",
    "chuangjian",
    "chuangwen",
    "wenming",
    "password",
    "passw",
    "default",
    "welcome",
    "changeme",
    "letmein",
    "iloveyou",
    "passwd",
    "system",
    "admin",
    "login",
    "guest",
    "hello",
    "master",
    "monkey",
    "dragon",
    "super",
    "root",
    "user",
    "test",
    "demo",
    "pass",
    "pwd",
    // What fingers find on a keyboard.
    "qwertyuiop",
    "1qaz2wsx",
    "qazwsxedc",
    "asdfghjkl",
    "zxcvbnm",
    "qwerty",
    "qazwsx",
    "asdfgh",
    "zxcvb",
    "1q2w3e4r",
    "1q2w3e",
    "qwer",
    "asdf",
    "zxcv",
    "1qaz",
    "2wsx",
    "3edc",
    "qaz",
    "wsx",
    // What lovers and the lucky write.
    "woaiwojia",
    "woaizhongguo",
    "zhongguo",
    "woaini",
    "wodemima",
    "mima",
    "woai",
    "aini",
    "love",
    "5201314",
    "1314",
    "521",
    "520",
    "168",
    "china",
    "beijing",
    "abc",
    "aa",
];

/// Letters, of a password that is not mostly usual ones, that must be left.
const LEAST_OWN: usize = 4;

/// Whether little is left of a password once usual words, runs, repeats and years are taken out of it.
fn is_usual(password: &str) -> bool {
    let plain = zeroes_as_letters(&password.to_lowercase());
    // p@ssw0rd is as usual as password; in admin@2026 the sign only parts.
    let dressed: String = plain
        .chars()
        .map(|c| match c {
            '@' => 'a',
            '$' => 's',
            other => other,
        })
        .collect();
    [plain, dressed].iter().any(|text| own_part(text) < LEAST_OWN)
}

/// A 0 beside a letter as the o that it stands for.
fn zeroes_as_letters(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let letter = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(|c| c.is_alphabetic());
    let one = |(at, c): (usize, &char)| {
        let beside = letter(at.checked_sub(1)) || letter(Some(at + 1));
        if *c == '0' && beside { 'o' } else { *c }
    };
    chars.iter().enumerate().map(one).collect()
}

/// How many characters are nobody's habit.
fn own_part(text: &str) -> usize {
    let text = USUAL_WORDS.iter().fold(text.to_owned(), |text, word| text.replace(word, " "));
    text.split(|c: char| !c.is_alphanumeric())
        .map(|part| {
            let chars: Vec<char> = part.chars().collect();
            let mut usual = in_runs(&chars);
            for (at, four) in chars.windows(4).enumerate() {
                let century = matches!(four, ['1', '9', ..] | ['2', '0', ..]);
                if century && four.iter().all(char::is_ascii_digit) {
                    usual[at..at + 4].fill(true);
                }
            }
            usual.iter().filter(|usual| !**usual).count()
        })
        .sum()
}

/// Which characters of a stretch belong to a run of three or more that go up, go down or stay: all of 12345678, of cba,
/// of 8888.
fn in_runs(chars: &[char]) -> Vec<bool> {
    let step = |a: char, b: char| i64::from(u32::from(b)) - i64::from(u32::from(a));
    let mut in_run = vec![false; chars.len()];
    for (at, three) in chars.windows(3).enumerate() {
        let (one, two) = (step(three[0], three[1]), step(three[1], three[2]));
        if one == two && (-1..=1).contains(&one) {
            in_run[at..at + 3].fill(true);
        }
    }
    in_run
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(minute * 60, 0).expect("a moment")
    }

    #[test]
    fn the_fifth_failure_locks_and_the_lock_ends_by_itself() {
        let rules = LoginRules::default();
        let mut attempts = Attempts::default();
        for minute in 0..4 {
            attempts = attempts.failed(rules.failures_of_pair, rules.lock, at(minute));
            assert_eq!(attempts.locked(at(minute)), None);
        }
        attempts = attempts.failed(rules.failures_of_pair, rules.lock, at(4));
        assert_eq!(attempts.locked(at(5)), Some(at(19)));
        assert_eq!(attempts.locked(at(19)), None);
        assert_eq!(
            attempts.failed(rules.failures_of_pair, rules.lock, at(20)).count,
            1,
            "old failures are forgotten"
        );
    }

    #[test]
    fn a_password_is_refused_for_all_its_faults_at_once() {
        let check = |name: &str, password: &str| check_password(&LoginRules::default(), name, password);
        assert_eq!(check("zhang", "Qingshui-2026"), []);
        assert_eq!(
            check("zhang", "zhang1"),
            [
                PasswordFault::TooShort { at_least: 10 },
                PasswordFault::TooUniform,
                PasswordFault::ContainsName,
            ]
        );
        assert_eq!(check("zhang", "文明城市创建办公室用的-Ab"), []);
    }

    #[test]
    fn passwords_that_are_guessed_first_are_refused_however_they_are_dressed_up() {
        let usual = [
            "12345678",
            "1234567890aA!",
            "Qwer1234!@#$",
            "woaini1314",
            "Woaini5201314!",
            "Password@123",
            "P@ssw0rd2026",
            "Admin@123456",
            "Aa123456!!",
            "Abc@123456",
            "1qaz@WSX3edc",
            "Wenming@2026",
            "Chuangjian-2026",
            "Zhongguo888!",
            "Abcdefgh-123",
            "88888888-Aa",
            "Test2026!!!",
        ];
        for password in usual {
            assert!(
                check_password(&LoginRules::default(), "zhang", password).contains(&PasswordFault::TooUsual),
                "{password}"
            );
        }
        for password in ["Qingshui-2026", "9Kd-wp31xq", "Hegu.liushi8", "桂花-Kx81-下雨", "Lvse_jiayuan7"]
        {
            assert_eq!(check_password(&LoginRules::default(), "zhang", password), [], "{password}");
        }
    }
}
