use chengjing_domain::{
    id::{GrantId, UserId},
    ledger::{Subject, SubjectKind},
    people::{
        Grant,
        policy::{Action, Resource},
    },
};
use chengjing_store::{ledger, people as store};
use serde_json::json;

use super::{GrantView, NewGrant, add_user, view};
use crate::{App, Caller, Refusal};

/// Gives a user one more role.
pub async fn add_grant(
    app: &App,
    caller: &Caller,
    user: UserId,
    new: NewGrant,
) -> Result<GrantView, Refusal> {
    caller.may(Action::ManageUsers, Resource::System)?;
    let scope = add_user::scope(new).map_err(|(zh, en)| Refusal::invalid("role", zh, en))?;
    let grant = Grant::new(caller.id::<GrantId>("grant"), user, new.role, scope);
    let details = json!({ "user": user, "role": new.role.code() });
    let subject = Subject { kind: SubjectKind::Grant, campaign: scope.campaign(), id: grant.id.0 };
    let act = caller.act_named("user.grant", subject, details);
    let result = app
        .store
        .write(move |tx| {
            let (grant, act) = (grant.clone(), act.clone());
            async move {
                let user = store::lookup_user(&tx, grant.user).await?.ok_or(Refusal::NotFound)?;
                let same =
                    |own: &&Grant| own.id == grant.id || (own.role == grant.role && own.scope == grant.scope);
                let there = store::list_grants(&tx, user.id).await?.iter().find(same).map(|own| own.id);
                if there.is_none() {
                    add_user::must_exist(&tx, std::slice::from_ref(&grant)).await?;
                    store::add_grant(&tx, &grant).await?;
                    ledger::record(&tx, act).await?;
                }
                let wanted = there.unwrap_or(grant.id);
                let views = view(&tx, user).await?.grants;
                views.into_iter().find(|view| view.grant.id == wanted).ok_or(Refusal::NotFound)
            }
        })
        .await;
    app.sessions.clear();
    result
}
