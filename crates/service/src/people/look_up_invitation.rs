use chengjing_domain::people::{Invitation, InvitationRefusal};
use chengjing_store::{Queries, people as store};
use chrono::{DateTime, Utc};

use super::{InvitationView, invitation_view, secret_hash};
use crate::{App, Refusal};

/// Who invites whom to what, for who has the link; why it is good no longer, where that is so.
pub async fn look_up_invitation(app: &App, secret: &str) -> Result<InvitationView, Refusal> {
    let (now, hash) = (app.now(), secret_hash(secret));
    app.store
        .read(|q| async move {
            let invitation = store::lookup_invitation_by_token(&q, &hash).await?.ok_or(Refusal::NotFound)?;
            must_be_good(&q, &invitation, now).await?;
            Ok(invitation_view(&q, invitation, now).await?)
        })
        .await
}

/// Whether an invitation may be accepted now: one of somebody who was disabled since may not.
pub(super) async fn must_be_good(
    q: &impl Queries,
    invitation: &Invitation,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    invitation.is_good(now)?;
    let inviter = store::lookup_user(q, invitation.created_by).await?;
    if inviter.is_none_or(|inviter| inviter.disabled_at.is_some()) {
        return Err(InvitationRefusal::InviterGone.into());
    }
    Ok(())
}
