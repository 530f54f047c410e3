use chengjing_domain::{
    id::{CampaignId, GrantId, UserId},
    ledger::{Subject, SubjectKind},
    people::{
        Role,
        policy::{self, Action, Resource},
    },
};
use chengjing_store::{ledger, people as store};
use serde_json::json;

use crate::{App, Caller, Refusal, refusal};

/// Takes a role away, for who manages users.
pub async fn remove_grant(app: &App, caller: &Caller, user: UserId, id: GrantId) -> Result<(), Refusal> {
    caller.may(Action::ManageUsers, Resource::System)?;
    remove(app, caller, None, user, id).await
}

/// Takes a role in a campaign away, for who manages its people; one held elsewhere is not there.
pub async fn within(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    user: UserId,
    id: GrantId,
) -> Result<(), Refusal> {
    caller.may(Action::ManagePeople, Resource::Campaign(campaign))?;
    remove(app, caller, Some(campaign), user, id).await
}

/// The last administrator's stays, or nobody could ever give one again.
async fn remove(
    app: &App,
    caller: &Caller,
    within: Option<CampaignId>,
    user: UserId,
    id: GrantId,
) -> Result<(), Refusal> {
    let caller = caller.clone();
    let removed = app.store.write(move |tx| {
        let caller = caller.clone();
        async move {
            let grants = store::list_grants(&tx, user).await?;
            let grant = grants.into_iter().find(|grant| grant.id == id);
            let grant = grant.filter(|grant| within.is_none() || grant.scope.campaign() == within);
            let grant = grant.ok_or(Refusal::NotFound)?;
            refusal::obey(policy::may_give(&caller.actor, grant.role, grant.scope))?;
            if grant.role == Role::SystemAdmin
                && store::list_grants_of_role(&tx, Role::SystemAdmin).await?.len() < 2
            {
                return Err(Refusal::conflict(
                    "至少要保留一位系统管理员",
                    "There must be at least one system administrator",
                ));
            }
            store::remove_grant(&tx, &grant).await?;
            let subject = Subject { kind: SubjectKind::Grant, campaign: grant.scope.campaign(), id: id.0 };
            let act = caller.act_named("user.revoke", subject, json!({ "user": user }));
            ledger::record(&tx, act).await?;
            Ok(())
        }
    });
    removed.await?;
    app.sessions.clear();
    Ok(())
}
