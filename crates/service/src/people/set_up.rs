use chengjing_domain::{
    id::{EntryId, GrantId, UserId},
    ledger::{Act, Author, Subject, SubjectKind},
    people::{Grant, Role, Scope, User},
};
use chengjing_store::{ledger, people as store};
use serde_json::json;

use super::{NewSession, log_in, password};
use crate::{App, Refusal, refusal::Faults};

/// The first administrator.
#[derive(Debug, Clone)]
pub struct FirstAdministrator {
    pub name: String,
    pub display_name: String,
    pub password: String,
}

/// Whether there is no user yet, so that the first may make themselves administrator.
pub async fn is_needed(app: &App) -> Result<bool, Refusal> {
    app.store.read(|q| async move { Ok(!store::has_users(&q).await?) }).await
}

/// Makes the first administrator and logs them in. Refused for ever after the first time.
pub async fn set_up(
    app: &App,
    new: FirstAdministrator,
    address: &str,
    user_agent: &str,
) -> Result<NewSession, Refusal> {
    let now = app.now();
    let mut faults = Faults::default();
    let name = faults.text("name", &new.name, 50);
    let display_name = faults.text("display_name", &new.display_name, 50);
    password::check(&app.login_rules, "password", &name, &new.password, &mut faults);
    faults.end()?;
    if !is_needed(app).await? {
        return Err(already());
    }
    let password_hash = password::hash(app, &new.password).await?;
    let user = User {
        id: UserId(app.ids.uuid(now)),
        name,
        display_name,
        password_hash,
        created_at: now,
        disabled_at: None,
        must_change_password: false,
        version: 1,
    };
    let grant = Grant::new(GrantId(app.ids.uuid(now)), user.id, Role::SystemAdmin, Scope::System);
    let act = Act {
        id: EntryId(app.ids.uuid(now)),
        at: now,
        author: Author::System,
        action: "installation.set_up".to_owned(),
        subject: Subject::installed(SubjectKind::User, user.id.0),
        details: json!({}),
    };
    let made = user.clone();
    app.store
        .write(move |tx| {
            let (user, grant, act) = (made.clone(), grant.clone(), act.clone());
            async move {
                // Asked again inside the write: two people may stand at the door.
                if store::has_users(&tx).await? {
                    return Err(already());
                }
                store::add_user(&tx, &user).await?;
                store::add_grant(&tx, &grant).await?;
                ledger::record(&tx, act).await?;
                Ok::<_, Refusal>(())
            }
        })
        .await?;
    log_in::open(app, user, address, user_agent, log_in::Entrance::default()).await
}

fn already() -> Refusal {
    Refusal::conflict("系统已经初始化，请登录", "There is an administrator already; log in")
}
