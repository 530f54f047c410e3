//! Saved views 视图 of the list of duties: one's own, and those that the office shares with the campaign.

pub mod add;
pub mod choose_first;
pub mod edit;
pub mod list;
pub mod remove;

use chengjing_domain::{
    duty::view::{LONGEST_NAME, Named, Shape, View},
    id::{CampaignId, ViewId},
    people::policy::{Action, Resource},
    plan::part::LONGEST_PART,
};
use chengjing_store::{
    Paging, Queries,
    duty::{self as duties, DutyFilter},
    plan, view as store,
};

use crate::{Caller, Refusal, duty::Names, refusal::Faults};

/// A view as somebody sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewSeen {
    pub view: View,
    /// What its filter names that is there no more.
    pub gone: Vec<Named>,
    /// Whether their list begins with it.
    pub first: bool,
    /// Whether they may change it.
    pub editable: bool,
}

async fn seen(q: &impl Queries, caller: &Caller, view: View) -> Result<ViewSeen, Refusal> {
    let first = store::first(q, view.campaign, caller.actor.user).await?;
    seen_beside(q, caller, view, first).await
}

/// As [`seen`], where it is known with which view the caller's list begins.
async fn seen_beside(
    q: &impl Queries,
    caller: &Caller,
    view: View,
    first: Option<ViewId>,
) -> Result<ViewSeen, Refusal> {
    let campaign = view.campaign;
    let names = Names::load(q, campaign).await?;
    let filter = &view.shape.filter;
    let plan_there = match filter.plan {
        Some(id) => plan::lookup_name(q, campaign, id).await?.is_some(),
        None => true,
    };
    let part_there = match &filter.part {
        Some(part) => {
            let of_part = DutyFilter { part: Some(part.clone()), ..DutyFilter::default() };
            !duties::list(q, campaign, &of_part, &Paging::first(1)).await?.items.is_empty()
        }
        None => true,
    };
    let gone = filter.gone(|named| match named {
        Named::Unit => filter.unit.is_none_or(|unit| names.has_unit(unit)),
        Named::Phase => filter.phase.is_none_or(|phase| names.phase(phase).is_some()),
        Named::Initiative => filter.initiative.is_none_or(|one| names.initiative(one).is_some()),
        Named::Part => part_there,
        Named::Plan => plan_there,
    });
    let first = first == Some(view.id);
    let editable = may_change(caller, &view).is_ok();
    Ok(ViewSeen { view, gone, first, editable })
}

/// Own views change those who have them, shared ones the office.
fn may_change(caller: &Caller, view: &View) -> Result<(), Refusal> {
    let action = if view.owner.is_some() { Action::SaveViews } else { Action::ShareViews };
    caller.may(action, Resource::Campaign(view.campaign))
}

/// A view that the caller sees and may change. Somebody else's looks like none.
async fn must(
    q: &impl Queries,
    caller: &Caller,
    campaign: CampaignId,
    id: ViewId,
    seen: i64,
) -> Result<View, Refusal> {
    let view = visible(q, caller, campaign, id).await?;
    may_change(caller, &view)?;
    if view.version != seen {
        return Err(Refusal::Stale);
    }
    Ok(view)
}

async fn visible(
    q: &impl Queries,
    caller: &Caller,
    campaign: CampaignId,
    id: ViewId,
) -> Result<View, Refusal> {
    let view = store::lookup(q, campaign, id).await?;
    let own = |view: &View| view.owner.is_none_or(|owner| owner == caller.actor.user);
    view.filter(own).ok_or(Refusal::NotFound)
}

/// The name and the shape as they are stored, against the other views beside it; all faults at once.
fn checked(name: &str, shape: Shape, beside: &[View]) -> Result<(String, Shape), Refusal> {
    let mut faults = Faults::default();
    let name = faults.text("name", name, LONGEST_NAME);
    if beside.iter().any(|other| other.name == name) {
        faults.add("name", "已有同名的视图", "a view has this name already");
    }
    let shape = shape.tidied();
    if shape.filter.text.as_deref().is_some_and(|text| text.chars().count() > 200) {
        faults.add("filter.q", "最多200个字", "at most 200 characters");
    }
    if shape.filter.part.as_deref().is_some_and(|part| part.chars().count() > LONGEST_PART) {
        faults.add(
            "filter.part",
            format!("最多{LONGEST_PART}个字"),
            format!("at most {LONGEST_PART} characters"),
        );
    }
    faults.end()?;
    Ok((name, shape))
}
