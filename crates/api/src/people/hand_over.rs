use axum::{Extension, Json, extract::State as Extract};
use chengjing_domain::{
    id::{CampaignId, HandoverRequestId, UserId},
    people::Invitation,
};
use chengjing_service::people::handover::{self, Successor};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::look_up_handover::LeavingBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        idempotency::Unkept,
        problem::{Problem, Refused, RefusedChange},
    },
    invitations::MadeInvitation,
};

/// Who takes it over.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewHandover {
    to: SuccessorBody,
    /// The request of the person's that this confirms: 409 where it waits no more. Without it, one that waits is confirmed all
    /// the same.
    #[serde(default)]
    #[schema(value_type = Option<uuid::Uuid>)]
    request_id: Option<HandoverRequestId>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum SuccessorBody {
    /// A user; for the office one of this campaign.
    User {
        #[schema(value_type = uuid::Uuid)]
        id: UserId,
    },
    /// Somebody who is no user yet and comes by a link.
    Invite {
        #[schema(max_length = 50, example = "王芳")]
        display_name: String,
        /// The link works that long; 7 days where it is not said.
        #[serde(default = "usual_days")]
        #[schema(minimum = 1, maximum = 90, example = 7)]
        days: i64,
    },
}

fn usual_days() -> i64 {
    Invitation::DAYS.0
}

/// What was handed over.
#[derive(Serialize, ToSchema)]
pub(crate) struct HandedOver {
    handed_over: LeavingBody,
    /// Where the successor is invited.
    invitation: Option<MadeInvitation>,
}

/// Gives all that a person holds in a campaign to a successor and ends the person's sessions, the tokens that work there
/// and the invitations that they made: one act, one entry of the ledger. Every role must be one that the caller may give.
/// A request of the person's that waits (`ask_for_handover`) is confirmed, and they are told. 409 where somebody else was
/// faster. The secret of an invitation's link is in this answer and nowhere else; one that was
/// lost is revoked, and the roles are given by hand or by another invitation.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/people/{user}/handover",
    operation_id = "hand_over",
    tag = "users",
    params(("campaign" = uuid::Uuid, Path), ("user" = uuid::Uuid, Path)),
    request_body = NewHandover,
    responses((status = 200, description = "Handed over.", body = HandedOver), Refused, RefusedChange),
    extensions(("x-permission" = json!("people.manage"))),
)]
pub(crate) async fn hand_over(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, user)): Ids<(CampaignId, UserId)>,
    Body(NewHandover { to, request_id }): Body<NewHandover>,
) -> Result<(Extension<Unkept>, Json<HandedOver>), Problem> {
    let successor = match to {
        SuccessorBody::User { id } => Successor::User(id),
        SuccessorBody::Invite { display_name, days } => Successor::Invited { display_name, days },
    };
    let done = handover::hand_over(&state.app, &caller, campaign, user, successor, request_id).await?;
    let body = HandedOver {
        handed_over: done.leaving.into(),
        invitation: done.invitation.map(MadeInvitation::from),
    };
    Ok((Extension(Unkept), Json(body)))
}
