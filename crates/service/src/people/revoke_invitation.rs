use chengjing_domain::{
    id::{CampaignId, InvitationId},
    ledger::{Subject, SubjectKind},
};
use chengjing_store::{ledger, people as store};
use serde_json::json;

use super::invite::may_invite;
use crate::{App, Caller, Refusal};

/// Takes an invitation back: its link works no longer. One to another campaign is not there.
pub async fn revoke_invitation(
    app: &App,
    caller: &Caller,
    within: Option<CampaignId>,
    id: InvitationId,
) -> Result<(), Refusal> {
    may_invite(caller, within)?;
    let caller = caller.clone();
    let revoked = app.store.write(move |tx| {
        let caller = caller.clone();
        async move {
            let there = store::lookup_invitation(&tx, id).await?;
            let there = there.filter(|there| within.is_none() || there.scope.campaign() == within);
            let before = there.ok_or(Refusal::NotFound)?;
            let after = before.clone().revoke(caller.now)?;
            if after == before {
                return Ok(());
            }
            let after = store::save_invitation(&tx, &after).await?;
            let subject =
                Subject { kind: SubjectKind::Invitation, campaign: after.scope.campaign(), id: id.0 };
            let details = json!({ "name": after.display_name });
            ledger::record(&tx, caller.act_named("invitation.revoke", subject, details)).await?;
            Ok::<_, Refusal>(())
        }
    });
    revoked.await
}
