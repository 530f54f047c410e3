use axum::{
    Json,
    body::Bytes,
    extract::State as Extract,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use chengjing_domain::{
    attachment::name::disposition,
    id::{CampaignId, JobId},
};
use chengjing_service::{Format, duty};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Wanted;
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
    },
};

#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FormatWord {
    Xlsx,
    Docx,
}

/// Which duties, and in which form.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewTaskTable {
    format: FormatWord,
    /// What was filtered, in words, to be printed under the title.
    #[schema(max_length = 200)]
    note: Option<String>,
    /// All that is given must hold.
    #[serde(default)]
    filter: Wanted,
}

/// The job that prints it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Ordered {
    job: uuid::Uuid,
}

impl Ordered {
    pub(crate) fn by(job: JobId) -> Self {
        Self { job: job.0 }
    }
}

/// 任务分解及进度表: has the wanted duties printed as a spreadsheet or a document. The job's file is for whoever ordered it.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/task-tables",
    operation_id = "print_task_table",
    tag = "duties",
    params(("campaign" = uuid::Uuid, Path)),
    request_body = NewTaskTable,
    responses((status = 202, description = "A job prints it.", body = Ordered), Refused, RefusedChange),
    extensions(("x-permission" = json!("duty.export"))),
)]
pub(crate) async fn task_table(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Body(new): Body<NewTaskTable>,
) -> Result<(StatusCode, Json<Ordered>), Problem> {
    let format = match new.format {
        FormatWord::Xlsx => Format::Xlsx,
        FormatWord::Docx => Format::Docx,
    };
    let note =
        new.note.map(|note| note.chars().take(200).collect::<String>()).filter(|note| !note.is_empty());
    let job = duty::task_table::order(&state.app, &caller, campaign, new.filter.into(), note, format).await?;
    Ok((StatusCode::ACCEPTED, Json(Ordered::by(job))))
}

/// A file to be saved under its Chinese name (RFC 6266).
pub(crate) fn file(bytes: impl Into<Bytes>, media_type: &'static str, name: &str) -> Response {
    let mut response = bytes.into().into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    if let Ok(value) = HeaderValue::from_str(&disposition(false, name)) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}
