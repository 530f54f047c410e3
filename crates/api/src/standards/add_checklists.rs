use axum::extract::State as Extract;
use chengjing_domain::id::{CampaignId, EditionId, ImportId, StandardId};
use chengjing_service::standard::add_checklists::{self, Wanted};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{EditionBody, tagged};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
        version::{Seen, Tagged},
    },
};

/// Checklists of a plan document.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WantedChecklists {
    #[schema(value_type = uuid::Uuid)]
    campaign_id: CampaignId,
    /// The plan document.
    #[schema(value_type = uuid::Uuid)]
    plan_id: ImportId,
    #[schema(min_items = 1, max_items = 500)]
    checklists: Vec<WantedChecklist>,
}

/// One of them, by where it stands in what was read of the document.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WantedChecklist {
    /// The number of its plan, from 0.
    plan: usize,
    /// Its own number in that plan, from 0.
    checklist: usize,
}

/// A draft with what was added to it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WithChecklists {
    #[serde(flatten)]
    edition: EditionBody,
    /// Site types that are new.
    site_types_added: usize,
    criteria_added: usize,
    /// Criteria that were there already, by their words.
    criteria_there: usize,
}

/// Makes site types of a draft out of checklists that were found in a plan document: one for each checklist, and a criterion
/// for whatever is judged by itself. A site type of the same title gets the criteria that it has not.
#[utoipa::path(
    post,
    path = "/api/v1/standards/{standard}/editions/{edition}/site-types",
    operation_id = "add_checklists",
    tag = "standards",
    params(("standard" = uuid::Uuid, Path), ("edition" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was seen.", example = "\"v1\"")),
    request_body = WantedChecklists,
    responses((status = 200, description = "Kept.", body = WithChecklists), Refused, RefusedChange),
    extensions(("x-permission" = json!("standard.edit"))),
)]
pub(crate) async fn add_checklists(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((standard, id)): Ids<(StandardId, EditionId)>,
    Seen(seen): Seen,
    Body(wanted): Body<WantedChecklists>,
) -> Result<Tagged<WithChecklists>, Problem> {
    let checklists = wanted.checklists.iter().map(|one| (one.plan, one.checklist)).collect();
    let wanted = Wanted { campaign: wanted.campaign_id, plan: wanted.plan_id, checklists };
    let (edited, gathered) =
        add_checklists::add_checklists(&state.app, &caller, standard, id, seen, wanted).await?;
    let Tagged { body: edition, version, .. } = tagged(edited);
    let body = WithChecklists {
        edition,
        site_types_added: gathered.site_types,
        criteria_added: gathered.criteria,
        criteria_there: gathered.there,
    };
    Ok(Tagged::ok(version, body))
}
