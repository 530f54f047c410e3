use axum::{Json, extract::State as Extract, http::StatusCode};
use chengjing_domain::id::{CampaignId, UnitId};
use chengjing_service::publication::order_letters;
use serde::Deserialize;
use utoipa::ToSchema;

use super::FormWord;
use crate::{
    State,
    duties::task_table::Ordered,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
    },
};

/// Whose letters, and in which form.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewLetters {
    form: FormWord,
    /// Left out or null: of all units that have duties and whose letters one may have made, packed into one zip.
    #[serde(default)]
    unit_id: Option<uuid::Uuid>,
}

/// 目标责任书: has the letter of a unit made, or those of all. The job's file is for whoever ordered it.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/letters",
    operation_id = "print_letters",
    tag = "publications",
    params(("campaign" = uuid::Uuid, Path)),
    request_body = NewLetters,
    responses((status = 202, description = "A job makes them.", body = Ordered), Refused, RefusedChange),
    extensions(("x-permission" = json!("letter.print"))),
)]
pub(crate) async fn print_letters(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Body(new): Body<NewLetters>,
) -> Result<(StatusCode, Json<Ordered>), Problem> {
    let unit = new.unit_id.map(UnitId);
    let job = order_letters::order(&state.app, &caller, campaign, unit, new.form.into()).await?;
    Ok((StatusCode::ACCEPTED, Json(Ordered::by(job))))
}
