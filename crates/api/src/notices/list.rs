use axum::{Json, extract::State as Extract};
use chengjing_service::remind;
use serde::Deserialize;
use utoipa::IntoParams;

use super::NoticeBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::Asked,
        list::{List, Paging},
        problem::{Problem, Refused},
    },
};

/// Which notices are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedNotices {
    /// Only those that were not read.
    #[serde(default)]
    #[param(required = false)]
    unread: bool,
}

/// What the caller was told, the newest first.
///
/// What tells of a task that is gone, or that the caller may see no longer, is left out, so that a page may be shorter
/// than asked for.
#[utoipa::path(
    get,
    path = "/api/v1/notices",
    operation_id = "list_notices",
    tag = "notices",
    params(WantedNotices, Paging),
    responses((status = 200, description = "A page.", body = List<NoticeBody>), Refused),
    extensions(("x-permission" = json!("notice.see"))),
)]
pub(crate) async fn list(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Asked(wanted): Asked<WantedNotices>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<List<NoticeBody>>, Problem> {
    let page = remind::list::list(&state.app, &caller, wanted.unread, paging.read()).await?;
    Ok(Json(List::from(page, |view| NoticeBody::new(view, caller.now))))
}
