//! The second factor: a code that a phone makes anew every half minute (TOTP, RFC 6238, with SHA-1, six digits and
//! thirty seconds, which every authenticator app knows), and ten recovery codes for the day on which the phone is lost.

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::id::UserId;

/// Seconds for which a code is shown.
const STEP: i64 = 30;
/// Recovery codes that are made at a time.
pub const RECOVERY_CODES: usize = 10;
/// RFC 4648: what authenticator apps take, and no letter that looks like a digit.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A user's second factor.
///
/// Its secret is stored nowhere: it follows from the installation's key, which lies outside of the database, and the
/// nonce. Who has the database or a backup of it can make no codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondFactor {
    pub user: UserId,
    pub nonce: [u8; 32],
    /// SHA-256 of each recovery code that has not been used.
    pub recovery: Vec<[u8; 32]>,
    pub made_at: DateTime<Utc>,
    /// Since when it is asked for at login; None until a code has shown that the phone has the secret.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// The time step of the last code that was taken: no code is taken twice, nor an older one after it.
    pub last_step: i64,
}

/// What proved the second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    Code { step: i64 },
    Recovery { hash: [u8; 32] },
}

impl SecondFactor {
    /// What the phone is given.
    pub fn secret(&self, installation_key: &[u8; 32]) -> Secret {
        let mut mac = Hmac::<Sha256>::new_from_slice(installation_key).expect("a key of any length is taken");
        for part in [b"second factor".as_slice(), self.user.0.as_bytes(), &self.nonce] {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        let mut secret = [0; 20];
        secret.copy_from_slice(&mac.finalize().into_bytes()[..20]);
        Secret(secret)
    }

    /// Whether what was typed proves it: the code of this half minute or of one beside it, or a recovery code.
    pub fn prove(&self, installation_key: &[u8; 32], typed: &str, now: DateTime<Utc>) -> Option<Proof> {
        let typed = plain(typed);
        let secret = self.secret(installation_key);
        let this = now.timestamp().div_euclid(STEP);
        let mut proof = None;
        // All are compared, so that the time taken does not tell how near a guess was.
        for step in [this - 1, this, this + 1] {
            if same(secret.code(step).as_bytes(), typed.as_bytes()) && step > self.last_step {
                proof = Some(Proof::Code { step });
            }
        }
        let hash = hash_of(&typed);
        for known in &self.recovery {
            if same(known, &hash) {
                proof = Some(Proof::Recovery { hash });
            }
        }
        proof
    }

    /// After that proof, which is good for nothing more.
    #[must_use]
    pub fn used(mut self, proof: Proof) -> Self {
        match proof {
            Proof::Code { step } => self.last_step = step,
            Proof::Recovery { hash } => self.recovery.retain(|known| *known != hash),
        }
        self
    }
}

/// What the phone and the server share.
pub struct Secret([u8; 20]);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

impl Secret {
    /// As one types it into a phone that can't scan.
    pub fn to_base32(&self) -> String {
        base32(&self.0)
    }

    /// What is drawn for a phone to scan; `account` is whose it is, `issuer` where it is asked for.
    pub fn to_uri(&self, issuer: &str, account: &str) -> String {
        let (issuer, account, secret) = (percent(issuer), percent(account), self.to_base32());
        format!("otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}&digits=6&period={STEP}")
    }

    /// The code of a time step: RFC 4226 with six digits.
    fn code(&self, step: i64) -> String {
        let mut mac = Hmac::<Sha1>::new_from_slice(&self.0).expect("a key of any length is taken");
        mac.update(&step.to_be_bytes());
        let bytes = mac.finalize().into_bytes();
        let at = usize::from(bytes[19] & 15);
        let four = [bytes[at] & 0x7f, bytes[at + 1], bytes[at + 2], bytes[at + 3]];
        format!("{:06}", u32::from_be_bytes(four) % 1_000_000)
    }

