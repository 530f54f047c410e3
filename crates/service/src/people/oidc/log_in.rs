use chengjing_domain::{
    id::UserId,
    people::{Errand, OidcLink, OidcState, Turn, User},
};
use chengjing_store::{ledger, people as store};
use serde_json::json;

use super::{Account, OidcFault, Return, account, arrived, counted, of_address, provider, told};
use crate::{
    App, Refusal,
    people::{
        NewSession, attempts,
        log_in::{Attempted, Entrance, open, prove_code},
    },
};

/// Opens a session for who came back from the provider. It stands for the password, not for a second factor that somebody
/// has here: its code is asked for, and sent with the same way back.
pub async fn log_in(
    app: &App,
    back: Return,
    typed: Option<&str>,
    address: &str,
    user_agent: &str,
) -> Result<NewSession, Refusal> {
    provider(app)?;
    attempts::must_not_be_locked(app, &[of_address(app, address)]).await?;
    let turn = counted(app, address, arrived(app, &back, Errand::LogIn).await).await?;
    let mark = turn.mark();
    let awaited = app.store.read(|q| async move { store::lookup_awaited(&q, &mark).await }).await?;
    let (user, proof) = match (awaited, typed) {
        (Some(user), Some(typed)) => {
            let user = app.store.read(|q| async move { store::lookup_user(&q, user).await }).await?;
            let user = able(user)?;
            let attempted = Attempted { limits: &[of_address(app, address)], code: Some(typed) };
            let proof = prove_code(app, user.id, attempted).await?;
            (user, proof)
        }
        // The page was loaded anew while it asked.
        (Some(_), None) => return Err(Refusal::CodeNeeded),
        (None, _) => {
            let found = counted(app, address, find(app, &back, &turn).await).await?;
            let attempted = Attempted { limits: &[of_address(app, address)], code: None };
            match prove_code(app, found.id, attempted).await {
                Ok(proof) => (found, proof),
                Err(Refusal::CodeNeeded) => {
                    let user = found.id;
                    let wait = move |tx| async move { store::await_code(&tx, &mark, user).await };
                    app.store.write_unrecorded("who came back is asked for a code", wait).await?;
                    return Err(Refusal::CodeNeeded);
                }
                Err(other) => return Err(other),
            }
        }
    };
    let turn = awaited.is_some().then_some(mark);
    let entrance = Entrance { forget: None, proof, by: Some("oidc"), turn };
    open(app, user, address, user_agent, entrance).await
}

/// Whose account came back: who is linked to it, or is expected under its name and has come for the first time.
async fn find(app: &App, back: &Return, turn: &Turn) -> Result<User, Refusal> {
    let Account { subject, name } = account(app, back, turn).await?;
    let issuer = provider(app)?.issuer().to_owned();
    let (known, expected) = (subject.clone(), name.clone());
    let found = app.store.read(|q| async move {
        let link = match store::lookup_oidc_link_by_subject(&q, &issuer, &known).await? {
            Some(link) => Some(link),
            None => match &expected {
                Some(name) => store::lookup_oidc_link_expecting(&q, &issuer, name).await?,
                None => None,
            },
        };
        match link {
            Some(link) => Ok(Some((store::lookup_user(&q, link.user).await?, link))),
            None => Ok::<_, Refusal>(None),
        }
    });
    let Some((user, link)) = found.await? else { return Err(OidcFault::Unlinked { name }.into()) };
    let user = able(user)?;
    if let OidcState::Expected { .. } = link.state {
        come(app, link, subject).await?;
    }
    Ok(user)
}

/// Who is expected has come: from now on they are known by their account, whatever it will be called.
async fn come(app: &App, link: OidcLink, subject: String) -> Result<(), Refusal> {
    let user: UserId = link.user;
    let act = told(app, user, user, "oidc.link", json!({ "expected": true }));
    let link = link.linked(&subject, app.now());
    let linked = app.store.write(move |tx| {
        let (link, act) = (link.clone(), act.clone());
        async move {
            store::save_oidc_link(&tx, &link).await?;
            ledger::record(&tx, act).await?;
            Ok::<_, Refusal>(())
        }
    });
    linked.await
}

/// A user who may come in.
fn able(user: Option<User>) -> Result<User, Refusal> {
    let user = user.ok_or(OidcFault::Unlinked { name: None })?;
    if user.disabled_at.is_some() { Err(OidcFault::Disabled.into()) } else { Ok(user) }
}
