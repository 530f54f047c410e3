use chengjing_domain::people::{
    Errand, OidcLink, OidcState,
    policy::{Action, Resource},
};
use chengjing_store::{ledger, people as store};
use serde_json::json;

use super::{Account, Return, account, arrived, provider, told};
use crate::{App, Caller, Refusal};

/// By which account one comes in.
pub async fn look_up(app: &App, caller: &Caller) -> Result<Option<OidcLink>, Refusal> {
    caller.may(Action::SecureOwnAccount, Resource::System)?;
    let user = caller.actor.user;
    Ok(app.store.read(|q| async move { store::lookup_oidc_link(&q, user).await }).await?)
}

/// Links the account that came back to whoever went for it; in place of the one that was linked before.
pub async fn link(app: &App, caller: &Caller, back: Return) -> Result<OidcLink, Refusal> {
    caller.may(Action::SecureOwnAccount, Resource::System)?;
    let issuer = provider(app)?.issuer().to_owned();
    let user = caller.actor.user;
    let turn = arrived(app, &back, Errand::Link(user)).await?;
    let Account { subject, .. } = account(app, &back, &turn).await?;
    let state = OidcState::Linked { subject: subject.clone(), at: caller.now };
    let new = OidcLink { user, issuer, state, version: 1 };
    let act = told(app, user, user, "oidc.link", json!({}));
    let linked = app.store.write(move |tx| {
        let (new, act, subject) = (new.clone(), act.clone(), subject.clone());
        async move {
            let of_account = store::lookup_oidc_link_by_subject(&tx, &new.issuer, &subject).await?;
            if of_account.as_ref().is_some_and(|link| link.user != user) {
                return Err(Refusal::conflict(
                    "这个统一认证账号已关联其他用户",
                    "This account is linked to another user",
                ));
            }
            if let Some(there) = of_account {
                return Ok(there);
            }
            let stored = match store::lookup_oidc_link(&tx, user).await? {
                Some(there) => {
                    store::save_oidc_link(&tx, &OidcLink { version: there.version, ..new }).await?
                }
                None => store::add_oidc_link(&tx, &new).await?,
            };
            ledger::record(&tx, act).await?;
            Ok(stored)
        }
    });
    linked.await
}

/// Takes one's own link away: from then on the password alone opens the account.
pub async fn unlink(app: &App, caller: &Caller) -> Result<(), Refusal> {
    caller.may(Action::SecureOwnAccount, Resource::System)?;
    remove(app, caller, caller.actor.user).await
}

pub(super) async fn remove(
    app: &App,
    caller: &Caller,
    user: chengjing_domain::id::UserId,
) -> Result<(), Refusal> {
    let act = told(app, caller.actor.user, user, "oidc.unlink", json!({}));
    let removed = app.store.write(move |tx| {
        let act = act.clone();
        async move {
            if store::lookup_oidc_link(&tx, user).await?.is_some() {
                store::remove_oidc_link(&tx, user).await?;
                ledger::record(&tx, act).await?;
            }
            Ok::<_, Refusal>(())
        }
    });
    removed.await
}
