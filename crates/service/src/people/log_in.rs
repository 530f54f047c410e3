use std::sync::Arc;

use chengjing_domain::{
    id::{EntryId, SessionId},
    ledger::{Act, Author, Subject, SubjectKind},
    people::{Actor, Session, User, Via, policy::Action},
};
use chengjing_store::{Tx, ledger, people as store};
use serde_json::json;

use super::{NewSession, hex, password, secret_hash};
use crate::{App, Refusal};

/// A name, a password, and from where.
#[derive(Debug, Clone)]
pub struct Attempt {
    pub name: String,
    pub password: String,
    pub address: String,
    pub user_agent: String,
}

/// Opens a session. Wrong name and wrong password are one refusal, and take as long.
pub async fn log_in(app: &App, attempt: Attempt) -> Result<NewSession, Refusal> {
    let now = app.now();
    let rules = &app.login_rules;
    let name = attempt.name.trim().to_lowercase();
    // Guesses from elsewhere must not lock out the user: failures count per name and address, and per address.
    let pair = format!("pair:{name}@{}", attempt.address);
    let address = format!("address:{}", attempt.address);
    let (keys, wanted) = ([pair.clone(), address.clone()], name.clone());
    let (failures, user) = app
        .store
        .read(|q| async move {
            let mut failures = Vec::with_capacity(keys.len());
            for key in &keys {
                failures.push(store::lookup_attempts(&q, key).await?);
            }
            let user = store::lookup_user_by_name(&q, &wanted).await?;
            Ok::<_, Refusal>((failures, user))
        })
        .await?;
    if let Some(until) = failures.iter().filter_map(|attempts| attempts.locked(now)).max() {
        return Err(Refusal::Locked { seconds: (until - now).num_seconds().max(1) });
    }
    let user = user.filter(|user| user.disabled_at.is_none());
    let hash = user.as_ref().map(|user| user.password_hash.clone());
    let right = password::verify(app, &attempt.password, hash).await?;
    let Some(user) = user.filter(|_| right) else {
        let limits = [(pair, rules.failures_of_pair), (address, rules.failures_of_address)];
        let lock = rules.lock;
        let count = move |tx: Tx| {
            let limits = limits.clone();
            async move {
                for (key, limit) in &limits {
                    let before = store::lookup_attempts(&tx, key).await?;
                    store::save_attempts(&tx, key, &before.failed(*limit, lock, now)).await?;
                }
                Ok::<_, Refusal>(())
            }
        };
        app.store.write_unrecorded("a login failed", count).await?;
        return Err(Refusal::WrongLogin);
    };
    open(app, user, &attempt.address, &attempt.user_agent, Some(pair)).await
}

/// A session for a user who has proven who they are.
pub(super) async fn open(
    app: &App,
    user: User,
    address: &str,
    user_agent: &str,
    forget: Option<String>,
) -> Result<NewSession, Refusal> {
    let now = app.now();
    let secret = hex(&app.ids.secret());
    let session = Session {
        id: SessionId(app.ids.uuid(now)),
        user: user.id,
        token_hash: secret_hash(&secret),
        created_at: now,
        seen_at: now,
        expires_at: now + app.login_rules.lifetime,
        user_agent: user_agent.to_owned(),
        address: address.to_owned(),
    };
    let act = Act {
        id: EntryId(app.ids.uuid(now)),
        at: now,
        author: Author::User(user.id),
        action: Action::LogIn.code().to_owned(),
        subject: Subject::installed(SubjectKind::User, user.id.0),
        details: json!({ "address": address }),
    };
    let (user, id) = (user.id, session.id);
    let actor = app
        .store
        .write(move |tx| {
            let (session, act, forget) = (session.clone(), act.clone(), forget.clone());
            async move {
                store::add_session(&tx, &session).await?;
                if let Some(key) = forget {
                    store::remove_attempts(&tx, &[key.as_str()]).await?;
                }
                ledger::record(&tx, act).await?;
                store::lookup_actor(&tx, user).await?.ok_or(Refusal::WrongLogin)
            }
        })
        .await?;
    Ok(NewSession { secret, actor: Arc::new(Actor { via: Via::Session(id), ..actor }) })
}
