//! Signatures after the Standard Webhooks specification (symmetric, `v1`).

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::id::WebhookId;

/// What a webhook's receiver and this server share.
pub struct Secret([u8; 32]);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

impl Secret {
    pub(super) fn derive(installation_key: &[u8; 32], webhook: WebhookId, nonce: &[u8; 16]) -> Self {
        let mut mac = Hmac::<Sha256>::new_from_slice(installation_key).expect("a key of any length is taken");
        for part in [b"webhook".as_slice(), webhook.0.as_bytes(), nonce] {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        Self(mac.finalize().into_bytes().into())
    }

    /// As its receiver is given it.
    pub fn to_text(&self) -> String {
        format!("whsec_{}", STANDARD.encode(self.0))
    }

    fn sign(&self, id: &str, timestamp: i64, body: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("a key of any length is taken");
        mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

/// The header `webhook-signature`: one signature for each secret, parted by spaces.
pub fn sign(secrets: &[Secret], id: &str, timestamp: i64, body: &str) -> String {
    secrets.iter().map(|secret| secret.sign(id, timestamp, body)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_specifications_own_example_is_signed_as_it_says() {
        let bytes = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("base64");
        let mut mac = Hmac::<Sha256>::new_from_slice(&bytes).expect("a key of any length is taken");
        mac.update(b"msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{\"test\": 2432232314}");
        let expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())), expected);
        // And ours is made over the same words.
        let secret = Secret([7; 32]);
        let mut mac = Hmac::<Sha256>::new_from_slice(&[7; 32]).expect("a key of any length is taken");
        mac.update(b"msg_1.5.{}");
        let ours = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
        assert_eq!(sign(&[secret], "msg_1", 5, "{}"), ours);
        assert_eq!(sign(&[Secret([7; 32]), Secret([8; 32])], "msg_1", 5, "{}").split(' ').count(), 2);
    }
}
