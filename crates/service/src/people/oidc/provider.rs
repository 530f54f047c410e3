//! What is spoken with the provider, and what of its answers is believed.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use chengjing_domain::people::Turn;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::BoxFuture;
use openidconnect::{
    AdditionalClaims, AsyncHttpClient, AuthType, AuthenticationFlow, AuthorizationCode,
    ClaimsVerificationError, Client, ClientId, ClientSecret, CsrfToken, EmptyExtraTokenFields,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, IdTokenFields, IssuerUrl,
    Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope,
    SignatureVerificationError, StandardErrorResponse, StandardTokenResponse, TokenResponse,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreClientAuthMethod, CoreErrorResponseType, CoreGenderClaim,
        CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm as Alg,
        CoreProviderMetadata, CoreResponseType, CoreRevocableToken, CoreRevocationErrorResponse,
        CoreTokenIntrospectionResponse, CoreTokenType,
    },
    http,
};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use super::OidcFault;

/// To be connected.
const CONNECT: Duration = Duration::from_secs(5);
/// For one request; what asks for two has twice that.
const PATIENCE: Duration = Duration::from_secs(8);
/// So much of an answer is read; a provider's are some kilobytes.
const MOST_ANSWER: usize = 1 << 20;
/// What the provider says of itself, its keys above all, is asked for anew after that.
const DESCRIPTION_LASTS: TimeDelta = TimeDelta::hours(1);
/// Two clocks may differ by that much.
const SLACK: TimeDelta = TimeDelta::minutes(2);
/// Signatures that anybody can check and the provider alone can make.
const ALGORITHMS: [Alg; 9] = [
    Alg::RsaSsaPkcs1V15Sha256,
    Alg::RsaSsaPkcs1V15Sha384,
    Alg::RsaSsaPkcs1V15Sha512,
    Alg::RsaSsaPssSha256,
    Alg::RsaSsaPssSha384,
    Alg::RsaSsaPssSha512,
    Alg::EcdsaP256Sha256,
    Alg::EcdsaP384Sha384,
    Alg::EdDsa,
];

/// How the provider is reached and what this server is to it.
#[derive(Clone)]
#[expect(missing_debug_implementations, reason = "the secret is one")]
pub struct ProviderSettings {
    /// Exactly as the provider names itself.
    pub issuer: String,
    pub client_id: String,
    pub client_secret: Option<String>,
    /// Where people reach this server.
    pub site: String,
    /// The claim by which people are expected: `preferred_username` unless the provider calls it otherwise.
    pub name_claim: String,
}

/// What is wrong with the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Misconfigured {
    #[error("the provider's issuer must be an https URL (http only on this machine)")]
    Issuer,
    #[error("the site must be a URL such as https://chengjing.example.gov.cn")]
    Site,
    #[error("the client's id must not be empty")]
    ClientId,
    #[error("no HTTP client could be made")]
    Client,
}

/// Whatever else the provider says of an account.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
struct Further {
    #[serde(flatten)]
    all: HashMap<String, serde_json::Value>,
}

impl AdditionalClaims for Further {}

type Fields =
    IdTokenFields<Further, EmptyExtraTokenFields, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, Alg>;
type Tokens = StandardTokenResponse<Fields, CoreTokenType>;
type Speaker = Client<
    Further,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Tokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// An account at the provider, as its token proves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) subject: String,
    /// What it is called there, for who is expected under a name.
    pub(super) name: Option<String>,
}

