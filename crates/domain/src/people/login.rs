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
    faults
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
                PasswordFault::ContainsName
            ]
        );
        assert_eq!(check("zhang", "文明城市创建办公室用的-Ab"), []);
    }
}
