use chengjing_domain::{
    id::UserId,
    ledger::{Subject, SubjectKind},
    people::{
        User,
        policy::{Action, Resource},
    },
};
use chengjing_store::{ledger, people as store};
use serde_json::json;

use super::{UserView, password, view};
use crate::{App, Caller, Refusal, difference::Difference, refusal::Faults};

/// What is to change; None stays.
#[derive(Debug, Clone, Default)]
pub struct UserChange {
    pub display_name: Option<String>,
    pub disabled: Option<bool>,
    pub password: Option<String>,
}

/// Changes a user. A new password and a disabling end all of their sessions.
pub async fn edit_user(
    app: &App,
    caller: &Caller,
    id: UserId,
    seen: i64,
    change: UserChange,
) -> Result<UserView, Refusal> {
    caller.may(Action::ManageUsers, Resource::System)?;
    if change.disabled == Some(true) && id == caller.actor.user {
        return Err(Refusal::conflict("不能停用自己", "You can't disable yourself"));
    }
    let before = app.store.read(|q| async move { store::lookup_user(&q, id).await }).await?;
    let before = before.ok_or(Refusal::NotFound)?;
    let mut faults = Faults::default();
    let display_name = change.display_name.as_deref().map(|name| faults.text("display_name", name, 50));
    if let Some(new) = &change.password {
        password::check(&app.login_rules, "password", &before.name, new, &mut faults);
    }
    faults.end()?;
    let password_hash = match &change.password {
        Some(new) => Some(password::hash(app, new).await?),
        None => None,
    };
    let caller_of_act = caller.clone();
    let (now, disabled) = (caller.now, change.disabled);
    let result = app
        .store
        .write(move |tx| {
            let (display_name, password_hash, caller) =
                (display_name.clone(), password_hash.clone(), caller_of_act.clone());
            async move {
                let mut user = store::lookup_user(&tx, id).await?.ok_or(Refusal::NotFound)?;
                if user.version != seen {
                    return Err(Refusal::Stale);
                }
                let before = user.clone();
                let ends_sessions = password_hash.is_some() || disabled == Some(true);
                user.display_name = display_name.unwrap_or(user.display_name);
                if let Some(hash) = password_hash {
                    user.password_hash = hash;
                    // Who gave it knows it.
                    user.must_change_password = id != caller.actor.user;
                }
                user.disabled_at = match disabled {
                    Some(true) => user.disabled_at.or(Some(now)),
                    Some(false) => None,
                    None => user.disabled_at,
                };
                let user = store::save_user(&tx, &user).await?;
                if ends_sessions {
                    store::remove_sessions_of(&tx, id, None).await?;
                }
                let subject = Subject::installed(SubjectKind::User, id.0);
                let details = difference(&before, &user).details();
                ledger::record(&tx, caller.act_named("user.edit", subject, details)).await?;
                Ok::<_, Refusal>(view(&tx, user).await?)
            }
        })
        .await;
    app.sessions.clear();
    result
}

fn difference(before: &User, after: &User) -> Difference {
    let mut difference = Difference::default();
    difference.of("display_name", &before.display_name, &after.display_name, |name| json!(name));
    difference.of("disabled", &before.disabled_at.is_some(), &after.disabled_at.is_some(), |disabled| {
        json!(disabled)
    });
    if before.password_hash != after.password_hash {
        difference.secretly("password");
    }
    difference
}
