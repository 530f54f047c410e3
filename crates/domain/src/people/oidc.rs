//! Login by an OpenID Connect provider 统一认证: whose account there is whose user here, and the way there and back.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::id::UserId;

/// By which account at which provider a user comes in. It gives no rights: those are the user's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OidcLink {
    pub user: UserId,
    /// The provider: an account is one's own only there.
    pub issuer: String,
    pub state: OidcState,
    pub version: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OidcState {
    /// The administrator says under which name they will come; with the first time they are linked.
    Expected { name: String },
    /// The provider's own word for the account, which it never gives to another.
    Linked { subject: String, at: DateTime<Utc> },
}

impl OidcLink {
    /// After the account has come for the first time.
    #[must_use]
    pub fn linked(self, subject: &str, at: DateTime<Utc>) -> Self {
        Self { state: OidcState::Linked { subject: subject.to_owned(), at }, ..self }
    }
}

/// What somebody went to the provider for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Errand {
    LogIn,
    /// To link an account to this user, who is logged in.
    Link(UserId),
}

/// One way to the provider and back. All that is checked on the return follows from a secret that the browser keeps in a
/// cookie, sealed with the installation's key: no server has to remember it, and it is of no use in another browser.
#[derive(Clone, PartialEq, Eq)]
pub struct Turn {
    secret: [u8; 32],
    pub errand: Errand,
    pub until: DateTime<Utc>,
}

impl std::fmt::Debug for Turn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Turn")
            .field("errand", &self.errand)
            .field("until", &self.until)
            .finish_non_exhaustive()
    }
}

impl Turn {
    /// Long enough to find the phone on which the provider's code arrives.
    pub const LASTS: TimeDelta = TimeDelta::minutes(10);

    pub fn begin(secret: [u8; 32], errand: Errand, now: DateTime<Utc>) -> Self {
        let until = DateTime::from_timestamp((now + Self::LASTS).timestamp(), 0).unwrap_or(now);
        Self { secret, errand, until }
    }

    /// What comes back in the address: whoever knows it does not know the secret.
    pub fn state(&self) -> String {
        self.derived("state")
    }

    /// What stands in the provider's token, so that one made for another turn is not taken.
    pub fn nonce(&self) -> String {
        self.derived("nonce")
    }

    /// What proves to the provider that who fetches the token is who went for it (RFC 7636).
    pub fn verifier(&self) -> String {
        self.derived("verifier")
    }

    /// By which it is known that a turn was used.
    pub fn mark(&self) -> [u8; 32] {
        mac(&self.secret, &[b"mark"])
    }

    fn derived(&self, what: &str) -> String {
        URL_SAFE_NO_PAD.encode(mac(&self.secret, &[what.as_bytes()]))
    }

    /// As the browser keeps it.
    pub fn sealed(&self, key: &[u8; 32]) -> String {
        let mut bytes = self.secret.to_vec();
        bytes.extend(self.until.timestamp().to_be_bytes());
        if let Errand::Link(user) = self.errand {
            bytes.extend(user.0.as_bytes());
        }
        let seal = seal(key, &bytes);
        format!("{}.{}", URL_SAFE_NO_PAD.encode(&bytes), URL_SAFE_NO_PAD.encode(seal))
    }

    /// What the browser kept; None where it was not sealed here, or is too old.
    pub fn open(text: &str, key: &[u8; 32], now: DateTime<Utc>) -> Option<Self> {
        let (bytes, mark) = text.split_once('.')?;
        let bytes = URL_SAFE_NO_PAD.decode(bytes).ok()?;
        let mark = URL_SAFE_NO_PAD.decode(mark).ok()?;
        sealing(key, &bytes).verify_slice(&mark).ok()?;
        let (secret, rest) = bytes.split_first_chunk::<32>()?;
        let (until, user) = rest.split_first_chunk::<8>()?;
        let errand = match user {
            [] => Errand::LogIn,
            user => Errand::Link(UserId(uuid::Uuid::from_slice(user).ok()?)),
        };
        let until = DateTime::from_timestamp(i64::from_be_bytes(*until), 0)?;
        (until > now).then_some(Self { secret: *secret, errand, until })
    }
}

fn seal(key: &[u8; 32], bytes: &[u8]) -> [u8; 32] {
    sealing(key, bytes).finalize().into_bytes().into()
}

fn sealing(key: &[u8; 32], bytes: &[u8]) -> Hmac<Sha256> {
    mac_of(key, &[b"oidc turn", bytes])
}

fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    mac_of(key, parts).finalize().into_bytes().into()
}

fn mac_of(key: &[u8; 32], parts: &[&[u8]]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length is taken");
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).expect("a moment")
    }

    #[test]
    fn a_turn_ends_by_itself_and_works_with_no_other_installations_key() {
        let turn = Turn::begin([7; 32], Errand::LogIn, at(0));
        let sealed = turn.sealed(&[1; 32]);
        assert_eq!(Turn::open(&sealed, &[1; 32], at(599)), Some(turn));
        assert_eq!(Turn::open(&sealed, &[1; 32], at(600)), None);
        assert_eq!(Turn::open(&sealed, &[2; 32], at(1)), None);
        for nonsense in ["", ".", "a.b", "AAAA.AAAA"] {
            assert_eq!(Turn::open(nonsense, &[1; 32], at(1)), None);
        }
    }

    #[test]
    fn what_is_shown_to_others_is_different_each_and_tells_nothing_of_the_secret() {
        let turn = Turn::begin([7; 32], Errand::LogIn, at(0));
        let shown = [turn.state(), turn.nonce(), turn.verifier()];
        assert!(shown.iter().all(|text| text.len() == 43), "as long as RFC 7636 asks of a verifier");
        assert!(shown[0] != shown[1] && shown[1] != shown[2] && shown[0] != shown[2]);
        assert!(!format!("{turn:?}").contains("secret"));
        assert_ne!(turn.state(), Turn::begin([8; 32], Errand::LogIn, at(0)).state());
    }

    proptest! {
        #[test]
        fn whatever_is_changed_of_a_sealed_turn_it_is_not_opened(
            secret: [u8; 32], user: Option<u128>, place in 0usize..200, to in "[A-Za-z0-9_.-]"
        ) {
            let errand = user.map_or(Errand::LogIn, |user| Errand::Link(UserId(Uuid::from_u128(user))));
            let turn = Turn::begin(secret, errand, at(5));
            let sealed = turn.sealed(&[3; 32]);
            prop_assert_eq!(Turn::open(&sealed, &[3; 32], at(6)), Some(turn.clone()));
            let place = place % sealed.len();
            let mut other = sealed.clone();
            other.replace_range(place..=place, &to);
            let opened = Turn::open(&other, &[3; 32], at(6));
            prop_assert!(other == sealed || opened.is_none());
        }
    }
}
