use chengjing_domain::{
    id::{CampaignId, InvitationId},
    ledger::{Subject, SubjectKind},
    people::{Invitation, policy},
};
use chengjing_store::{ledger, people as store};
use chrono::Duration;
use serde_json::json;

use super::{InvitationView, hex, invitation_view, invite::may_invite, secret_hash};
use crate::{App, Caller, Refusal, refusal};

/// Gives an invitation another link, because the first got lost: that one works no longer. The secret is given back once;
/// a repeated request gets another. One to another campaign is not there.
pub async fn renew_invitation(
    app: &App,
    caller: &Caller,
    within: Option<CampaignId>,
    id: InvitationId,
) -> Result<(InvitationView, String), Refusal> {
    may_invite(caller, within)?;
    let secret = hex(&caller.ids.secret());
    let (caller, token_hash) = (caller.clone(), secret_hash(&secret));
    let renewed = app.store.write(move |tx| {
        let caller = caller.clone();
        async move {
            let there = store::lookup_invitation(&tx, id).await?;
            let there = there.filter(|there| within.is_none() || there.scope.campaign() == within);
            let before = there.ok_or(Refusal::NotFound)?;
            // What one may not give one does not hand the key to either.
            refusal::obey(policy::may_give(&caller.actor, before.role, before.scope))?;
            let (usual, _) = Invitation::DAYS;
            let until = caller.now + Duration::days(usual);
            let renewed = before.renew(token_hash, caller.actor.user, until)?;
            let stored = store::save_invitation(&tx, &renewed).await?;
            let subject =
                Subject { kind: SubjectKind::Invitation, campaign: stored.scope.campaign(), id: id.0 };
            let details = json!({ "name": stored.display_name });
            ledger::record(&tx, caller.act_named("invitation.renew", subject, details)).await?;
            Ok::<_, Refusal>(invitation_view(&tx, stored, caller.now).await?)
        }
    });
    Ok((renewed.await?, secret))
}
