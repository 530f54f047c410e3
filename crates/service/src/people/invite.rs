use chengjing_domain::{
    id::{CampaignId, InvitationId},
    ledger::{Subject, SubjectKind},
    people::{
        Invitation, InvitationState,
        policy::{self, Action, Resource},
    },
};
use chengjing_store::{ledger, people as store};
use chrono::Duration;
use serde_json::json;

use super::{InvitationView, NewGrant, add_user, hex, invitation_view, secret_hash};
use crate::{
    App, Caller, Refusal,
    refusal::{self, Faults},
};

/// Who is invited to what.
#[derive(Debug, Clone)]
pub struct NewInvitation {
    pub display_name: String,
    pub grant: NewGrant,
    /// The link works that long.
    pub days: i64,
}

/// Makes an invitation; the link's secret is given back once and kept nowhere. `within` is the campaign whose office
/// asks; None: the installation's administrator. A repeated request gets another secret for the same invitation.
pub async fn invite(
    app: &App,
    caller: &Caller,
    within: Option<CampaignId>,
    new: NewInvitation,
) -> Result<(InvitationView, String), Refusal> {
    may_invite(caller, within)?;
    let mut faults = Faults::default();
    let display_name = faults.text("display_name", &new.display_name, 50);
    let (_, most) = Invitation::DAYS;
    if !(1..=most).contains(&new.days) {
        faults.add("days", format!("有效期为1到{most}天"), format!("1 to {most} days"));
    }
    if within.is_some() && new.grant.campaign != within {
        faults.add("grant.campaign_id", "只能邀请到本项目", "people are invited to this campaign only");
    }
    let scope = add_user::scope(new.grant).map_err(|(zh, en)| faults.add("grant", zh, en)).ok();
    faults.end()?;
    let Some(scope) = scope else { return Err(Refusal::Internal("a scope without a fault")) };
    refusal::obey(policy::may_give(&caller.actor, new.grant.role, scope))?;
    let secret = hex(&caller.ids.secret());
    let invitation = Invitation {
        id: caller.id::<InvitationId>("invitation"),
        token_hash: secret_hash(&secret),
        display_name,
        role: new.grant.role,
        scope,
        created_by: caller.actor.user,
        created_at: caller.now,
        expires_at: caller.now + Duration::days(new.days.min(most)),
        state: InvitationState::Open,
        takeover: None,
    };
    let subject = Subject { kind: SubjectKind::Invitation, campaign: scope.campaign(), id: invitation.id.0 };
    let details = json!({ "name": invitation.display_name, "role": invitation.role.code() });
    let act = caller.act_named("invitation.add", subject, details);
    let now = caller.now;
    let added = app.store.write(move |tx| {
        let (invitation, act) = (invitation.clone(), act.clone());
        async move {
            add_user::scope_must_exist(&tx, scope, "grant").await?;
            let stored = match store::lookup_invitation(&tx, invitation.id).await? {
                Some(there) if there.state != InvitationState::Open => {
                    return Err(Refusal::conflict(
                        "这个邀请已经用过或已撤回",
                        "This invitation was used or revoked",
                    ));
                }
                Some(_) => store::save_invitation(&tx, &invitation).await?,
                None => store::add_invitation(&tx, &invitation).await?,
            };
            ledger::record(&tx, act).await?;
            Ok::<_, Refusal>(invitation_view(&tx, stored, now).await?)
        }
    });
    Ok((added.await?, secret))
}

/// Whether the caller may invite to that campaign (None: to anything), and see and revoke such invitations.
pub(super) fn may_invite(caller: &Caller, within: Option<CampaignId>) -> Result<(), Refusal> {
    match within {
        Some(campaign) => caller.may(Action::ManagePeople, Resource::Campaign(campaign)),
        None => caller.may(Action::ManageUsers, Resource::System),
    }
}
