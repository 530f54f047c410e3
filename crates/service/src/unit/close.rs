use std::collections::HashSet;

use chengjing_domain::{
    campaign::{
        Unit,
        closing::{Hindrances, hindrances},
        initiative::Initiative,
    },
    clock::day_of,
    duty::Duty,
    id::{CampaignId, UnitId},
    ledger::{Subject, SubjectKind},
    people::policy::{Action, Resource},
};
use chengjing_store::{
    Paging, Tx, campaign as store, initiative, ledger, people,
    task::{self, AsksHelp, TaskFilter},
};
use serde_json::json;

use super::{Directory, UnitView, edit::duties_of};
use crate::{App, Caller, Refusal, refusal::Faults};

/// Closes a unit that is no more: its people's roles in it end, its open invitations are taken back, nothing new is
/// given to it; what was stays readable. Refused while it owes anything.
pub async fn close(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: UnitId,
    seen: i64,
    reason: &str,
) -> Result<UnitView, Refusal> {
    caller.may(Action::EditUnits, Resource::Campaign(campaign))?;
    let mut faults = Faults::default();
    let reason = faults.text("reason", reason, 500);
    faults.end()?;
    let caller = caller.clone();
    let closed = app.store.write(move |tx| {
        let (caller, reason) = (caller.clone(), reason.clone());
        async move {
            let directory = Directory::load(&tx, campaign).await?;
            let unit = at(&directory, id, seen)?;
            if unit.closed_at.is_some() {
                return Ok(directory.view(unit.clone()));
            }
            must_owe_nothing(&tx, &caller, &directory, unit).await?;
            let people = end_roles(&tx, campaign, id).await?;
            let invitations = revoke_invitations(&tx, &caller, campaign, id).await?;
            let saved = store::save_unit(&tx, &Unit { closed_at: Some(caller.now), ..unit.clone() }).await?;
            let details = json!({ "name": unit.name, "reason": reason, "roles_ended": people, "invitations_revoked": invitations });
            let subject = Subject::of(campaign, SubjectKind::Unit, id.0);
            ledger::record(&tx, caller.act_named("unit.close", subject, details)).await?;
            Ok(Directory::load(&tx, campaign).await?.view(saved))
        }
    });
    let closed = closed.await;
    app.sessions.clear();
    closed
}

/// Opens a closed unit again. Its people's roles do not come back by themselves.
pub async fn reopen(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: UnitId,
    seen: i64,
) -> Result<UnitView, Refusal> {
    caller.may(Action::EditUnits, Resource::Campaign(campaign))?;
    let caller = caller.clone();
    let reopened = app.store.write(move |tx| {
        let caller = caller.clone();
        async move {
            let directory = Directory::load(&tx, campaign).await?;
            let unit = at(&directory, id, seen)?;
            if unit.closed_at.is_none() {
                return Ok(directory.view(unit.clone()));
            }
            let above = directory.units().iter().find(|other| Some(other.id) == unit.parent);
            if let Some(above) = above.filter(|above| above.closed_at.is_some()) {
                return Err(Refusal::conflict(
                    format!("上级单位“{}”已撤销，请先恢复它", above.name),
                    format!("{}, above it, is closed; reopen that first", above.name),
                ));
            }
            let saved = store::save_unit(&tx, &Unit { closed_at: None, ..unit.clone() }).await?;
            let subject = Subject::of(campaign, SubjectKind::Unit, id.0);
            let act = caller.act_named("unit.reopen", subject, json!({ "name": unit.name }));
            ledger::record(&tx, act).await?;
            Ok(Directory::load(&tx, campaign).await?.view(saved))
        }
    });
    reopened.await
}

fn at(directory: &Directory, id: UnitId, seen: i64) -> Result<&Unit, Refusal> {
    let unit = directory.units().iter().find(|unit| unit.id == id).ok_or(Refusal::NotFound)?;
    if unit.version == seen { Ok(unit) } else { Err(Refusal::Stale) }
}