    /// What the phone shows at that moment.
    pub fn code_at(&self, now: DateTime<Utc>) -> String {
        self.code(now.timestamp().div_euclid(STEP))
    }
}

/// A recovery code of 80 random bits, as it is shown (`ABCD-EFGH-…`), and what is stored of it. That many bits need no
/// slow hash.
pub fn recovery_code(random: [u8; 10]) -> (String, [u8; 32]) {
    let code = base32(&random);
    let parts: Vec<&str> = [0, 4, 8, 12].into_iter().filter_map(|from| code.get(from..from + 4)).collect();
    (parts.join("-"), hash_of(&code))
}

/// Without the blanks and dashes that one reads it by.
fn plain(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

fn hash_of(code: &str) -> [u8; 32] {
    Sha256::digest(code.as_bytes()).into()
}

/// Compares without telling by the time taken where the first difference is.
fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

fn base32(bytes: &[u8]) -> String {
    let mut text = String::new();
    for five in bytes.chunks(5) {
        let mut block = [0; 8];
        block[3..3 + five.len()].copy_from_slice(five);
        let bits = u64::from_be_bytes(block);
        let letters = (five.len() * 8).div_ceil(5);
        text.extend((0..letters).map(|n| char::from(BASE32[usize::from((bits >> (35 - 5 * n)) as u8 & 31)])));
    }
    text
}

fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const KEY: [u8; 32] = [7; 32];

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).expect("a moment")
    }

    fn factor() -> SecondFactor {
        SecondFactor {
            user: UserId(Uuid::from_u128(1)),
            nonce: [3; 32],
            recovery: Vec::new(),
            made_at: at(0),
            confirmed_at: None,
            last_step: 0,
        }
    }

    #[test]
    fn codes_are_those_of_rfc_6238() {
        let secret = Secret(*b"12345678901234567890");
        for (second, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")]
        {
            assert_eq!(secret.code_at(at(second)), code);
        }
        assert_eq!(secret.to_base32(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!((base32(b"f"), base32(b"foob")), ("MY".into(), "MZXW6YQ".into()), "RFC 4648");
        assert_eq!(
            secret.to_uri("城镜", "wang fang"),
            "otpauth://totp/%E5%9F%8E%E9%95%9C:wang%20fang?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=%E5%9F%8E%E9%95%9C&digits=6&period=30"
        );
    }

    #[test]
    fn a_code_is_taken_once_and_only_about_its_time() {
        let code = factor().secret(&KEY).code_at(at(3000));
        for (second, fits) in [(2940, false), (2970, true), (3000, true), (3059, true), (3060, false)] {
            assert_eq!(factor().prove(&KEY, &code, at(second)).is_some(), fits, "{second}");
        }
        let proof = factor().prove(&KEY, &format!("{} {}", &code[..3], &code[3..]), at(3000)).expect("right");
        let used = factor().used(proof);
        assert_eq!(used.prove(&KEY, &code, at(3000)), None, "a replay");
        let before = factor().secret(&KEY).code_at(at(2970));
        assert_eq!(used.prove(&KEY, &before, at(3000)), None, "an older one after it");
        let next = factor().secret(&KEY).code_at(at(3030));
        assert_eq!(used.prove(&KEY, &next, at(3030)), Some(Proof::Code { step: 101 }));
    }

    #[test]
    fn a_secret_follows_from_key_user_and_nonce_together() {
        let text = |factor: &SecondFactor, key: &[u8; 32]| factor.secret(key).to_base32();
        let one = text(&factor(), &KEY);
        assert_eq!(one, text(&factor(), &KEY));
        assert_ne!(one, text(&factor(), &[8; 32]));
        assert_ne!(one, text(&SecondFactor { nonce: [4; 32], ..factor() }, &KEY));
        assert_ne!(one, text(&SecondFactor { user: UserId(Uuid::from_u128(2)), ..factor() }, &KEY));
    }

    #[test]
    fn a_recovery_code_is_taken_once_however_it_is_typed() {
        let ((one, first), (_, second)) = (recovery_code([1; 10]), recovery_code([2; 10]));
        assert_eq!(one.len(), 19);
        let factor = SecondFactor { recovery: vec![first, second], ..factor() };
        let typed = one.to_lowercase().replace('-', " ");
        let proof = factor.prove(&KEY, &typed, at(3000)).expect("right");
        assert_eq!(proof, Proof::Recovery { hash: first });
        let used = factor.used(proof);
        assert_eq!((used.prove(&KEY, &one, at(3000)), used.recovery.len()), (None, 1));
        for nothing in ["", "-", "000000", "ABCD"] {
            assert_eq!(used.prove(&KEY, nothing, at(3000)), None);
        }
    }
}
