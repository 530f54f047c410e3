use axum::{
    Json,
    extract::State as Extract,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use chengjing_domain::id::{AttachmentId, CampaignId};
use chengjing_service::attachment::{
    content,
    preview::{self as service, Block, Cell, Document, Preview, Sheet, Text, Workbook},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::download::harmless;
use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused},
        range,
    },
};

/// What is given has another shape, or another content, than an earlier version of the program gave of the same file.
const EDITION: u32 = 1;

/// What a document holds. What does not fit is left out at the end, never in between, and counted.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum PreviewBody {
    /// Of a Word document.
    Document {
        blocks: Vec<BlockBody>,
        /// So many paragraphs and rows are left out.
        more: usize,
        /// So many pictures are in it; none is given.
        pictures: usize,
    },
    /// Of a spreadsheet.
    Workbook {
        /// The sheets that are not hidden, at most 20.
        sheets: Vec<SheetBody>,
        /// So many sheets are left out.
        more: usize,
        /// So many sheets are hidden.
        hidden: usize,
    },
    /// Of a text or CSV file.
    Text {
        lines: Vec<String>,
        /// So many lines are left out.
        more: usize,
    },
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum BlockBody {
    Paragraph {
        text: String,
        /// 1 to 9; null where it is no heading.
        heading: Option<u8>,
        /// What stands in front of it: `1.`, `(一)`, `•`.
        marker: Option<String>,
        /// How deep in its list, from 0.
        level: u8,
        centred: bool,
    },
    Table {
        /// Each with its cells from the left, without those that others reach over.
        rows: Vec<Vec<CellBody>>,
    },
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CellBody {
    /// From 0.
    column: u32,
    /// As its program displays it.
    #[schema(example = "87.5%")]
    text: String,
    /// Over so many columns it reaches.
    columns: u32,
    /// Over so many of the given rows it reaches.
    rows: u32,
    /// A number or a date.
    number: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SheetBody {
    name: String,
    /// How many columns are given, at most 60.
    columns: u32,
    /// The rows that hold something, at most 500.
    rows: Vec<SheetRowBody>,
    /// So many rows are left out.
    more_rows: usize,
    /// So many columns are left out.
    more_columns: u32,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SheetRowBody {
    /// As the spreadsheet's program numbers it, from 1.
    number: u32,
    /// The cells that hold something.
    cells: Vec<CellBody>,
}

/// What a Word document, a spreadsheet or a text holds, to be looked at in place: headings, lists, tables, cells as they are
/// displayed. `urn:chengjing:problem:unreadable` says why a file can't be read, and what to do instead. Images, PDF and
/// video are shown by browsers from their content.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/attachments/{attachment}/preview",
    operation_id = "preview_attachment",
    tag = "attachments",
    params(("campaign" = uuid::Uuid, Path), ("attachment" = uuid::Uuid, Path)),
    responses(
        (status = 200, description = "What it holds.", body = PreviewBody),
        (status = 304, description = "Unchanged since the `ETag` in `If-None-Match`."),
        Refused,
    ),
    extensions(("x-permission" = json!("duty.see"))),
)]
pub(crate) async fn preview(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, AttachmentId)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let attachment = content::find(&state.app, &caller, campaign, id).await?;
    let tag = format!("\"{}-{EDITION}\"", attachment.hash);
    if range::is_known(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    let preview = service::preview(&state.app, &attachment).await?;
    let mut response = Json(PreviewBody::from(preview)).into_response();
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    harmless(response.headers_mut());
    Ok(response)
}

impl From<Preview> for PreviewBody {
    fn from(preview: Preview) -> Self {
        match preview {
            Preview::Document(Document { blocks, more, pictures }) => {
                Self::Document { blocks: blocks.into_iter().map(BlockBody::from).collect(), more, pictures }
            }
            Preview::Workbook(Workbook { sheets, more, hidden }) => {
                Self::Workbook { sheets: sheets.into_iter().map(SheetBody::from).collect(), more, hidden }
            }
            Preview::Text(Text { lines, more }) => Self::Text { lines, more },
        }
    }
}

impl From<Block> for BlockBody {
    fn from(block: Block) -> Self {
        match block {
            Block::Paragraph(paragraph) => Self::Paragraph {
                text: paragraph.text,
                heading: paragraph.heading,
                marker: paragraph.marker,
                level: paragraph.level,
                centred: paragraph.centred,
            },
            Block::Table(rows) => Self::Table { rows: rows.into_iter().map(cells).collect() },
        }
    }
}

fn cells(cells: Vec<Cell>) -> Vec<CellBody> {
    let cell =
        |Cell { column, text, columns, rows, number }| CellBody { column, text, columns, rows, number };
    cells.into_iter().map(cell).collect()
}

impl From<Sheet> for SheetBody {
    fn from(sheet: Sheet) -> Self {
        let row = |row: service::Row| SheetRowBody { number: row.number, cells: cells(row.cells) };
        Self {
            name: sheet.name,
            columns: sheet.columns,
            rows: sheet.rows.into_iter().map(row).collect(),
            more_rows: sheet.more_rows,
            more_columns: sheet.more_columns,
        }
    }
}
