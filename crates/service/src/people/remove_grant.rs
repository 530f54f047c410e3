use chengjing_domain::{
    id::{GrantId, UserId},
    ledger::{Subject, SubjectKind},
    people::{
        Role,
        policy::{Action, Resource},
    },
};
use chengjing_store::{ledger, people as store};
use serde_json::json;

use crate::{App, Caller, Refusal};

/// Takes a role away. The last administrator's stays, or nobody could ever give one again.
pub async fn remove_grant(app: &App, caller: &Caller, user: UserId, id: GrantId) -> Result<(), Refusal> {
    caller.may(Action::ManageUsers, Resource::System)?;
    let act = caller.act_named(
        "user.revoke",
        Subject::installed(SubjectKind::Grant, id.0),
        json!({ "user": user }),
    );
    app.store
        .write(move |tx| {
            let act = act.clone();
            async move {
                let grants = store::list_grants(&tx, user).await?;
                let grant = grants.into_iter().find(|grant| grant.id == id).ok_or(Refusal::NotFound)?;
                if grant.role == Role::SystemAdmin
                    && store::list_grants_of_role(&tx, Role::SystemAdmin).await?.len() < 2
                {
                    return Err(Refusal::conflict(
                        "至少要保留一位系统管理员",
                        "There must be at least one system administrator",
                    ));
                }
                let subject = Subject { campaign: grant.scope.campaign(), ..act.subject };
                store::remove_grant(&tx, &grant).await?;
                ledger::record(&tx, chengjing_domain::ledger::Act { subject, ..act }).await?;
                Ok(())
            }
        })
        .await?;
    app.sessions.clear();
    Ok(())
}
