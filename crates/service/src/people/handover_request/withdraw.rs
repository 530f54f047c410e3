use chengjing_domain::{
    id::{CampaignId, HandoverRequestId},
    ledger::{Subject, SubjectKind},
    people::policy::{Action, Resource},
};
use chengjing_store::{ledger, people as store};
use serde_json::json;

use super::{HandoverRequestView, must, view};
use crate::{App, Caller, Refusal};

/// Takes back a request of the caller's own that the office has not decided. Another person's is not there, unless the
/// caller sees it anyway.
pub async fn withdraw(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: HandoverRequestId,
    seen: i64,
) -> Result<HandoverRequestView, Refusal> {
    caller.may(Action::AskHandover, Resource::Campaign(campaign))?;
    let caller = caller.clone();
    app.store
        .write(move |tx| {
            let caller = caller.clone();
            async move {
                let request = must(&tx, campaign, id).await?;
                if request.user != caller.actor.user {
                    let sees = caller.may(Action::ManagePeople, Resource::Campaign(campaign)).is_ok();
                    return Err(if sees { Refusal::Forbidden } else { Refusal::NotFound });
                }
                // How it ended tells more than that somebody was faster.
                request.waits()?;
                if request.version != seen {
                    return Err(Refusal::Stale);
                }
                let stored = store::save_handover_request(&tx, &request.withdraw(caller.now)?).await?;
                let told = json!({ "name": caller.actor.display_name });
                let subject = Subject::of(campaign, SubjectKind::HandoverRequest, id.0);
                ledger::record(&tx, caller.act_named("handover.withdraw", subject, told)).await?;
                view(&tx, &caller, stored).await
            }
        })
        .await
}