async fn must_owe_nothing(
    tx: &Tx,
    caller: &Caller,
    directory: &Directory,
    unit: &Unit,
) -> Result<(), Refusal> {
    // What names a group stands under its members.
    let holders: Vec<UnitId> = unit.members.iter().copied().chain([unit.id]).collect();
    let duties = duties_of(tx, unit.campaign, holders).await?;
    let ids: Vec<_> = duties.iter().map(|duty| duty.id).collect();
    let mut tasks = task::list_of_duties(tx, unit.campaign, &ids).await?;
    let asked = TaskFilter { asks_help: AsksHelp::Of(vec![unit.id]), ..TaskFilter::default() };
    let known: HashSet<_> = tasks.iter().map(|task| task.id).collect();
    let asked = task::list(tx, unit.campaign, &asked, &Paging::first(1_000)).await?;
    tasks.extend(asked.items.into_iter().filter(|task| !known.contains(&task.id)));
    let initiatives = initiative::list_of_unit(tx, unit.campaign, unit.id).await?;
    let today = day_of(caller.now);
    let found = hindrances(unit.id, directory.units(), &duties, &tasks, &initiatives, today);
    if found.are_none() { Ok(()) } else { Err(told(unit, directory, &duties, &initiatives, &found)) }
}

/// How many things hold the unit, and which.
fn told(
    unit: &Unit,
    directory: &Directory,
    duties: &[Duty],
    initiatives: &[Initiative],
    found: &Hindrances,
) -> Refusal {
    const NAMED: usize = 3;
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    let listed = |names: Vec<String>| {
        let more = names.len() > NAMED;
        let first: Vec<String> = names.into_iter().take(NAMED).collect();
        (
            format!("“{}”{}", first.join("”、“"), if more { "等" } else { "" }),
            format!("{}{}", first.join(", "), if more { ", …" } else { "" }),
        )
    };
    if !found.duties.is_empty() {
        let open = duties.iter().filter(|duty| found.duties.contains(&duty.id));
        let (names_zh, names_en) = listed(open.map(|duty| duty.title.clone()).collect());
        zh.push(format!("还承担{}项责任任务({names_zh})", found.duties.len()));
        en.push(format!("it owes {} duties ({names_en})", found.duties.len()));
    }
    if !found.tasks.is_empty() {
        zh.push(format!("有{}件没有办结", found.tasks.len()));
        en.push(format!("{} tasks have not ended", found.tasks.len()));
    }
    if !found.below.is_empty() {
        let names = found.below.iter().filter_map(|unit| directory.name(*unit)).map(|unit| unit.name);
        let (names_zh, names_en) = listed(names.collect());
        zh.push(format!("下面还有{}个单位({names_zh})", found.below.len()));
        en.push(format!("{} units stand under it ({names_en})", found.below.len()));
    }
    if !found.leads.is_empty() {
        let led = initiatives.iter().filter(|initiative| found.leads.contains(&initiative.id));
        let (names_zh, names_en) = listed(led.map(|initiative| initiative.name.clone()).collect());
        zh.push(format!("牵头{}个专项行动或工作组({names_zh})", found.leads.len()));
        en.push(format!("it leads {} special actions or working groups ({names_en})", found.leads.len()));
    }
    Refusal::conflict(
        format!("“{}”还不能撤销：{}。请先改派、撤回或移走，或者并入另一单位", unit.name, zh.join("；")),
        format!(
            "{} can't be closed yet: {}. Reassign, withdraw or move them, or merge it into another unit",
            unit.name,
            en.join("; ")
        ),
    )
}

/// Ends the roles that people have over the unit: whose, for the ledger.
async fn end_roles(tx: &Tx, campaign: CampaignId, unit: UnitId) -> Result<Vec<serde_json::Value>, Refusal> {
    let mut ended = Vec::new();
    for grant in people::list_grants_over(tx, campaign, unit).await? {
        people::remove_grant(tx, &grant).await?;
        ended.push(json!({ "user_id": grant.user, "role": grant.role.code() }));
    }
    Ok(ended)
}

async fn revoke_invitations(
    tx: &Tx,
    caller: &Caller,
    campaign: CampaignId,
    unit: UnitId,
) -> Result<usize, Refusal> {
    let open = people::list_invitations_over(tx, campaign, unit).await?;
    let count = open.len();
    for invitation in open {
        people::save_invitation(tx, &invitation.revoke(caller.now)?).await?;
    }
    Ok(count)
}
