use chengjing_domain::{
    ledger::{Subject, SubjectKind},
    people::{
        Via,
        policy::{Action, Resource},
    },
};
use chengjing_store::{ledger, people as store};
use serde_json::json;

use super::password;
use crate::{App, Caller, Refusal, refusal::Faults};

/// Gives oneself a new password; every other session of one's own ends.
pub async fn change_password(app: &App, caller: &Caller, old: &str, new: &str) -> Result<(), Refusal> {
    caller.may(Action::SecureOwnAccount, Resource::System)?;
    let id = caller.actor.user;
    let user = app.store.read(|q| async move { store::lookup_user(&q, id).await }).await?;
    let user = user.ok_or(Refusal::LogInFirst)?;
    let mut faults = Faults::default();
    password::check(&app.login_rules, "new", &user.name, new, &mut faults);
    if new == old {
        faults.add("new", "新密码不能与原密码相同", "the new password must be another");
    }
    if !password::is_own(app, caller, old).await? {
        faults.add("old", "原密码不正确", "this is not your password");
    }
    faults.end()?;
    let hash = password::hash(app, new).await?;
    let keep = match caller.actor.via {
        Via::Session(id) => Some(id),
        Via::Program | Via::Token(_) => None,
    };
    let act = caller.act_named("account.password", Subject::installed(SubjectKind::User, id.0), json!({}));
    app.store
        .write(move |tx| {
            let (hash, act) = (hash.clone(), act.clone());
            async move {
                let mut user = store::lookup_user(&tx, id).await?.ok_or(Refusal::LogInFirst)?;
                user.password_hash = hash;
                user.must_change_password = false;
                store::save_user(&tx, &user).await?;
                store::remove_sessions_of(&tx, id, keep).await?;
                ledger::record(&tx, act).await?;
                Ok::<_, Refusal>(())
            }
        })
        .await?;
    app.sessions.clear();
    Ok(())
}
