//! A provider of unified login, as small as one can be: people are vouched for by the test instead of a login page.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::{get, post},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use ring::{
    rand::SystemRandom,
    rsa::PublicKeyComponents,
    signature::{Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::{net::TcpListener, task::JoinHandle};

pub const CLIENT: &str = "chengjing";
pub const SECRET: &str = "only the two of them";

/// With what a token is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Signer {
    Rsa,
    Ed(u8),
}

/// Of nobody: made for these tests.
const RSA: &str = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQCg1sD91Ct1kjIA6Df63M8/SfvKTrnxYKKSNAvrQYFxZTSvXo8O\
    93vij7pn1IbOA0mfSpelp1EbQNYqPEPAyRZQkMNya86ByGVnA+qtfaoxDUgONf5JfWvKmmwfWtg9XBuS8ynV4Klmprzy1SOCWJxF\
    8r+Gbq/S4TQaOJRaOrRu89Z9N6BYOIQ4BpvI3Ht7Fit1065MiINeTL4eKyXSlO23szsv4+AhmL2hKS7EVrk0KbEDRKCKkS5bGkWs\
    kKD5h006q3MDHpk55wrcn2IZ3wck1BgVx+TCUxSKAZyO8tveVduruPWro4JUKSKOy2RZeEZfeLDGUoUsPorcg8xdKX/HAgMBAAEC\
    ggEAIbYxmGJmw4tjiLYjuaSbmeffaz2KEtJO8PcQwnwl7gco/lMDCD+OS2QVzZqJsNeWkFk5pOKHiP9ThGHCT7+2OifFl4+KJsDC\
    pE95WmjbCdH/Vt8xT+UGeV5ZqE7JwT6zlt7511byGs57DyjmevUouC6Tv1Em8Dv8yDwwuCLS2+hRiBiJI9+u/RT3FALIucJICkrx\
    GrjurqwiYPqwZQsYoOSuz6AWB29qcolqiu4kAJofWx5WFF55hPpHkIna9WerhjMgqc7KSubAI7SNClpWoCN088uGNC0a+mXHwtUC\
    cpbPJNMvcrkSpo1iKdr/IcZQu5H/UlSDFfDT7zcED5ycFQKBgQDfh7XDIFjjYrUbJxI0qeGQOnxHPJEO2Sxe1iEQVn93mrCoQk/w\
    mDDZZxpq4piNQMTell09J0oDnjoBVFwrZ6uizJtwXpM8YBPmnunhhz9GREzIf1hnYFvYfPl5NASJxQximSdZXBvYL5v7oSsw3Yiq\
    p/eBsHPDUBf2qE6y5OcpOwKBgQC4M8eifLEpJ3gFZhJ164xLdPwAe++2pk2Eotgovb2Fnnsvd/4wTrOylIDIGxfcakFGD23T/rIm\
    1/orv28SL5XkX4hW3LmUTNbIw8RXdAGt4KqzKr67a3bwLCP8xCqFSDMWEFEkVKn1Rf5wb3QulkUyN8QSgBK+y454ZcNDQnr65QKB\
    gQCtZGMtUmlBMW9U+bDYozKyo3uF8sh/IR2XDzkkqERGbfs8+ftyoUu7SIwof09guu47z53R8ykpt1I9d8frb4anSVoGB4bk3Y5y\
    ZbD83eHKSu7Y1FeqEQgN3ZvTVfNzPyQFU9I/MgDzaLLxtSqAxEfgQVzwAAU8a2O7VQF/KarawwKBgEuhzx1zb1aDgy9MStYqIg+1\
    d+dG/BUV0YxdRL3tskyT1uaVsUPqfLQdb4c6QKDa6/Q1T5YU5Nc4JNsjnhpseXIsm5F2zagLqMEESLDTzAC118D7ExdnN43Dwf7+\
    GKtjCr7LclWlgadY1vEZgi3Cu6Sz6wjhl1DJybS7q+IJAO/VAoGAS7Wip2uP+hEVJAezOFdS1Fg0hKxoCzq4ZYmMTmmCDkp0j8GM\
    RJSO8PqrqSp0CO4o1Z0mcEzkJ/NRcvB0WrCnWt3vIXDy6fLNw1SBNjE7VE0gp3jqNndtm7dvPeifg6gWgNM28a6boMPj+LNLbCRW\
    LzFoyPyRs//cImmJdzWJVr8=";

impl Signer {
    fn kid(self) -> String {
        format!("{self:?}")
    }

    fn rsa() -> RsaKeyPair {
        RsaKeyPair::from_pkcs8(&STANDARD.decode(RSA).expect("base64")).expect("a key")
    }

    fn ed(seed: u8) -> Ed25519KeyPair {
        Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).expect("a key")
    }

    fn jwk(self) -> Value {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match self {
            Self::Rsa => {
                let PublicKeyComponents { n, e } = PublicKeyComponents::<Vec<u8>>::from(Self::rsa().public());
                json!({ "kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.kid(), "n": text(&n), "e": text(&e) })
            }
            Self::Ed(seed) => {
                let x = text(Self::ed(seed).public_key().as_ref());
                json!({ "kty": "OKP", "use": "sig", "crv": "Ed25519", "kid": self.kid(), "x": x })
            }
        }
    }

    /// A token with these claims.
    pub fn sign(self, claims: &Value) -> String {
        let alg = if self == Self::Rsa { "RS256" } else { "EdDSA" };
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&json!({ "alg": alg, "kid": self.kid() })), part(claims));
        let signature = match self {
            Self::Rsa => {
                let pair = Self::rsa();
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature)
                    .expect("signed");
                signature
            }
            Self::Ed(seed) => Self::ed(seed).sign(signed.as_bytes()).as_ref().to_vec(),
        };
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

