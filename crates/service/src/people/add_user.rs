use chengjing_domain::{
    id::{GrantId, UserId},
    ledger::{Subject, SubjectKind},
    people::{
        Grant, Role, Scope, User,
        policy::{Action, Resource},
    },
};
use chengjing_store::{Queries, StoreError, campaign, ledger, people as store};
use serde_json::json;

use super::{NewGrant, UserView, password, view};
use crate::{
    App, Caller, Refusal,
    refusal::{Faults, NAME_TAKEN},
    unit::CLOSED,
};

/// A user to be added.
#[derive(Debug, Clone)]
pub struct NewUser {
    pub name: String,
    pub display_name: String,
    pub password: String,
    /// Whether it is good for nothing but choosing another.
    pub must_change_password: bool,
    pub grants: Vec<NewGrant>,
}

/// Adds a user with the roles given.
pub async fn add_user(app: &App, caller: &Caller, new: NewUser) -> Result<UserView, Refusal> {
    caller.may(Action::ManageUsers, Resource::System)?;
    let mut faults = Faults::default();
    let name = faults.text("name", &new.name, 50);
    let display_name = faults.text("display_name", &new.display_name, 50);
    password::check(&app.login_rules, "password", &name, &new.password, &mut faults);
    let id: UserId = caller.id("user");
    let mut grants = Vec::with_capacity(new.grants.len());
    for (index, grant) in new.grants.iter().enumerate() {
        match scope(*grant) {
            Ok(scope) => {
                grants.push(Grant::new(GrantId(caller.ids.uuid(caller.now)), id, grant.role, scope));
            }
            Err((zh, en)) => faults.add(format!("grants[{index}]"), zh, en),
        }
    }
    faults.end()?;
    let user = User {
        id,
        name,
        display_name,
        password_hash: password::hash(app, &new.password).await?,
        created_at: caller.now,
        disabled_at: None,
        must_change_password: new.must_change_password,
        version: 1,
    };
    let subject = Subject::installed(SubjectKind::User, id.0);
    let act = caller.act_named("user.add", subject, json!({ "name": user.name }));
    app.store
        .write(move |tx| {
            let (user, grants, act) = (user.clone(), grants.clone(), act.clone());
            async move {
                if let Some(there) = store::lookup_user(&tx, user.id).await? {
                    return Ok(view(&tx, there).await?);
                }
                if store::lookup_user_by_name(&tx, &user.name).await?.is_some() {
                    return Err(Refusal::invalid("name", NAME_TAKEN.0, NAME_TAKEN.1));
                }
                must_exist(&tx, &grants).await?;
                let user = store::add_user(&tx, &user).await?;
                for grant in &grants {
                    store::add_grant(&tx, grant).await?;
                }
                ledger::record(&tx, act).await?;
                Ok(view(&tx, user).await?)
            }
        })
        .await
}

/// Where a role can hold: a system administrator's everywhere, a liaison's over one unit, the others' in a campaign.
pub(super) fn scope(new: NewGrant) -> Result<Scope, (&'static str, &'static str)> {
    match (new.role, new.campaign, new.unit) {
        (Role::SystemAdmin, None, None) => Ok(Scope::System),
        (Role::SystemAdmin, ..) => {
            Err(("系统管理员不限于某个项目", "a system administrator's role holds everywhere"))
        }
        (Role::Liaison, Some(campaign), Some(unit)) => Ok(Scope::Unit(campaign, unit)),
        (Role::Liaison, ..) => Err(("联络员应指定项目和单位", "a liaison needs a campaign and a unit")),
        (_, Some(campaign), None) => Ok(Scope::Campaign(campaign)),
        (_, Some(campaign), Some(unit)) => Ok(Scope::Unit(campaign, unit)),
        (_, None, _) => Err(("这个角色应指定项目", "this role needs a campaign")),
    }
}

/// A role over what is not there would be a promise of nothing.
pub(super) async fn must_exist(q: &impl Queries, grants: &[Grant]) -> Result<(), Refusal> {
    let mut faults = Faults::default();
    for (index, grant) in grants.iter().enumerate() {
        look(q, grant.scope, format!("grants[{index}]"), &mut faults).await?;
    }
    faults.end()
}

/// As [`must_exist`], for one.
pub(super) async fn scope_must_exist(q: &impl Queries, scope: Scope, path: &str) -> Result<(), Refusal> {
    let mut faults = Faults::default();
    look(q, scope, path.to_owned(), &mut faults).await?;
    faults.end()
}

async fn look(q: &impl Queries, scope: Scope, path: String, faults: &mut Faults) -> Result<(), StoreError> {
    let there = match scope {
        Scope::System => true,
        Scope::Campaign(id) => campaign::lookup(q, id).await?.is_some(),
        Scope::Unit(campaign, unit) => {
            let unit = campaign::lookup_unit(q, campaign, unit).await?;
            if unit.as_ref().is_some_and(|unit| unit.closed_at.is_some()) {
                faults.add(path, CLOSED.0, CLOSED.1);
                return Ok(());
            }
            unit.is_some()
        }
    };
    if !there {
        faults.add(path, "没有这个项目或单位", "there is no such campaign or unit");
    }
    Ok(())
}
