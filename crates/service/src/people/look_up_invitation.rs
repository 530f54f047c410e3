use chengjing_store::people as store;

use super::{InvitationView, invitation_view, secret_hash};
use crate::{App, Refusal};

/// Who invites whom to what, for who has the link; why it is good no longer, where that is so.
pub async fn look_up_invitation(app: &App, secret: &str) -> Result<InvitationView, Refusal> {
    let (now, hash) = (app.now(), secret_hash(secret));
    app.store
        .read(|q| async move {
            let invitation = store::lookup_invitation_by_token(&q, &hash).await?.ok_or(Refusal::NotFound)?;
            invitation.is_good(now)?;
            Ok(invitation_view(&q, invitation, now).await?)
        })
        .await
}