#[derive(Default)]
struct Inner {
    /// What each code is good for: the token, and the challenge of who went for it.
    codes: HashMap<String, (Option<String>, String)>,
    published: HashSet<Signer>,
    described: usize,
    next: usize,
}

#[derive(Clone)]
pub struct Provider {
    pub issuer: String,
    now: i64,
    inner: Arc<Mutex<Inner>>,
    serving: Arc<Mutex<Option<JoinHandle<()>>>>,
}

impl Provider {
    pub async fn start(now: i64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let issuer = format!("http://{}", listener.local_addr().expect("an address"));
        let inner = Inner { published: HashSet::from([Signer::Ed(1)]), ..Inner::default() };
        let own = Self { issuer, now, inner: Arc::new(Mutex::new(inner)), serving: Arc::default() };
        own.serve(listener);
        own
    }

    fn serve(&self, listener: TcpListener) {
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(describe))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .with_state(self.clone());
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.expect("it serves") });
        *self.serving.lock().expect("a lock") = Some(serving);
    }

    /// Nobody answers any more.
    pub async fn stop(&self) {
        let serving = self.serving.lock().expect("a lock").take();
        if let Some(serving) = serving {
            serving.abort();
            serving.await.ok();
        }
    }

    /// It answers again where it did.
    pub async fn start_again(&self) {
        let address = self.issuer.trim_start_matches("http://").to_owned();
        self.serve(TcpListener::bind(address).await.expect("its port"));
    }

    fn inner(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().expect("a lock")
    }

    pub fn publish(&self, signers: &[Signer]) {
        self.inner().published = signers.iter().copied().collect();
    }

    /// How often it was asked what it is.
    pub fn described(&self) -> usize {
        self.inner().described
    }

    /// Somebody was sent here with that address and is who they say: what their browser goes back with.
    pub fn vouch(&self, address: &str, subject: &str, name: &str) -> Value {
        self.vouch_with(address, Signer::Ed(1), |claims| {
            claims["sub"] = subject.into();
            claims["preferred_username"] = name.into();
            Some(())
        })
    }

    /// As [`Provider::vouch`], with a token that the test has had its hands on; None: there is none.
    pub fn vouch_with(
        &self,
        address: &str,
        signer: Signer,
        change: impl FnOnce(&mut Value) -> Option<()>,
    ) -> Value {
        assert!(address.starts_with(&self.issuer), "{address}");
        let asked = pairs(address.split_once('?').expect("a question").1);
        assert_eq!((asked["client_id"].as_str(), asked["response_type"].as_str()), (CLIENT, "code"));
        assert_eq!(
            (asked["code_challenge_method"].as_str(), asked["scope"].as_str()),
            ("S256", "openid+profile")
        );
        let mut claims = json!({
            "iss": self.issuer, "sub": "1001", "aud": CLIENT, "iat": self.now, "exp": self.now + 300,
            "nonce": asked["nonce"],
        });
        let token = change(&mut claims).map(|()| signer.sign(&claims));
        let mut inner = self.inner();
        inner.next += 1;
        let code = format!("code-{}", inner.next);
        inner.codes.insert(code.clone(), (token, asked["code_challenge"].clone()));
        json!({ "state": asked["state"], "code": code })
    }
}

/// Of a query or a form; nothing in it that matters is encoded.
fn pairs(text: &str) -> HashMap<String, String> {
    text.split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(k, v)| (k.to_owned(), v.to_owned()))
        .collect()
}

async fn describe(State(own): State<Provider>) -> Json<Value> {
    own.inner().described += 1;
    let at = |path: &str| format!("{}{path}", own.issuer);
    Json(json!({
        "issuer": own.issuer,
        "authorization_endpoint": at("/authorize"),
        "token_endpoint": at("/token"),
        "jwks_uri": at("/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "EdDSA"],
    }))
}

async fn keys(State(own): State<Provider>) -> Json<Value> {
    let keys: Vec<Value> = own.inner().published.iter().map(|signer| signer.jwk()).collect();
    Json(json!({ "keys": keys }))
}

async fn token(State(own): State<Provider>, headers: HeaderMap, form: String) -> (StatusCode, Json<Value>) {
    let refused = |why: &str| (StatusCode::BAD_REQUEST, Json(json!({ "error": why })));
    let known = STANDARD.encode(format!("{CLIENT}:{}", SECRET.replace(' ', "+")));
    if headers.get("authorization").and_then(|v| v.to_str().ok()) != Some(&format!("Basic {known}")) {
        return refused("invalid_client");
    }
    let form = pairs(&form);
    let found = form.get("code").and_then(|code| own.inner().codes.remove(code));
    let Some((token, challenge)) = found else { return refused("invalid_grant") };
    let verifier = form.get("code_verifier").map(String::as_str).unwrap_or_default();
    let proven = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
    if proven != challenge || form.get("grant_type").map(String::as_str) != Some("authorization_code") {
        return refused("invalid_grant");
    }
    let mut answer =
        json!({ "access_token": "good for nothing here", "token_type": "Bearer", "expires_in": 300 });
    if let Some(token) = token {
        answer["id_token"] = token.into();
    }
    (StatusCode::OK, Json(answer))
}
