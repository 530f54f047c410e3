//! Finding anything.

use axum::{Json, extract::State as Extract};
use chengjing_domain::{id::CampaignId, ledger::SubjectKind, plan::Span};
use chengjing_service::search::{self, Hit};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        list::{List, Paging},
        problem::{Problem, Refused},
    },
};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    #[param(min_length = 1, max_length = 100, example = "校园")]
    q: String,
    /// Only things of this kind.
    #[param(inline)]
    kind: Option<HitKind>,
}

/// Something that was found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HitBody {
    kind: HitKind,
    id: uuid::Uuid,
    title: String,
    /// Where the words stand in the title: `[start, end)` in characters.
    #[schema(value_type = Vec<Vec<usize>>)]
    title_marks: Vec<[usize; 2]>,
    /// The part of its text that holds the words, else its beginning; of a unit its other names.
    excerpt: String,
    /// Where the words stand in the excerpt: `[start, end)` in characters.
    #[schema(value_type = Vec<Vec<usize>>)]
    marks: Vec<[usize; 2]>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum HitKind {
    Duty,
    Unit,
    Plan,
    Evidence,
}

impl From<Hit> for HitBody {
    fn from(hit: Hit) -> Self {
        let kind = match hit.kind {
            SubjectKind::Unit => HitKind::Unit,
            SubjectKind::PlanImport => HitKind::Plan,
            SubjectKind::Evidence => HitKind::Evidence,
            _ => HitKind::Duty,
        };
        let spans = |marks: Vec<Span>| marks.into_iter().map(Into::into).collect();
        Self {
            kind,
            id: hit.id,
            title: hit.title,
            title_marks: spans(hit.title_marks),
            excerpt: hit.excerpt,
            marks: spans(hit.marks),
        }
    }
}

/// Anything of a campaign that holds these words; two characters are enough.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/search",
    operation_id = "search",
    tag = "search",
    params(("campaign" = uuid::Uuid, Path), Wanted, Paging),
    responses((status = 200, description = "A page of what the caller may see.", body = List<HitBody>), Refused),
    extensions(("x-permission" = json!("search"))),
)]
pub(crate) async fn search(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Asked(wanted): Asked<Wanted>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<List<HitBody>>, Problem> {
    let kind = wanted.kind.map(|kind| match kind {
        HitKind::Duty => SubjectKind::Duty,
        HitKind::Unit => SubjectKind::Unit,
        HitKind::Plan => SubjectKind::PlanImport,
        HitKind::Evidence => SubjectKind::Evidence,
    });
    let page = search::search(&state.app, &caller, campaign, wanted.q, kind, paging.read()).await?;
    Ok(Json(List::from(page, HitBody::from)))
}
