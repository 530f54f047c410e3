use chengjing_domain::{
    id::UserId,
    people::{
        Session, Via,
        policy::{Action, Resource},
    },
};
use chengjing_store::people as store;

use crate::{App, Caller, Refusal};

/// A session, and whether it is the one that asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionView {
    pub session: Session,
    pub own: bool,
}

/// One's own sessions that have not ended, the one used last first.
pub async fn own(app: &App, caller: &Caller) -> Result<Vec<SessionView>, Refusal> {
    caller.may(Action::SecureOwnAccount, Resource::System)?;
    list(app, caller, caller.actor.user).await
}

/// The sessions of a user, for who manages users.
pub async fn of_user(app: &App, caller: &Caller, user: UserId) -> Result<Vec<SessionView>, Refusal> {
    caller.may(Action::ManageUsers, Resource::System)?;
    let there = app.store.read(|q| async move { store::lookup_user(&q, user).await }).await?;
    there.ok_or(Refusal::NotFound)?;
    list(app, caller, user).await
}

async fn list(app: &App, caller: &Caller, user: UserId) -> Result<Vec<SessionView>, Refusal> {
    let (now, via) = (caller.now, caller.actor.via);
    let sessions = app.store.read(|q| async move { store::list_sessions(&q, user).await }).await?;
    Ok(sessions
        .into_iter()
        .filter(|session| app.login_rules.is_alive(session, now))
        .map(|session| SessionView { own: via == Via::Session(session.id), session })
        .collect())
}
