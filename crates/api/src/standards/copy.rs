use axum::extract::State as Extract;
use chengjing_domain::id::{EditionId, StandardId};
use chengjing_service::standard;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{EditionBody, tagged};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
        version::Tagged,
    },
};

/// What is copied, and what the copy is called.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewEdition {
    /// The edition that is copied.
    #[schema(value_type = uuid::Uuid)]
    copy_of: EditionId,
    #[schema(max_length = 40, example = "2027")]
    edition: String,
}

/// Copies an edition to a new draft.
#[utoipa::path(
    post,
    path = "/api/v1/standards/{standard}/editions",
    operation_id = "copy_edition",
    tag = "standards",
    params(("standard" = uuid::Uuid, Path)),
    request_body = NewEdition,
    responses((status = 201, description = "A draft.", body = EditionBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("standard.edit"))),
)]
pub(crate) async fn copy(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(id): Ids<StandardId>,
    Body(new): Body<NewEdition>,
) -> Result<Tagged<EditionBody>, Problem> {
    let copied = standard::copy::copy(&state.app, &caller, id, new.copy_of, &new.edition).await?;
    Ok(Tagged { status: axum::http::StatusCode::CREATED, ..tagged(copied) })
}
