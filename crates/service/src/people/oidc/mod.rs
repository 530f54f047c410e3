//! Login by the provider of the unit's unified login 统一认证 (OpenID Connect).
//!
//! It says who somebody is; what they may do stands here as ever (ADR 0008). The way there and back is a
//! [`Turn`](chengjing_domain::people::Turn), good for one time.

mod begin;
mod expect;
mod link;
mod log_in;
mod provider;

pub use begin::{Begun, begin_link, begin_log_in};
pub use expect::{expect, look_up_of_user, unlink_of_user};
pub use link::{link, look_up, unlink};
pub use log_in::log_in;
pub use provider::{Misconfigured, Provider, ProviderSettings};

use chengjing_domain::{
    id::{EntryId, UserId},
    ledger::{Act, Author, Subject, SubjectKind},
    people::{Errand, Turn},
};
use chengjing_store::people as store;
use serde_json::Value;

use super::attempts;
use crate::{App, Refusal};
use provider::Account;

/// Why somebody who went to the provider does not come in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OidcFault {
    #[error("the provider does not answer")]
    Unreachable,
    /// The provider itself said no, or the person did.
    #[error("the provider declined")]
    Declined,
    /// The way back was used before, is too old, or began in another browser.
    #[error("not the end of a way that began here")]
    Spent,
    /// What the provider sent proves nothing: another's audience, signature or nonce.
    #[error("the provider's token proves nothing")]
    Untrusted,
    /// The provider's clock and this server's differ by too much.
    #[error("the clocks differ")]
    Clock,
    /// Nobody here is known by that account, which calls itself so.
    #[error("the account is linked to nobody")]
    Unlinked { name: Option<String> },
    #[error("the user is disabled")]
    Disabled,
}

/// What a browser comes back with.
#[derive(Debug, Clone, Default)]
pub struct Return {
    /// What the browser kept.
    pub kept: Option<String>,
    pub state: String,
    /// What the provider gave; None where it declined.
    pub code: Option<String>,
}

/// The provider, where there is one.
fn provider(app: &App) -> Result<&Provider, Refusal> {
    app.oidc.as_deref().ok_or(Refusal::NotFound)
}

/// The way that ends here, where it began in this browser, on this errand.
async fn arrived(app: &App, back: &Return, errand: Errand) -> Result<Turn, Refusal> {
    let key = app.store.key().await?;
    let turn = key.zip(back.kept.as_deref()).and_then(|(key, kept)| Turn::open(kept, &key, app.now()));
    let own = turn.filter(|turn| turn.errand == errand && turn.state() == back.state);
    own.ok_or(Refusal::Oidc(OidcFault::Spent))
}

/// Which account came back, once: the way is used whatever comes of it.
async fn account(app: &App, back: &Return, turn: &Turn) -> Result<Account, Refusal> {
    let (mark, until) = (turn.mark(), turn.until);
    let spend = move |tx| async move { store::spend_turn(&tx, &mark, until).await };
    if !app.store.write_unrecorded("a way to the provider and back was used", spend).await? {
        return Err(OidcFault::Spent.into());
    }
    let code = back.code.as_deref().ok_or(OidcFault::Declined)?;
    Ok(provider(app)?.account(code, turn, app.now()).await?)
}

/// Failures of an address count as wrong passwords do. Who has proven to be somebody whom nobody here knows has not
/// guessed; nor is the provider's fault anybody's.
async fn counted<T>(app: &App, address: &str, result: Result<T, Refusal>) -> Result<T, Refusal> {
    if let Err(Refusal::Oidc(OidcFault::Spent | OidcFault::Untrusted)) = &result {
        attempts::count(app, &[of_address(app, address)]).await?;
    }
    result
}

fn of_address(app: &App, address: &str) -> (String, u32) {
    (format!("address:{address}"), app.login_rules.failures_of_address)
}

/// What the ledger is told of a link: never which account.
fn told(app: &App, by: UserId, user: UserId, action: &str, details: Value) -> Act {
    let now = app.now();
    Act {
        id: EntryId(app.ids.uuid(now)),
        at: now,
        author: Author::User(by),
        action: action.to_owned(),
        subject: Subject::installed(SubjectKind::OidcLink, user.0),
        details,
    }
}
