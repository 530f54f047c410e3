//! 交接申请: a person who leaves asks the office to hand their work over. The office does so by
//! [`super::handover::hand_over`], or refuses.

pub mod ask;
pub mod list;
pub mod refuse;
pub(crate) mod tell;
pub mod withdraw;

use std::{collections::HashMap, sync::Arc};

use chengjing_domain::{
    id::{CampaignId, HandoverRequestId, UserId},
    people::{
        Actor, Grant, HandoverRequest, HandoverRequestRefusal, HandoverRequestState, Role,
        policy::{self, Decision},
    },
};
use chengjing_store::{Queries, campaign as campaigns, people as store};
use chrono::{DateTime, Duration, Utc};

use super::handover::TOLD_FOR;
use crate::{Caller, Refusal};

/// A request, as its reader sees it.
#[derive(Debug, Clone)]
pub struct HandoverRequestView {
    pub request: HandoverRequest,
    pub campaign: String,
    /// What the person is called who asks.
    pub user: String,
    /// Who decided.
    pub decided_by: Option<(UserId, String)>,
    /// What the person holds in the campaign now, each with the name of its unit.
    pub roles: Vec<(Role, Option<String>)>,
    /// Whether it was decided within the last month.
    pub decided_lately: bool,
    /// Whether the reader may decide it.
    pub may_decide: bool,
}

impl From<HandoverRequestRefusal> for Refusal {
    fn from(refusal: HandoverRequestRefusal) -> Self {
        let (zh, en) = match refusal {
            HandoverRequestRefusal::Withdrawn => {
                ("这个交接申请已被本人撤回", "This request was withdrawn by the person who made it")
            }
            HandoverRequestRefusal::Refused => ("这个交接申请已被退回", "This request has been turned down"),
            HandoverRequestRefusal::Confirmed => {
                ("这个申请所说的工作已经交接", "The work that this request is about has been handed over")
            }
        };
        Self::conflict(zh, en)
    }
}

/// Whether somebody may decide of a person who holds that in a campaign: whoever could not take each of the roles away
/// can't decide that they go either.
fn may_decide(actor: &Actor, campaign: CampaignId, user: UserId, held: &[Grant]) -> Decision {
    let manages =
        policy::decide(Some(actor), policy::Action::ManagePeople, policy::Resource::Campaign(campaign));
    if manages != Decision::Allowed {
        return manages;
    }
    // Nobody decides about themselves.
    let own = actor.user == user;
    let all = held.iter().all(|grant| policy::may_give(actor, grant.role, grant.scope) == Decision::Allowed);
    if all && !own { Decision::Allowed } else { Decision::Forbidden }
}

/// What somebody holds in a campaign.
async fn held_in(q: &impl Queries, campaign: CampaignId, user: UserId) -> Result<Vec<Grant>, Refusal> {
    let mut held = store::list_grants(q, user).await?;
    held.retain(|grant| grant.scope.campaign() == Some(campaign));
    Ok(held)
}

async fn must(
    q: &impl Queries,
    campaign: CampaignId,
    id: HandoverRequestId,
) -> Result<HandoverRequest, Refusal> {
    store::lookup_handover_request(q, campaign, id).await?.ok_or(Refusal::NotFound)
}

/// Requests with the names that they need; those of one campaign, or of one person.
async fn views(
    q: &impl Queries,
    caller: &Caller,
    requests: Vec<HandoverRequest>,
) -> Result<Vec<HandoverRequestView>, Refusal> {
    let decided = |request: &HandoverRequest| -> Option<(UserId, DateTime<Utc>)> {
        match request.state {
            HandoverRequestState::Refused { by, at, .. } | HandoverRequestState::Confirmed { by, at, .. } => {
                Some((by, at))
            }
            HandoverRequestState::Waiting | HandoverRequestState::Withdrawn { .. } => None,
        }
    };
    let since = caller.now - Duration::days(TOLD_FOR);
    let users: Vec<UserId> = requests.iter().map(|request| request.user).collect();
    let deciders = requests.iter().filter_map(|request| decided(request).map(|(by, _)| by));
    let people: Vec<UserId> = users.iter().copied().chain(deciders).collect();
    let people = store::display_names(q, &people).await?;
    let name = |user: UserId| people.get(&user).cloned().unwrap_or_default();
    let grants = store::list_grants_of(q, &users).await?;
    let mut campaign_names: HashMap<CampaignId, (String, Arc<campaigns::CampaignNames>)> = HashMap::new();
    let mut all = Vec::with_capacity(requests.len());
    for request in requests {
        let campaign = request.campaign;
        if let std::collections::hash_map::Entry::Vacant(free) = campaign_names.entry(campaign) {
            let own = campaigns::lookup(q, campaign).await?.map(|own| own.name).unwrap_or_default();
            free.insert((own, campaigns::names(q, campaign).await?));
        }
        let Some((called, names)) = campaign_names.get(&campaign) else { continue };
        let here = |grant: &&Grant| grant.user == request.user && grant.scope.campaign() == Some(campaign);
        let held: Vec<Grant> = grants.iter().filter(here).cloned().collect();
        let role = |grant: &Grant| {
            let unit = grant.scope.unit().and_then(|unit| names.units.get(&unit).cloned());
            (grant.role, unit)
        };
        all.push(HandoverRequestView {
            campaign: called.clone(),
            user: name(request.user),
            decided_by: decided(&request).map(|(by, _)| (by, name(by))),
            decided_lately: decided(&request).is_some_and(|(_, at)| at > since),
            roles: held.iter().map(role).collect(),
            may_decide: request.waits().is_ok()
                && may_decide(&caller.actor, campaign, request.user, &held) == Decision::Allowed,
            request,
        });
    }
    Ok(all)
}

async fn view(
    q: &impl Queries,
    caller: &Caller,
    request: HandoverRequest,
) -> Result<HandoverRequestView, Refusal> {
    views(q, caller, vec![request]).await?.pop().ok_or(Refusal::NotFound)
}
