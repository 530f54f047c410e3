use axum::extract::State as Extract;
use chengjing_domain::id::{EditionId, StandardId};
use chengjing_service::standard;

use super::{EditionBody, tagged};
use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused},
        version::Tagged,
    },
};

/// An edition with its tree, and what is wrong with it still while it is a draft.
#[utoipa::path(
    get,
    path = "/api/v1/standards/{standard}/editions/{edition}",
    operation_id = "look_up_edition",
    tag = "standards",
    params(("standard" = uuid::Uuid, Path), ("edition" = uuid::Uuid, Path)),
    responses((status = 200, description = "The edition.", body = EditionBody), Refused),
    extensions(("x-permission" = json!("standard.see"))),
)]
pub(crate) async fn look_up_edition(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((standard, id)): Ids<(StandardId, EditionId)>,
) -> Result<Tagged<EditionBody>, Problem> {
    Ok(tagged(standard::look_up::look_up_edition(&state.app, &caller, standard, id).await?))
}
