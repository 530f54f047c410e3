use std::sync::Arc;

use chengjing_domain::{
    id::{EntryId, SessionId, UserId},
    ledger::{Act, Author, Subject, SubjectKind},
    people::{Actor, Proof, Session, User, Via, policy::Action},
};
use chengjing_store::{Tx, ledger, people as store};
use serde_json::json;

use super::{NewSession, attempts, hex, oidc::OidcFault, password, second_factor, secret_hash};
use crate::{App, Refusal};

/// A name, a password, and from where.
#[derive(Debug, Clone)]
pub struct Attempt {
    pub name: String,
    pub password: String,
    pub address: String,
    pub user_agent: String,
    /// The second factor's, where it was asked for.
    pub code: Option<String>,
}

/// Wrong codes for one account, from wherever, before no more are looked at for a while. Only who has the password gets
/// that far, so that nobody else can lock the account.
const WRONG_CODES_OF_ACCOUNT: u32 = 20;

/// Opens a session. Wrong name and wrong password are one refusal, and take as long. Whoever has a second factor is
/// asked for its code once the password is right; a wrong one counts like a wrong password.
pub async fn log_in(app: &App, attempt: Attempt) -> Result<NewSession, Refusal> {
    let rules = &app.login_rules;
    let name = attempt.name.trim().to_lowercase();
    // Guesses from elsewhere must not lock out the user: failures count per name and address, and per address.
    let pair = format!("pair:{name}@{}", attempt.address);
    let address = format!("address:{}", attempt.address);
    let limits = [(pair.clone(), rules.failures_of_pair), (address, rules.failures_of_address)];
    attempts::must_not_be_locked(app, &limits).await?;
    let found = app.store.read(|q| async move { store::lookup_user_by_name(&q, &name).await });
    let found = found.await?.filter(|user| user.disabled_at.is_none());
    let hash = found.as_ref().map(|user| user.password_hash.clone());
    let right = password::verify(app, &attempt.password, hash).await?;
    let Some(user) = found.filter(|_| right) else {
        attempts::count(app, &limits).await?;
        return Err(Refusal::WrongLogin);
    };
    let attempted = Attempted { limits: &limits, code: attempt.code.as_deref() };
    let proof = prove_code(app, user.id, attempted).await?;
    let entrance = Entrance { forget: Some(pair), proof, ..Entrance::default() };
    open(app, user, &attempt.address, &attempt.user_agent, entrance).await
}

/// The code that was typed, if any, and what a wrong one counts against beside the account.
pub(super) struct Attempted<'a> {
    pub(super) limits: &'a [(String, u32)],
    pub(super) code: Option<&'a str>,
}

/// What proves the second factor of somebody who has proven the first; None where they have none.
pub(super) async fn prove_code(
    app: &App,
    user: UserId,
    attempted: Attempted<'_>,
) -> Result<Option<Proof>, Refusal> {
    let factor = app.store.read(|q| async move { store::lookup_second_factor(&q, user).await }).await?;
    let Some(factor) = factor.filter(|factor| factor.confirmed_at.is_some()) else { return Ok(None) };
    let code = attempted.code.ok_or(Refusal::CodeNeeded)?;
    // Whoever has the first may guess from many addresses: codes count for the account too.
    let of_account = (format!("code:{user}"), WRONG_CODES_OF_ACCOUNT);
    attempts::must_not_be_locked(app, std::slice::from_ref(&of_account)).await?;
    let proof = second_factor::prove(app, &factor, code).await?;
    if proof.is_none() {
        let all: Vec<_> = attempted.limits.iter().cloned().chain([of_account]).collect();
        attempts::count(app, &all).await?;
        return Err(Refusal::WrongCode);
    }
    Ok(proof)
}

/// What else happens as somebody comes in.
#[derive(Debug, Clone, Default)]
pub(super) struct Entrance {
    /// Failures that are forgiven.
    pub(super) forget: Option<String>,
    /// What proved the second factor, good for this once.
    pub(super) proof: Option<Proof>,
    /// What stood for the password, where something did.
    pub(super) by: Option<&'static str>,
    /// The way to the provider and back whose code was asked for, good for this once.
    pub(super) turn: Option<[u8; 32]>,
}

/// A session for a user who has proven who they are.
pub(super) async fn open(
    app: &App,
    user: User,
    address: &str,
    user_agent: &str,
    entrance: Entrance,
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
    let mut details = json!({ "address": address, "second": entrance.proof.map(told) });
    if let Some(by) = entrance.by {
        details["by"] = by.into();
    }
    let act = Act {
        id: EntryId(app.ids.uuid(now)),
        at: now,
        author: Author::User(user.id),
        action: Action::LogIn.code().to_owned(),
        subject: Subject::installed(SubjectKind::User, user.id.0),
        details,
    };
    let (user, id) = (user.id, session.id);
    let actor = app
        .store
        .write(move |tx| {
            let (session, act, entrance) = (session.clone(), act.clone(), entrance.clone());
            async move {
                if let Some(proof) = entrance.proof {
                    spend(&tx, user, proof).await?;
                }
                if let Some(turn) = entrance.turn
                    && !store::take_awaited(&tx, &turn, user).await?
                {
                    return Err(OidcFault::Spent.into());
                }
                store::add_session(&tx, &session).await?;
                if let Some(key) = entrance.forget {
                    store::remove_attempts(&tx, &[key.as_str()]).await?;
                }
                ledger::record(&tx, act).await?;
                store::lookup_actor(&tx, user).await?.ok_or(Refusal::WrongLogin)
            }
        })
        .await?;
    Ok(NewSession { secret, actor: Arc::new(Actor { via: Via::Session(id), ..actor }) })
}

/// Makes a proof good for nothing more; refused where another login was faster with it.
async fn spend(tx: &Tx, user: UserId, proof: Proof) -> Result<(), Refusal> {
    let fresh = match proof {
        Proof::Code { step } => store::take_step(tx, user, step).await?,
        Proof::Recovery { hash } => match store::lookup_second_factor(tx, user).await? {
            Some(factor) if factor.recovery.contains(&hash) => {
                store::save_second_factor(tx, &factor.used(proof)).await?;
                true
            }
            Some(_) | None => false,
        },
    };
    if fresh { Ok(()) } else { Err(Refusal::WrongCode) }
}

/// How a login is told to the ledger.
fn told(proof: Proof) -> &'static str {
    match proof {
        Proof::Code { .. } => "code",
        Proof::Recovery { .. } => "recovery_code",
    }
}
