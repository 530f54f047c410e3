use chengjing_domain::id::CampaignId;
use chengjing_store::{Page, Paging, people as store};

use super::{InvitationView, invitation_view, invite::may_invite};
use crate::{App, Caller, Refusal};

/// The invitations to a campaign (None: all) that were neither accepted nor revoked, newest first.
pub async fn list_invitations(
    app: &App,
    caller: &Caller,
    within: Option<CampaignId>,
    paging: Paging,
) -> Result<Page<InvitationView>, Refusal> {
    may_invite(caller, within)?;
    let now = caller.now;
    app.store
        .read(|q| async move {
            let page = store::list_invitations(&q, within, &paging).await?;
            let mut items = Vec::with_capacity(page.items.len());
            for invitation in page.items {
                items.push(invitation_view(&q, invitation, now).await?);
            }
            Ok(Page { items, next: page.next })
        })
        .await
}
