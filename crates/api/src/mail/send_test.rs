use axum::{Json, extract::State as Extract};
use chengjing_service::mail;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    State,
    http::{
        auth::Login,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// How it went.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct TestMail {
    /// Why it did not leave, in the mail server's words; null: it did.
    reason: Option<String>,
}

/// Sends the caller a test mail.
#[utoipa::path(
    post,
    path = "/api/v1/mail/test",
    operation_id = "send_test_mail",
    tag = "mail",
    responses((status = 200, description = "How it went.", body = TestMail), Refused, RefusedChange),
    extensions(("x-permission" = json!("user.manage"))),
)]
pub(crate) async fn send_test(
    Extract(state): Extract<State>,
    Login(caller): Login,
) -> Result<Json<TestMail>, Problem> {
    Ok(Json(TestMail { reason: mail::test_mail::test_mail(&state.app, &caller).await? }))
}
