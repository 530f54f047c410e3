use chrono::{DateTime, TimeDelta, Utc};

use crate::id::UserId;

/// Where somebody gets mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    pub user: UserId,
    pub address: String,
    /// In which language they are written to.
    pub language: Language,
    /// None: nobody has shown yet that what is sent there arrives, so that nothing else is.
    pub verified_at: Option<DateTime<Utc>>,
    /// SHA-256 of what stands in the link that was sent there, and when that was.
    pub proof: Option<([u8; 32], DateTime<Utc>)>,
    pub version: i64,
}

impl Mailbox {
    /// A link proves that long; then another is asked for.
    pub const PROOF_HOURS: i64 = 24;
    /// A link is not sent more often: nobody can have us fill a stranger's mailbox.
    pub const PROOF_MINUTES_BETWEEN: i64 = 2;

    /// Whether a link that was sent proves the address still.
    pub fn is_provable(&self, now: DateTime<Utc>) -> bool {
        self.proof.is_some_and(|(_, at)| now - at < TimeDelta::hours(Self::PROOF_HOURS))
    }

    /// Whether another link may be sent.
    pub fn may_send_proof(&self, now: DateTime<Utc>) -> bool {
        let wait = TimeDelta::minutes(Self::PROOF_MINUTES_BETWEEN);
        self.proof.is_none_or(|(_, at)| now - at >= wait || now < at)
    }
}

/// A language in which people are written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    Chinese,
    English,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::Chinese, Self::English];

    pub fn code(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }
}

/// What is wrong with an address: the parts that mail servers differ in are left to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressFault {
    #[error("longer than {LONGEST_ADDRESS} bytes")]
    TooLong,
    #[error("not name@place.example")]
    NotAnAddress,
}

/// RFC 5321's path without its brackets.
pub const LONGEST_ADDRESS: usize = 254;

/// Reads an address as somebody typed it: blanks around it go. Plain ASCII in its common form, so that no header and no
/// command of the mail server can be smuggled in.
pub fn read_address(typed: &str) -> Result<String, AddressFault> {
    let address = typed.trim();
    if address.len() > LONGEST_ADDRESS {
        return Err(AddressFault::TooLong);
    }
    let (name, place) = address.rsplit_once('@').ok_or(AddressFault::NotAnAddress)?;
    let name_fits = !name.is_empty()
        && name.len() <= 64
        && !name.starts_with('.')
        && !name.ends_with('.')
        && !name.contains("..")
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c));
    let label_fits = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    // A mail server inside an office may have a name of one label.
    let place_fits = place.split('.').all(label_fits);
    if name_fits && place_fits { Ok(address.to_owned()) } else { Err(AddressFault::NotAnAddress) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_people_type_them_and_nothing_is_smuggled_in() {
        for (typed, expected) in [
            (" wang.fang@qingshui.gov.cn ", Some("wang.fang@qingshui.gov.cn")),
            ("a+b@relay", Some("a+b@relay")),
            ("wang@sub-domain.example", Some("wang@sub-domain.example")),
            ("", None),
            ("wang", None),
            ("@place.example", None),
            ("wang@", None),
            ("wang@a..b", None),
            (".wang@a.b", None),
            ("wa ng@a.b", None),
            ("a@b.c\r\nBcc: d@e.f", None),
            ("a@b.c>", None),
            ("\"a b\"@c.d", None),
            ("王芳@清水.中国", None),
            ("a@-b.c", None),
        ] {
            assert_eq!(read_address(typed).ok().as_deref(), expected, "{typed:?}");
        }
        let long = format!("{}@b.c", "a".repeat(65));
        assert_eq!(read_address(&long), Err(AddressFault::NotAnAddress));
        assert_eq!(read_address(&format!("a@{}", "b.".repeat(200))), Err(AddressFault::TooLong));
    }

    #[test]
    fn a_link_proves_for_a_day_and_is_not_sent_twice_in_a_moment() {
        let at = |minutes: i64| DateTime::from_timestamp(minutes * 60, 0).expect("a moment");
        let mailbox = Mailbox {
            user: UserId(uuid::Uuid::nil()),
            address: "a@b.c".into(),
            language: Language::Chinese,
            verified_at: None,
            proof: Some(([1; 32], at(100))),
            version: 1,
        };
        assert!(mailbox.is_provable(at(100 + 24 * 60 - 1)) && !mailbox.is_provable(at(100 + 24 * 60)));
        assert!(!mailbox.may_send_proof(at(101)) && mailbox.may_send_proof(at(102)));
        assert!(mailbox.may_send_proof(at(50)), "a clock that was set back holds nobody up");
    }
}
