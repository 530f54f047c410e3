use std::sync::Arc;

use chengjing_domain::{
    id::{EntryId, GrantId, Ids, UserId},
    ledger::{Act, Author, Subject, SubjectKind},
    people::{
        Grant, Invitation, User,
        policy::{Action, Resource},
    },
};
use chengjing_store::{Tx, ledger, people as store};
use serde_json::json;

use super::{NewSession, add_user, log_in, look_up_invitation::must_be_good, password, secret_hash};
use crate::{
    App, Caller, Refusal,
    refusal::{Faults, NAME_TAKEN},
};

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
    let invitation = app.store.read(|q| async move {
        let invitation = store::lookup_invitation_by_token(&q, &hash).await?.ok_or(Refusal::NotFound)?;
        must_be_good(&q, &invitation, now).await?;
        Ok::<_, Refusal>(invitation)
    });
    let invitation = invitation.await?;
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
        must_change_password: false,
        version: 1,
    };
    let entry = EntryId(app.ids.uuid(now));
    let (made, ids) = (user.clone(), Arc::clone(&app.ids));
    let accepted = app.store.write(move |tx| {
        let (user, ids) = (made.clone(), Arc::clone(&ids));
        async move {
            if store::lookup_user_by_name(&tx, &user.name).await?.is_some() {
                return Err(Refusal::invalid("name", NAME_TAKEN.0, NAME_TAKEN.1));
            }
            store::add_user(&tx, &user).await?;
            accept(&tx, hash, user.id, &*ids, entry, user.created_at).await
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
    let (entry, ids) = (EntryId(app.ids.uuid(now)), Arc::clone(&app.ids));
    let accepted = app.store.write(move |tx| {
        let ids = Arc::clone(&ids);
        async move { accept(&tx, hash, user, &*ids, entry, now).await }
    });
    accepted.await?;
    app.sessions.clear();
    Ok(())
}

/// Within the write: the invitation is used up, and its role given.
async fn accept(
    tx: &Tx,
    token_hash: [u8; 32],
    user: UserId,
    ids: &dyn Ids,
    entry: EntryId,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(), Refusal> {
    let invitation = store::lookup_invitation_by_token(tx, &token_hash).await?.ok_or(Refusal::NotFound)?;
    must_be_good(tx, &invitation, now).await?;
    let invitation: Invitation = invitation.accept(user, now)?;
    // The unit may have been merged into another since.
    add_user::scope_must_exist(tx, invitation.scope, "grant").await?;
    let held = store::list_grants(tx, user).await?;
    let new = || GrantId(ids.uuid(now));
    let roles: Vec<Grant> = match &invitation.takeover {
        None => vec![Grant::new(new(), user, invitation.role, invitation.scope)],
        Some(takeover) => takeover
            .roles
            .iter()
            .map(|taken| Grant {
                handed_over: Some(taken.handed_over),
                ..Grant::new(new(), user, taken.role, taken.scope)
            })
            .collect(),
    };
    for grant in roles {
        add_user::scope_must_exist(tx, grant.scope, "grant").await?;
        if !held.iter().any(|held| held.role == grant.role && held.scope == grant.scope) {
            store::add_grant(tx, &grant).await?;
        }
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
