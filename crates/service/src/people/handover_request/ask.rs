use chengjing_domain::{
    clock::day_of,
    id::{CampaignId, HandoverRequestId},
    ledger::{Subject, SubjectKind},
    people::{
        HandoverRequest, HandoverRequestState,
        policy::{Action, Resource},
    },
};
use chengjing_store::{campaign as campaigns, ledger, people as store};
use chrono::NaiveDate;
use serde_json::json;

use super::{HandoverRequestView, held_in, view};
use crate::{App, Caller, Refusal, refusal::Faults};

/// What somebody who leaves says.
#[derive(Debug, Clone)]
pub struct NewHandoverRequest {
    pub leaves_on: NaiveDate,
    pub reason: String,
    /// Whom they propose, by name.
    pub proposed: Option<String>,
}

/// Asks the office of a campaign to hand the caller's work over.
pub async fn ask(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    new: NewHandoverRequest,
) -> Result<HandoverRequestView, Refusal> {
    caller.may(Action::AskHandover, Resource::Campaign(campaign))?;
    let new = checked(new, day_of(caller.now))?;
    let id: HandoverRequestId = caller.id("handover_request");
    let caller = caller.clone();
    app.store
        .write(move |tx| {
            let (new, caller) = (new.clone(), caller.clone());
            async move {
                campaigns::lookup(&tx, campaign).await?.ok_or(Refusal::NotFound)?;
                let user = caller.actor.user;
                let made = store::lookup_handover_request(&tx, campaign, id).await?;
                if let Some(there) = made.filter(|there| there.user == user) {
                    return view(&tx, &caller, there).await;
                }
                if held_in(&tx, campaign, user).await?.is_empty() {
                    return Err(Refusal::conflict(
                        "您在本项目没有自己的身份，没有可交接的工作",
                        "You hold no role of this campaign's own: there is nothing to hand over",
                    ));
                }
                if store::lookup_waiting_handover_request(&tx, campaign, user).await?.is_some() {
                    return Err(Refusal::conflict(
                        "您已经提出交接申请，正在等创建办处理；要改请先撤回",
                        "You have asked already, and the office has to decide; withdraw that first",
                    ));
                }
                let request = HandoverRequest {
                    campaign,
                    id,
                    user,
                    leaves_on: new.leaves_on,
                    reason: new.reason,
                    proposed: new.proposed,
                    asked_at: caller.now,
                    state: HandoverRequestState::Waiting,
                    version: 1,
                };
                let stored = store::add_handover_request(&tx, &request).await?;
                // Why somebody leaves is for those who decide, and may be nobody else's business.
                let told = json!({
                    "name": caller.actor.display_name,
                    "leaves_on": stored.leaves_on,
                    "proposed": stored.proposed,
                });
                let subject = Subject::of(campaign, SubjectKind::HandoverRequest, id.0);
                ledger::record(&tx, caller.act(Action::AskHandover, subject, told)).await?;
                view(&tx, &caller, stored).await
            }
        })
        .await
}

fn checked(new: NewHandoverRequest, today: NaiveDate) -> Result<NewHandoverRequest, Refusal> {
    let (longest_reason, longest_name) = HandoverRequest::LONGEST;
    let mut faults = Faults::default();
    let (first, last) = HandoverRequest::last_days(today);
    if !(first..=last).contains(&new.leaves_on) {
        faults.add(
            "leaves_on",
            format!("请填{first}到{last}之间的日期"),
            format!("a day from {first} to {last}"),
        );
    }
    let reason = faults.text("reason", &new.reason, longest_reason);
    let proposed = new.proposed.filter(|name| !name.trim().is_empty());
    let proposed = proposed.map(|name| faults.text("proposed", &name, longest_name));
    faults.end()?;
    Ok(NewHandoverRequest { leaves_on: new.leaves_on, reason, proposed })
}
