use chengjing_domain::{
    id::CampaignId,
    people::policy::{Action, Resource},
};
use chengjing_store::{Page, Paging, campaign as campaigns, people as store};

use super::{UserView, view};
use crate::{App, Caller, Refusal};

/// Who holds a role in a campaign, by name; what they hold elsewhere is not told. `holding`: only those in whose name, 姓名
/// or unit's name these characters stand.
pub async fn list_people(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    holding: Option<String>,
    paging: Paging,
) -> Result<Page<UserView>, Refusal> {
    caller.may(Action::ManagePeople, Resource::Campaign(campaign))?;
    app.store
        .read(|q| async move {
            campaigns::lookup(&q, campaign).await?.ok_or(Refusal::NotFound)?;
            let page = store::list_users_of(&q, campaign, holding.as_deref(), &paging).await?;
            let mut items = Vec::with_capacity(page.items.len());
            for user in page.items {
                let mut view = view(&q, user).await?;
                view.grants.retain(|held| held.grant.scope.campaign() == Some(campaign));
                items.push(view);
            }
            Ok(Page { items, next: page.next })
        })
        .await
}
