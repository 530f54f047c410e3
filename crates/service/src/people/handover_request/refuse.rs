use chengjing_domain::{
    id::{CampaignId, HandoverRequestId},
    ledger::{Subject, SubjectKind},
    people::{
        HandoverRequest,
        policy::{Action, Resource},
    },
};
use chengjing_store::{ledger, people as store};
use serde_json::json;

use super::{HandoverRequestView, held_in, may_decide, must, view};
use crate::{
    App, Caller, Refusal,
    refusal::{Faults, obey},
};

/// Turns down that somebody's work is handed over, and says why; everything stays as it is. By whoever could hand it over.
pub async fn refuse(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: HandoverRequestId,
    seen: i64,
    reason: &str,
) -> Result<HandoverRequestView, Refusal> {
    caller.may(Action::ManagePeople, Resource::Campaign(campaign))?;
    let mut faults = Faults::default();
    let reason = faults.text("reason", reason, HandoverRequest::LONGEST.0);
    faults.end()?;
    let caller = caller.clone();
    app.store
        .write(move |tx| {
            let (caller, reason) = (caller.clone(), reason.clone());
            async move {
                let request = must(&tx, campaign, id).await?;
                let held = held_in(&tx, campaign, request.user).await?;
                obey(may_decide(&caller.actor, campaign, request.user, &held))?;
                request.waits()?;
                if request.version != seen {
                    return Err(Refusal::Stale);
                }
                let refused = request.refuse(caller.actor.user, caller.now, reason)?;
                let stored = store::save_handover_request(&tx, &refused).await?;
                let seen = view(&tx, &caller, stored).await?;
                let told = json!({ "name": seen.user });
                let subject = Subject::of(campaign, SubjectKind::HandoverRequest, id.0);
                ledger::record(&tx, caller.act_named("handover.refuse", subject, told)).await?;
                Ok(seen)
            }
        })
        .await
}