/// The provider. Nothing is asked of it before somebody wants to log in, and nobody waits for it longer than some seconds.
#[expect(missing_debug_implementations, reason = "it holds a secret")]
pub struct Provider {
    issuer: IssuerUrl,
    client_id: ClientId,
    client_secret: Option<ClientSecret>,
    redirect: RedirectUrl,
    name_claim: String,
    http: Fetcher,
    /// What it said of itself, and when.
    known: Mutex<Option<(CoreProviderMetadata, DateTime<Utc>)>>,
    /// How often it was asked in vain: who waited while another asked does not ask again.
    in_vain: AtomicU64,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
enum Unfetched {
    #[error("the request failed")]
    Http(#[from] reqwest::Error),
    #[error("not over TLS")]
    Plain,
    #[error("the answer is too long")]
    TooLong,
    #[error("the answer is not HTTP")]
    NotHttp(#[from] http::Error),
}

impl Provider {
    /// Checks the settings; asks the provider nothing.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn new(settings: ProviderSettings) -> Result<Self, Misconfigured> {
        let ProviderSettings { issuer, client_id, client_secret, site, name_claim } = settings;
        let issuer = IssuerUrl::new(issuer).map_err(|_| Misconfigured::Issuer)?;
        if !is_safe(issuer.url().scheme(), issuer.url().host_str()) {
            return Err(Misconfigured::Issuer);
        }
        if client_id.trim().is_empty() {
            return Err(Misconfigured::ClientId);
        }
        let back = format!("{}/login/oidc", site.trim_end_matches('/'));
        let redirect = RedirectUrl::new(back).map_err(|_| Misconfigured::Site)?;
        if !matches!(redirect.url().scheme(), "http" | "https") {
            return Err(Misconfigured::Site);
        }
        // Whoever was first has chosen the same.
        rustls::crypto::ring::default_provider().install_default().ok();
        let http = reqwest::Client::builder()
            // A provider that sends its clients elsewhere could send them anywhere.
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT)
            .timeout(PATIENCE)
            .user_agent("Chengjing")
            .build()
            .map_err(|_| Misconfigured::Client)?;
        Ok(Self {
            issuer,
            client_id: ClientId::new(client_id),
            client_secret: client_secret.map(ClientSecret::new),
            redirect,
            name_claim,
            http: Fetcher(http),
            known: Mutex::default(),
            in_vain: AtomicU64::new(0),
        })
    }

    /// As it names itself.
    pub(super) fn issuer(&self) -> &str {
        self.issuer.as_str()
    }

    /// Where a browser is sent for that turn.
    pub(super) async fn address(&self, turn: &Turn, now: DateTime<Utc>) -> Result<String, OidcFault> {
        let speaker = self.speaker(&self.description(now, false).await?);
        let (state, nonce) = (turn.state(), turn.nonce());
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(turn.verifier()));
        let (url, ..) = speaker
            .authorize_url(
                AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
                move || CsrfToken::new(state),
                move || Nonce::new(nonce),
            )
            .add_scope(Scope::new("profile".into()))
            .set_pkce_challenge(challenge)
            .url();
        Ok(url.into())
    }

    /// Whose code that is: fetches the token and believes it only where everything is right.
    pub(super) async fn account(
        &self,
        code: &str,
        turn: &Turn,
        now: DateTime<Utc>,
    ) -> Result<Account, OidcFault> {
        let description = self.description(now, false).await?;
        let speaker = self.speaker(&description);
        let request = speaker
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|error| untrusted("it names no token endpoint", &error))?
            .set_pkce_verifier(PkceCodeVerifier::new(turn.verifier()));
        let tokens = request.request_async(&self.http).await.map_err(|error| match error {
            RequestTokenError::Request(error) => unreachable(&error),
            // The code is not its own, too old, or was used before; or this server is not the client that it says.
            RequestTokenError::ServerResponse(said) => {
                tracing::warn!(error = %said.error(), "the provider gave no token for a code");
                OidcFault::Declined
            }
            other => untrusted("its answer for a code is none", &other),
        })?;
        match self.believed(&tokens, &speaker, turn, now) {
            // Its keys may have changed since it was asked for them.
            Err(ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::NoMatchingKey,
            )) => {
                let speaker = self.speaker(&self.description(now, true).await?);
                self.believed(&tokens, &speaker, turn, now)
            }
            settled => settled,
        }
        .map_err(|error| match error {
            ClaimsVerificationError::Expired(_) => {
                tracing::warn!(%error, "the provider's clock and this server's differ");
                OidcFault::Clock
            }
            other => untrusted("its token is not right", &other),
        })
    }

    fn believed(
        &self,
        tokens: &Tokens,
        speaker: &Speaker,
        turn: &Turn,
        now: DateTime<Utc>,
    ) -> Result<Account, ClaimsVerificationError> {
        let token = tokens
            .id_token()
            .ok_or_else(|| ClaimsVerificationError::Other("there is no ID token".to_owned()))?;
        let verifier = speaker
            .id_token_verifier()
            .set_allowed_algs(ALGORITHMS)
            .set_time_fn(move || now - SLACK)
            .set_issue_time_verifier_fn(move |issued| {
                let early = issued > now + SLACK;
                if early { Err(format!("issued at {issued}, which is still to come")) } else { Ok(()) }
            });
        let claims = token.claims(&verifier, &Nonce::new(turn.nonce()))?;
        let name = match self.name_claim.as_str() {
            "preferred_username" => claims.preferred_username().map(|name| name.as_str().to_owned()),
            // Whoever can write any address into their profile must not become its owner here.
            "email" => {
                let own = claims.email().filter(|_| claims.email_verified() == Some(true));
                own.map(|email| email.as_str().to_owned())
            }
            claim => claims.additional_claims().all.get(claim).and_then(|v| v.as_str()).map(str::to_owned),
        };
        let name = name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
        Ok(Account { subject: claims.subject().as_str().to_owned(), name })
    }

    fn speaker(&self, description: &CoreProviderMetadata) -> Speaker {
        let methods = description.token_endpoint_auth_methods_supported();
        let only_in_body = methods.is_some_and(|methods| {
            methods.contains(&CoreClientAuthMethod::ClientSecretPost)
                && !methods.contains(&CoreClientAuthMethod::ClientSecretBasic)
        });
        let auth = if only_in_body { AuthType::RequestBody } else { AuthType::BasicAuth };
        Client::from_provider_metadata(
            description.clone(),
            self.client_id.clone(),
            self.client_secret.clone(),
        )
        .set_redirect_uri(self.redirect.clone())
        .set_auth_type(auth)
    }

    /// What it says of itself, with its keys. `anew`: what is known is not good enough.
    async fn description(&self, now: DateTime<Utc>, anew: bool) -> Result<CoreProviderMetadata, OidcFault> {
        let before = self.in_vain.load(Ordering::Acquire);
        let mut known = self.known.lock().await;
        if let Some((description, at)) = &*known
            && !anew
            && now - *at < DESCRIPTION_LASTS
        {
            return Ok(description.clone());
        }
        if self.in_vain.load(Ordering::Acquire) != before {
            return Err(OidcFault::Unreachable);
        }
        match CoreProviderMetadata::discover_async(self.issuer.clone(), &self.http).await {
            Ok(description) => {
                *known = Some((description.clone(), now));
                Ok(description)
            }
            Err(error) => {
                self.in_vain.fetch_add(1, Ordering::Release);
                Err(unreachable(&error))
            }
        }
    }
}

