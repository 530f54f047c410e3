use axum::{
    extract::State as Extract,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use chengjing_domain::id::CampaignId;
use chengjing_service::{Format, duty};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::Wanted;
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        problem::{Problem, Refused, RefusedChange},
    },
};

#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FormatWord {
    Xlsx,
    Docx,
}

/// In which form.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Printing {
    #[param(inline)]
    format: FormatWord,
    /// What was filtered, in words, to be printed under the title.
    #[param(max_length = 200)]
    note: Option<String>,
}

/// 任务分解表: the wanted duties as a spreadsheet or a document.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/task-table",
    operation_id = "print_task_table",
    tag = "duties",
    params(("campaign" = uuid::Uuid, Path), Printing, Wanted),
    responses(
        (status = 200, description = "The file.", content(
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        )),
        Refused,
        RefusedChange,
    ),
    extensions(("x-permission" = json!("duty.export"))),
)]
pub(crate) async fn task_table(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Asked(printing): Asked<Printing>,
    Asked(wanted): Asked<Wanted>,
) -> Result<Response, Problem> {
    let format = match printing.format {
        FormatWord::Xlsx => Format::Xlsx,
        FormatWord::Docx => Format::Docx,
    };
    let note =
        printing.note.map(|note| note.chars().take(200).collect::<String>()).filter(|note| !note.is_empty());
    let printed =
        duty::task_table::task_table(&state.app, &caller, campaign, wanted.into(), note, format).await?;
    Ok(file(printed.bytes, format.media_type(), &printed.name))
}

/// A file to be saved under its Chinese name (RFC 6266).
pub(crate) fn file(bytes: Vec<u8>, media_type: &'static str, name: &str) -> Response {
    let encoded: String = name
        .bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect();
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename*=UTF-8''{encoded}")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}
