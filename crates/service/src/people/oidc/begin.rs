use chengjing_domain::people::{
    Errand, Turn,
    policy::{Action, Resource},
};

use super::{of_address, provider};
use crate::{
    App, Caller, Refusal,
    people::{attempts, password},
};

/// Where the browser is sent, and what it keeps meanwhile.
#[expect(missing_debug_implementations, reason = "what the browser keeps is a secret")]
pub struct Begun {
    pub url: String,
    pub kept: String,
}

/// Sends somebody to the provider to log in.
pub async fn begin_log_in(app: &App, address: &str) -> Result<Begun, Refusal> {
    attempts::must_not_be_locked(app, &[of_address(app, address)]).await?;
    begin(app, Errand::LogIn).await
}

/// Sends somebody who is logged in, and says so with their password, to the provider to link their account there.
pub async fn begin_link(app: &App, caller: &Caller, typed: &str) -> Result<Begun, Refusal> {
    caller.may(Action::SecureOwnAccount, Resource::System)?;
    provider(app)?;
    password::must_be_own(app, caller, "password", typed).await?;
    begin(app, Errand::Link(caller.actor.user)).await
}

async fn begin(app: &App, errand: Errand) -> Result<Begun, Refusal> {
    let provider = provider(app)?;
    let turn = Turn::begin(app.ids.secret(), errand, app.now());
    let url = provider.address(&turn, app.now()).await?;
    let key = app.store.key_or(app.ids.secret()).await?;
    Ok(Begun { url, kept: turn.sealed(&key) })
}
