use axum::extract::State as Extract;
use chengjing_domain::id::{EditionId, StandardId};
use chengjing_service::standard;

use super::{EditionBody, tagged};
use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused, RefusedChange},
        version::{Seen, Tagged},
    },
};

/// Publishes a draft that is finished, with the catalogues that it uses as they stand. It is never changed afterwards.
#[utoipa::path(
    post,
    path = "/api/v1/standards/{standard}/editions/{edition}/publication",
    operation_id = "publish_edition",
    tag = "standards",
    params(("standard" = uuid::Uuid, Path), ("edition" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was seen.", example = "\"v1\"")),
    responses((status = 200, description = "Published.", body = EditionBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("standard.edit"))),
)]
pub(crate) async fn publish(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((standard, id)): Ids<(StandardId, EditionId)>,
    Seen(seen): Seen,
) -> Result<Tagged<EditionBody>, Problem> {
    Ok(tagged(standard::publish::publish(&state.app, &caller, standard, id, seen).await?))
}
