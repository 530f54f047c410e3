//! Finding anything of a campaign by a few characters.

use chengjing_domain::{
    id::CampaignId,
    ledger::SubjectKind,
    people::policy::{self, Action, Resource, Visible},
};
use chengjing_store::{Page, Paging, campaign as campaigns, search as store};
pub use store::Hit;

use crate::{App, Caller, Refusal, initiative};

/// What the caller may see of what holds these words, of one kind or of all.
pub async fn search(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    text: String,
    kind: Option<SubjectKind>,
    paging: Paging,
) -> Result<Page<Hit>, Refusal> {
    if policy::visible(&caller.actor, Action::Search, campaign) == Visible::Nothing {
        caller.may(Action::Search, Resource::Campaign(campaign))?;
    }
    let caller = caller.clone();
    app.store
        .read(|q| async move {
            campaigns::lookup(&q, campaign).await?.ok_or(Refusal::NotFound)?;
            let mut kinds = Vec::new();
            let mut led = Vec::new();
            let units = match policy::visible(&caller.actor, Action::SeeDuties, campaign) {
                Visible::Nothing => None,
                Visible::All => {
                    kinds.push(SubjectKind::Duty);
                    None
                }
                Visible::OfUnits(units) => {
                    kinds.push(SubjectKind::Duty);
                    let units = campaigns::list_units_below(&q, campaign, &units).await?;
                    led = initiative::led_by(&q, campaign, Action::SeeDuties, &units).await?;
                    Some(units)
                }
            };
            if caller.may(Action::SeeUnits, Resource::Campaign(campaign)).is_ok() {
                kinds.push(SubjectKind::Unit);
            }
            if caller.may(Action::SeePlans, Resource::Campaign(campaign)).is_ok() {
                kinds.push(SubjectKind::PlanImport);
            }
            let filed_by = match policy::visible(&caller.actor, Action::SeeEvidence, campaign) {
                Visible::Nothing => None,
                Visible::All => {
                    kinds.push(SubjectKind::Evidence);
                    None
                }
                Visible::OfUnits(units) => {
                    kinds.push(SubjectKind::Evidence);
                    Some(campaigns::list_units_below(&q, campaign, &units).await?)
                }
            };
            kinds.retain(|found| kind.is_none_or(|wanted| wanted == *found));
            let filter = store::SearchFilter { campaign, text, kinds, units, led, filed_by };
            Ok(store::list(&q, &filter, &paging).await?)
        })
        .await
}
