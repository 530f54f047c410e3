use chengjing_domain::{
    id::UserId,
    ledger::{Subject, SubjectKind},
    people::policy::{Action, Resource},
};
use chengjing_store::{ledger, people as store};
use serde_json::json;

use crate::{App, Caller, Refusal, people::password};

/// Turns one's own second factor off.
pub async fn own(app: &App, caller: &Caller, typed: &str) -> Result<(), Refusal> {
    caller.may(Action::SecureOwnAccount, Resource::System)?;
    password::must_be_own(app, caller, "password", typed).await?;
    remove(app, caller, caller.actor.user).await
}

/// Turns a user's second factor off, for who manages users: the phone and the recovery codes are lost.
pub async fn of_user(app: &App, caller: &Caller, user: UserId) -> Result<(), Refusal> {
    caller.may(Action::ManageUsers, Resource::System)?;
    let there = app.store.read(|q| async move { store::lookup_user(&q, user).await }).await?;
    there.ok_or(Refusal::NotFound)?;
    remove(app, caller, user).await
}

async fn remove(app: &App, caller: &Caller, user: UserId) -> Result<(), Refusal> {
    let subject = Subject::installed(SubjectKind::SecondFactor, user.0);
    let act = caller.act_named("second_factor.remove", subject, json!({}));
    let removed = app.store.write(move |tx| {
        let act = act.clone();
        async move {
            if store::lookup_second_factor(&tx, user).await?.is_some() {
                store::remove_second_factor(&tx, user).await?;
                ledger::record(&tx, act).await?;
            }
            Ok::<_, Refusal>(())
        }
    });
    removed.await
}