/// Our one HTTP client, as the crate asks for one.
struct Fetcher(reqwest::Client);

impl<'c> AsyncHttpClient<'c> for Fetcher {
    type Error = Unfetched;
    type Future = BoxFuture<'c, Result<HttpResponse, Unfetched>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(fetch(&self.0, request))
    }
}

async fn fetch(client: &reqwest::Client, request: HttpRequest) -> Result<HttpResponse, Unfetched> {
    let request = reqwest::Request::try_from(request)?;
    if !is_safe(request.url().scheme(), request.url().host_str()) {
        return Err(Unfetched::Plain);
    }
    let mut answer = client.execute(request).await?;
    let mut response = http::Response::builder().status(answer.status());
    for (name, value) in answer.headers() {
        response = response.header(name, value);
    }
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        if body.len() + chunk.len() > MOST_ANSWER {
            return Err(Unfetched::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(response.body(body)?)
}

/// Over TLS; without it only where nobody can stand between.
fn is_safe(scheme: &str, host: Option<&str>) -> bool {
    let host = host.unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    let here = host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback());
    scheme == "https" || (scheme == "http" && here)
}

fn unreachable(error: &(dyn std::error::Error + 'static)) -> OidcFault {
    tracing::warn!(error = chain(error), "the provider of the unified login can't be asked");
    OidcFault::Unreachable
}

fn untrusted(what: &str, error: &(dyn std::error::Error + 'static)) -> OidcFault {
    tracing::warn!(error = chain(error), what, "the provider of the unified login is not believed");
    OidcFault::Untrusted
}

fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut chain = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        chain.push_str(": ");
        chain.push_str(&cause.to_string());
        source = cause.source();
    }
    chain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_without_tls_is_taken_only_on_this_machine() {
        let with = |issuer: &str| {
            let settings = ProviderSettings {
                issuer: issuer.into(),
                client_id: "chengjing".into(),
                client_secret: None,
                site: "https://chengjing.example.gov.cn/".into(),
                name_claim: "preferred_username".into(),
            };
            Provider::new(settings).map(|provider| provider.redirect.as_str().to_owned())
        };
        assert_eq!(
            with("https://login.example.gov.cn").as_deref(),
            Ok("https://chengjing.example.gov.cn/login/oidc")
        );
        for here in ["http://127.0.0.1:4000", "http://localhost:4000/realms/a", "http://[::1]:4000"] {
            assert!(with(here).is_ok(), "{here}");
        }
        for there in
            ["http://login.example.gov.cn", "http://10.0.0.1", "ftp://localhost", "login.example.gov.cn"]
        {
            assert_eq!(with(there), Err(Misconfigured::Issuer), "{there}");
        }
    }
}
