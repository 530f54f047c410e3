use chengjing_domain::{
    id::{SessionId, UserId},
    ledger::{Subject, SubjectKind},
    people::{
        Via,
        policy::{Action, Resource},
    },
};
use chengjing_store::{ledger, people as store};
use serde_json::json;

use crate::{App, Caller, Refusal};

/// Ends one of one's own sessions.
pub async fn own(app: &App, caller: &Caller, id: SessionId) -> Result<(), Refusal> {
    caller.may(Action::SecureOwnAccount, Resource::System)?;
    let user = caller.actor.user;
    let subject = Subject::installed(SubjectKind::User, user.0);
    let act = caller.act_named("session.end", subject, json!({ "sessions": 1 }));
    let ended = app.store.write(move |tx| {
        let act = act.clone();
        async move {
            if !store::remove_session(&tx, user, id).await? {
                return Err(Refusal::NotFound);
            }
            ledger::record(&tx, act).await?;
            Ok(())
        }
    });
    ended.await?;
    app.sessions.clear();
    Ok(())
}

/// Ends all of one's own sessions but the one that asks, and says how many.
pub async fn others(app: &App, caller: &Caller) -> Result<u64, Refusal> {
    caller.may(Action::SecureOwnAccount, Resource::System)?;
    let keep = match caller.actor.via {
        Via::Session(id) => Some(id),
        Via::Program | Via::Token(_) => None,
    };
    end(app, caller, caller.actor.user, keep).await
}

/// Ends all sessions of a user, for who manages users, and says how many.
pub async fn of_user(app: &App, caller: &Caller, user: UserId) -> Result<u64, Refusal> {
    caller.may(Action::ManageUsers, Resource::System)?;
    let there = app.store.read(|q| async move { store::lookup_user(&q, user).await }).await?;
    there.ok_or(Refusal::NotFound)?;
    end(app, caller, user, None).await
}

async fn end(app: &App, caller: &Caller, user: UserId, keep: Option<SessionId>) -> Result<u64, Refusal> {
    let caller = caller.clone();
    let ended = app.store.write(move |tx| {
        let caller = caller.clone();
        async move {
            if store::list_sessions(&tx, user).await?.iter().all(|session| Some(session.id) == keep) {
                return Ok(0);
            }
            let ended = store::remove_sessions_of(&tx, user, keep).await?;
            let subject = Subject::installed(SubjectKind::User, user.0);
            let details = json!({ "sessions": ended });
            ledger::record(&tx, caller.act_named("session.end", subject, details)).await?;
            Ok::<_, Refusal>(ended)
        }
    });
    let ended = ended.await?;
    app.sessions.clear();
    Ok(ended)
}
