use axum::{Json, extract::State as Extract};
use chengjing_domain::id::NoticeId;
use chengjing_service::remind;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::ToSchema;

use super::UnreadBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::Body,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// What was read: these, or all that were made until a moment, so that what came meanwhile stays unread.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReadNotices {
    #[schema(value_type = Option<Vec<uuid::Uuid>>, max_items = 200)]
    ids: Option<Vec<NoticeId>>,
    /// `made_at` of the newest that was seen.
    until: Option<DateTime<Utc>>,
}

/// Marks notices as read, and says how many are left.
#[utoipa::path(
    post,
    path = "/api/v1/notices/read",
    operation_id = "read_notices",
    tag = "notices",
    request_body = ReadNotices,
    responses((status = 200, description = "What is still unread.", body = UnreadBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("notice.read"))),
)]
pub(crate) async fn read(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Body(which): Body<ReadNotices>,
) -> Result<Json<UnreadBody>, Problem> {
    let unread = remind::read::read(&state.app, &caller, which.ids, which.until).await?;
    Ok(Json(UnreadBody { unread }))
}
