use axum::{Json, extract::State as Extract, http::StatusCode};
use chengjing_domain::id::{CampaignId, StandardId};
use chengjing_service::evidence::dossier::{Wanted, order};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    State,
    duties::task_table::Ordered,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
    },
};

/// Of what a dossier is wanted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewDossier {
    /// Left out or null: of all standards that the campaign is assessed by.
    #[serde(default)]
    #[schema(value_type = Option<uuid::Uuid>)]
    standard_id: Option<StandardId>,
    /// The code of a leaf or of a part above leaves; left out or null: all of it.
    #[serde(default)]
    #[schema(example = "Ⅰ-1")]
    place: Option<String>,
}

/// 卷宗: has what was accepted packed into one zip, in folders after the standard's tree, with a cover, the table of the
/// materials, the sheet of their reviews, numbered files and the texts as PDF. Of the units that one's role reaches. The
/// job's file is for whoever ordered it.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/dossiers",
    operation_id = "pack_dossier",
    tag = "evidence",
    params(("campaign" = uuid::Uuid, Path)),
    request_body = NewDossier,
    responses((status = 202, description = "A job packs it.", body = Ordered), Refused, RefusedChange),
    extensions(("x-permission" = json!("dossier.pack"))),
)]
pub(crate) async fn pack_dossier(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Body(new): Body<NewDossier>,
) -> Result<(StatusCode, Json<Ordered>), Problem> {
    let wanted = Wanted { standard: new.standard_id, place: new.place };
    let job = order::order(&state.app, &caller, campaign, wanted).await?;
    Ok((StatusCode::ACCEPTED, Json(Ordered::by(job))))
}
