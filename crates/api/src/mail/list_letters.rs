use axum::{Json, extract::State as Extract};
use chengjing_service::mail;

use super::LetterBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::Asked,
        list::{List, Paging},
        problem::{Problem, Refused},
    },
};

/// What left by mail, what waits, and what failed and why; the newest first. What a letter says is not told.
#[utoipa::path(
    get,
    path = "/api/v1/mail/letters",
    operation_id = "list_letters",
    tag = "mail",
    params(Paging),
    responses((status = 200, description = "A page.", body = List<LetterBody>), Refused),
    extensions(("x-permission" = json!("user.manage"))),
)]
pub(crate) async fn list_letters(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Asked(paging): Asked<Paging>,
) -> Result<Json<List<LetterBody>>, Problem> {
    let page = mail::letters::list(&state.app, &caller, paging.read()).await?;
    Ok(Json(List::from(page, LetterBody::from)))
}
