use axum::Json;
use chengjing_service::standard::list_shipped::{self, ShippedSeen};
use serde::Serialize;
use utoipa::ToSchema;

use super::LevelWord;
use crate::http::{
    auth::Login,
    list::List,
    problem::{Problem, Refused},
};

/// A standard that comes with the program.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ShippedStandard {
    /// The `id` in its file.
    #[schema(example = "civilised-county")]
    code: String,
    edition: String,
    title: String,
    about: Option<String>,
    kind: String,
    level: LevelWord,
    leaves: u64,
}

impl From<ShippedSeen> for ShippedStandard {
    fn from(seen: ShippedSeen) -> Self {
        let ShippedSeen { code, edition, title, about, kind, level, leaves } = seen;
        Self { code, edition, title, about, kind, level: level.into(), leaves: leaves as u64 }
    }
}

/// The standards that come with the program, to be taken over.
#[utoipa::path(
    get,
    path = "/api/v1/shipped-standards",
    operation_id = "list_shipped_standards",
    tag = "standards",
    responses((status = 200, description = "All of them.", body = List<ShippedStandard>), Refused),
    extensions(("x-permission" = json!("standard.browse"))),
)]
pub(crate) async fn list_shipped(Login(caller): Login) -> Result<Json<List<ShippedStandard>>, Problem> {
    let shipped = list_shipped::list_shipped(&caller)?;
    Ok(Json(List::whole(shipped.into_iter().map(Into::into))))
}
