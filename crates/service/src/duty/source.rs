use chengjing_domain::{
    id::{CampaignId, DutyId, ImportId},
    people::policy::Action,
};
use chengjing_store::plan;

use super::must;
use crate::{App, Caller, Refusal};

/// Where a duty stands in its plan: its own words and some before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    pub plan: ImportId,
    pub name: String,
    pub before: String,
    pub text: String,
    pub after: String,
}

/// Characters shown on either side.
const AROUND: usize = 300;

/// The place in the plan that a duty came from. Who sees the duty sees this much of the plan, and no more.
pub async fn source(app: &App, caller: &Caller, campaign: CampaignId, id: DutyId) -> Result<Source, Refusal> {
    let caller = caller.clone();
    app.store
        .read(|q| async move {
            let duty = must(&q, &caller, Action::SeeDuties, campaign, id).await?;
            let (Some(import), Some(span)) = (duty.import, duty.span) else { return Err(Refusal::NotFound) };
            let import = plan::lookup(&q, campaign, import).await?.ok_or(Refusal::NotFound)?;
            let cleaned: Vec<char> = import.cleaned.unwrap_or_default().chars().collect();
            let cut = |from: usize, to: usize| -> String {
                let to = to.min(cleaned.len());
                cleaned.get(from.min(to)..to).unwrap_or_default().iter().collect()
            };
            // Other units' duties stand around this one; only who may see the plan sees them.
            let whole =
                caller.may(Action::SeePlans, chengjing_domain::people::policy::Resource::Campaign(campaign));
            let around = if whole.is_ok() { AROUND } else { 0 };
            Ok(Source {
                plan: import.id,
                name: import.name,
                before: cut(span.start.saturating_sub(around), span.start),
                text: cut(span.start, span.end),
                after: cut(span.end, span.end + around),
            })
        })
        .await
}
