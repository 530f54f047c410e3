//! What somebody ordered in a campaign, while it is kept.

use chengjing_domain::{
    id::CampaignId,
    people::policy::{Action, Resource},
};
use chengjing_store::{
    Page, Paging,
    job::{self as jobs, Job},
};

use crate::{App, Caller, Refusal, job::owner};

/// The documents and tables that the caller ordered, newest first, made or not. A page may be shorter than asked for:
/// what others ordered is not in it.
pub async fn list(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    paging: Paging,
) -> Result<Page<Job>, Refusal> {
    caller.may(Action::SeeCampaign, Resource::Campaign(campaign))?;
    let (limit, mut after) = (paging.limit, paging.after);
    loop {
        let paging = Paging { after, limit };
        let mut page =
            app.store.read(|q| async move { jobs::list(&q, Some(campaign), &paging).await }).await?;
        page.items.retain(|job| owner(job) == Some(caller.actor.user));
        // A page on which there is nothing would look like the end.
        if !page.items.is_empty() || page.next.is_none() {
            return Ok(page);
        }
        after = page.next;
    }
}
