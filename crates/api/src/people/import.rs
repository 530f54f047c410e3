use axum::{
    Extension,
    body::Body,
    extract::State as Extract,
    response::{IntoResponse, Response},
};
use chengjing_domain::{id::CampaignId, people::Invitation};
use chengjing_service::{Format, people::import_people};
use serde::Deserialize;
use utoipa::IntoParams;

use super::preview_import::{EntryWord, whole};
use crate::{
    State,
    duties::task_table::file as attachment,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        idempotency::Unkept,
        problem::{Problem, Refused, RefusedChange},
    },
};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct How {
    #[param(inline)]
    entry: EntryWord,
    /// Links work that long; 7 days where it is not said.
    #[serde(default = "usual_days")]
    #[param(required = false, minimum = 1, maximum = 90)]
    days: i64,
    /// Where the web app is reached: it stands before each link.
    #[param(example = "https://chengjing.example")]
    link_base: String,
}

fn usual_days() -> i64 {
    Invitation::DAYS.0
}

/// Brings all people of an xlsx in, or nobody where anything in it is wrong, and answers with an xlsx that has each one's
/// link or password beside them. It is given once: a repeated request with the same idempotency key makes nobody twice and
/// gives new links and passwords. With `entry=account` it needs `user.manage` too; such passwords must be changed at the
/// first login. The phone of a liaison becomes part of the unit's contacts.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/people/sheet",
    operation_id = "import_people",
    tag = "users",
    params(("campaign" = uuid::Uuid, Path), How),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The xlsx."),
    responses(
        (status = 200, description = "The list with links or passwords.", body = Vec<u8>,
            content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        Refused,
        RefusedChange,
    ),
    extensions(("x-permission" = json!("people.manage"))),
)]
pub(crate) async fn import(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Asked(how): Asked<How>,
    body: Body,
) -> Result<Response, Problem> {
    let bytes = whole(body).await?;
    let entrance =
        import_people::Entrance { entry: how.entry.into(), days: how.days, link_base: how.link_base };
    let (name, bytes) = import_people::bring(&state.app, &caller, campaign, entrance, bytes).await?;
    Ok((Extension(Unkept), attachment(bytes, Format::Xlsx.media_type(), &name)).into_response())
}
