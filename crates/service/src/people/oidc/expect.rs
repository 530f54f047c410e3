use chengjing_domain::{
    id::UserId,
    people::{
        OidcLink, OidcState,
        policy::{Action, Resource},
    },
};
use chengjing_store::{ledger, people as store};
use serde_json::json;

use super::{link::remove, provider, told};
use crate::{App, Caller, Refusal, refusal::Faults};

/// Characters of a name.
const MOST_NAME: usize = 100;

/// By which account a user comes in, or under which name they are expected, for who manages users.
pub async fn look_up_of_user(app: &App, caller: &Caller, user: UserId) -> Result<Option<OidcLink>, Refusal> {
    caller.may(Action::ManageUsers, Resource::System)?;
    let found = app.store.read(|q| async move {
        let there = store::lookup_user(&q, user).await?;
        Ok::<_, Refusal>((there, store::lookup_oidc_link(&q, user).await?))
    });
    let (there, link) = found.await?;
    there.ok_or(Refusal::NotFound)?;
    Ok(link)
}

/// Says under which name of the provider's a user will come; whoever comes first with it is linked to them. `seen`: the
/// version that the caller saw, 0 where there was none.
pub async fn expect(
    app: &App,
    caller: &Caller,
    user: UserId,
    seen: i64,
    name: &str,
) -> Result<OidcLink, Refusal> {
    caller.may(Action::ManageUsers, Resource::System)?;
    let issuer = provider(app)?.issuer().to_owned();
    let mut faults = Faults::default();
    let name = faults.text("expected_name", name, MOST_NAME);
    faults.end()?;
    let act = told(app, caller.actor.user, user, "oidc.expect", json!({ "name": name }));
    let new = OidcLink { user, issuer, state: OidcState::Expected { name }, version: 1 };
    let expected = app.store.write(move |tx| {
        let (new, act) = (new.clone(), act.clone());
        async move {
            store::lookup_user(&tx, user).await?.ok_or(Refusal::NotFound)?;
            let there = store::lookup_oidc_link(&tx, user).await?;
            if there.as_ref().map_or(0, |there| there.version) != seen {
                return Err(Refusal::Stale);
            }
            if let OidcState::Expected { name } = &new.state {
                let of_name = store::lookup_oidc_link_expecting(&tx, &new.issuer, name).await?;
                if of_name.is_some_and(|other| other.user != user) {
                    return Err(Refusal::invalid("expected_name", TAKEN.0, TAKEN.1));
                }
            }
            let stored = match there {
                Some(there) if there.issuer == new.issuer && there.state == new.state => return Ok(there),
                Some(there) if is_linked(&there, &new.issuer) => {
                    return Err(Refusal::conflict(
                        "该用户已关联统一认证账号，请先取消关联",
                        "The user is linked to an account already; unlink it first",
                    ));
                }
                Some(there) => {
                    store::save_oidc_link(&tx, &OidcLink { version: there.version, ..new }).await?
                }
                None => store::add_oidc_link(&tx, &new).await?,
            };
            ledger::record(&tx, act).await?;
            Ok(stored)
        }
    });
    expected.await
}

const TAKEN: (&str, &str) = ("已有其他用户用这个名称", "another user is expected under this name");

/// A link to the provider that was there before this one holds nobody up.
fn is_linked(link: &OidcLink, issuer: &str) -> bool {
    link.issuer == issuer && matches!(link.state, OidcState::Linked { .. })
}

/// Takes a user's link away, for who manages users.
pub async fn unlink_of_user(app: &App, caller: &Caller, user: UserId) -> Result<(), Refusal> {
    look_up_of_user(app, caller, user).await?;
    remove(app, caller, user).await
}
