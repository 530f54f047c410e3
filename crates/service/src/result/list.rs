use chengjing_domain::{
    id::CampaignId,
    people::policy::{Action, Resource},
};
pub use chengjing_store::result::ResultFilter;
use chengjing_store::{Page, Paging, campaign as campaigns, result as store, score as days};
use rust_decimal::Decimal;

use super::{ResultView, views};
use crate::{App, Caller, Refusal};

/// A result beside the campaign's own score at the end of its day, where that was kept.
#[derive(Debug, Clone, PartialEq)]
pub struct ResultLine {
    pub view: ResultView,
    pub own: Option<Decimal>,
}

/// The results of a campaign, the last day first.
pub async fn list(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    filter: ResultFilter,
    paging: Paging,
) -> Result<Page<ResultLine>, Refusal> {
    caller.may(Action::SeeResults, Resource::Campaign(campaign))?;
    let here = app.clone();
    app.store
        .read(|q| async move {
            campaigns::lookup(&q, campaign).await?.ok_or(Refusal::NotFound)?;
            let page = store::list(&q, campaign, &filter, &paging).await?;
            let mut items = Vec::with_capacity(page.items.len());
            for view in views(&here, &q, page.items).await? {
                let (standard, on) = (view.result.standard, view.result.on);
                let kept = days::list_days(&q, campaign, standard, (on, on), 1).await?;
                items.push(ResultLine { own: kept.first().map(|day| day.total.value), view });
            }
            Ok(Page { items, next: page.next })
        })
        .await
}
