use chengjing_domain::{
    id::{EntryId, GrantId, UserId},
    ledger::{Act, Author, Subject, SubjectKind},
    people::{
        Grant, Invitation, User,
        policy::{Action, Resource},
    },
};
use chengjing_store::{Tx, ledger, people as store};
use serde_json::json;

use super::{NewSession, add_user, log_in, password, secret_hash};
use crate::{App, Caller, Refusal, refusal::Faults};

/// What the invited chooses, and from where.
#[derive(Debug, Clone)]
pub struct Acceptance {
    pub secret: String,
    pub name: String,
    pub password: String,
    pub address: String,
    pub user_agent: String,
}

/// Makes the invited a user with the role that they were invited to, and logs them in.
pub async fn as_new_user(app: &App, acceptance: Acceptance) -> Result<NewSession, Refusal> {
    let now = app.now();
    let hash = secret_hash(&acceptance.secret);
    // Looked at before a password is hashed: only who has a link may make us work.
    let invitation =
        app.store.read(|q| async move { store::lookup_invitation_by_token(&q, &hash).await }).await?;
    let invitation = invitation.ok_or(Refusal::NotFound)?;
    invitation.is_good(now)?;
    let mut faults = Faults::default();
    let name = faults.text("name", &acceptance.name, 50);
    password::check(&app.login_rules, "password", &name, &acceptance.password, &mut faults);
    faults.end()?;
    let user = User {
        id: UserId(app.ids.uuid(now)),
        name,
        display_name: invitation.display_name,
        password_hash: password::hash(app, &acceptance.password).await?,
        created_at: now,
        disabled_at: None,
        version: 1,
    };
    let (grant, entry) = (GrantId(app.ids.uuid(now)), EntryId(app.ids.uuid(now)));
    let made = user.clone();
    let accepted = app.store.write(move |tx| {
        let user = made.clone();
        async move {
            if store::lookup_user_by_name(&tx, &user.name).await?.is_some() {
                return Err(Refusal::invalid("name", "用户名已被使用", "this name is taken"));
            }
            store::add_user(&tx, &user).await?;
            accept(&tx, hash, user.id, grant, entry, user.created_at).await
        }
    });
    accepted.await?;
    let Acceptance { address, user_agent, .. } = acceptance;
    log_in::open(app, user, &address, &user_agent, log_in::Entrance::default()).await
}

/// Gives the role to somebody who is a user already.
pub async fn as_oneself(app: &App, caller: &Caller, secret: &str) -> Result<(), Refusal> {
    caller.may(Action::SecureOwnAccount, Resource::System)?;
    let (hash, user, now) = (secret_hash(secret), caller.actor.user, caller.now);
    let (grant, entry) = (GrantId(app.ids.uuid(now)), EntryId(app.ids.uuid(now)));
    let accepted = app.store.write(move |tx| async move { accept(&tx, hash, user, grant, entry, now).await });
    accepted.await?;
    app.sessions.clear();
    Ok(())
}

/// Within the write: the invitation is used up, and its role given.
async fn accept(
    tx: &Tx,
    token_hash: [u8; 32],
    user: UserId,
    grant: GrantId,
    entry: EntryId,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(), Refusal> {
    let invitation = store::lookup_invitation_by_token(tx, &token_hash).await?.ok_or(Refusal::NotFound)?;
    let invitation: Invitation = invitation.accept(user, now)?;
    // The unit may have been merged into another since.
    add_user::scope_must_exist(tx, invitation.scope, "grant").await?;
    let held = store::list_grants(tx, user).await?;
    if !held.iter().any(|held| held.role == invitation.role && held.scope == invitation.scope) {
        let (role, scope) = (invitation.role, invitation.scope);
        store::add_grant(tx, &Grant { id: grant, user, role, scope }).await?;
    }
    let invitation = store::save_invitation(tx, &invitation).await?;
    let campaign = invitation.scope.campaign();
    let act = Act {
        id: entry,
        at: now,
        author: Author::User(user),
        action: Action::AcceptInvitation.code().to_owned(),
        subject: Subject { kind: SubjectKind::Invitation, campaign, id: invitation.id.0 },
        details: json!({ "name": invitation.display_name, "role": invitation.role.code() }),
    };
    ledger::record(tx, act).await?;
    Ok(())
}
