//! Which units answer for which indicator 责任分解.

use axum::{
    Json,
    body::{self, to_bytes},
    extract::State as Extract,
    response::Response,
};
use chengjing_domain::{
    id::{CampaignId, DutyId, StandardId, UnitId},
    standard::owner::Owner,
};
use chengjing_service::{
    Format, Refusal,
    standard::owners::{self, LeafSeen, OwnersSeen, import_sheet, set::Said},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    State,
    duties::task_table::file as attachment,
    http::{
        auth::Login,
        extract::{Asked, Body, Ids},
        problem::{Problem, Refused, RefusedChange},
        words::{DecimalText, Named, UnitRoleWord},
    },
};

/// The indicators of a standard with the units that answer for them, in the order of its tree.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OwnersBody {
    title: String,
    #[schema(example = "2026")]
    edition: String,
    leaves: Vec<LeafOwnersBody>,
    /// Whether the caller may say who answers.
    editable: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LeafOwnersBody {
    #[schema(example = "Ⅲ-12")]
    leaf: String,
    title: String,
    marks: DecimalText,
    /// The titles of the places above it, from the top.
    above: Vec<String>,
    /// Those that lead first.
    owners: Vec<OwnerBody>,
    /// 0: nobody said yet who answers for it.
    version: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OwnerBody {
    unit: Named,
    role: UnitRoleWord,
    /// The duty that it was taken from, for whoever sees all duties.
    duty: Option<OwnersDuty>,
}

/// A duty by its title.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OwnersDuty {
    id: Uuid,
    title: String,
}

/// Who answers for some indicators from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SaidOwners {
    #[schema(min_items = 1, max_items = 500)]
    leaves: Vec<SaidLeaf>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SaidLeaf {
    #[schema(example = "Ⅲ-12")]
    leaf: String,
    /// The version that was seen; 0 where nobody had said yet.
    version: i64,
    /// A unit that stands twice has the weightier role. Empty: nobody.
    #[schema(max_items = 60)]
    owners: Vec<SaidOwner>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SaidOwner {
    #[schema(value_type = Uuid)]
    unit_id: UnitId,
    role: UnitRoleWord,
    /// The duty that it is taken from.
    #[serde(default)]
    #[schema(value_type = Option<Uuid>, required = false)]
    duty_id: Option<DutyId>,
}

/// For indicators that nobody answers for yet, the duties that hold their words.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OwnerSuggestions {
    leaves: Vec<LeafSuggestions>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LeafSuggestions {
    leaf: String,
    /// The best first.
    duties: Vec<FittingDuty>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FittingDuty {
    id: Uuid,
    number: Option<String>,
    title: String,
    /// How much of the indicator's words it holds, in thousandths.
    #[schema(example = 820)]
    held: u32,
    units: Vec<FittingUnit>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FittingUnit {
    unit: Named,
    role: UnitRoleWord,
}

/// Whether it is done or only looked at.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct How {
    /// Left out: nothing is changed, the answer says what would be.
    #[serde(default)]
    #[param(required = false)]
    apply: bool,
}

/// What a sheet of owners changes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OwnersSheetChanges {
    changed: Vec<ChangedLeaf>,
    /// Rows that say what is there already.
    unchanged: usize,
    /// Whether it has been done.
    applied: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChangedLeaf {
    row: u32,
    leaf: String,
    owners: Vec<FittingUnit>,
}

impl From<OwnersSeen> for OwnersBody {
    fn from(seen: OwnersSeen) -> Self {
        let OwnersSeen { opened, leaves, editable } = seen;
        let whole = &opened.whole;
        let leaf = |seen: LeafSeen| {
            let place = &whole.places[whole.leaves[seen.leaf].place];
            let mut above = Vec::new();
            let mut next = place.parent;
            while let Some(number) = next {
                above.push(whole.places[number].title.clone());
                next = whole.places[number].parent;
            }
            above.reverse();
            let owners = seen.owners.into_iter().map(|one| OwnerBody {
                unit: one.unit.into(),
                role: one.role.into(),
                duty: one.duty.map(|(id, title)| OwnersDuty { id: id.0, title }),
            });
            LeafOwnersBody {
                leaf: place.code.clone(),
                title: place.title.clone(),
                marks: DecimalText(place.marks),
                above,
                owners: owners.collect(),
                version: seen.version,
            }
        };
        Self {
            title: whole.standard.title.clone(),
            edition: whole.standard.edition.clone(),
            leaves: leaves.into_iter().map(leaf).collect(),
            editable,
        }
    }
}

/// Who answers for the indicators of a standard that the campaign is assessed by.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/standards/{standard}/owners",
    operation_id = "list_leaf_owners",
    tag = "standards",
    params(("campaign" = uuid::Uuid, Path), ("standard" = uuid::Uuid, Path)),
    responses((status = 200, description = "All its indicators.", body = OwnersBody), Refused),
    extensions(("x-permission" = json!("standard.see"))),
)]
pub(crate) async fn list_owners(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, standard)): Ids<(CampaignId, StandardId)>,
) -> Result<Json<OwnersBody>, Problem> {
    Ok(Json(owners::list::list(&state.app, &caller, campaign, standard).await?.into()))
}

/// Says who answers for some indicators, in place of what was said: for all of them or, where anything is wrong or was changed
/// meanwhile, for none.
#[utoipa::path(
    put,
    path = "/api/v1/campaigns/{campaign}/standards/{standard}/owners",
    operation_id = "set_leaf_owners",
    tag = "standards",
    params(("campaign" = uuid::Uuid, Path), ("standard" = uuid::Uuid, Path)),
    request_body = SaidOwners,
    responses((status = 200, description = "All indicators as they stand now.", body = OwnersBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("standard.assign"))),
)]
pub(crate) async fn set_owners(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(key): Ids<(CampaignId, StandardId)>,
    Body(said): Body<SaidOwners>,
) -> Result<Json<OwnersBody>, Problem> {
    let owner = |one: SaidOwner| Owner { unit: one.unit_id, role: one.role.into(), duty: one.duty_id };
    let said = said.leaves.into_iter().map(|one| Said {
        leaf: one.leaf,
        seen: one.version,
        owners: one.owners.into_iter().map(owner).collect(),
    });
    Ok(Json(owners::set::set(&state.app, &caller, key, said.collect()).await?.into()))
}

/// For indicators that nobody answers for yet, the duties that hold their words: whoever owes them could. Nothing is decided.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/standards/{standard}/owners/suggestions",
    operation_id = "suggest_leaf_owners",
    tag = "standards",
    params(("campaign" = uuid::Uuid, Path), ("standard" = uuid::Uuid, Path)),
    responses((status = 200, description = "Indicators that some duty fits.", body = OwnerSuggestions), Refused),
    extensions(("x-permission" = json!("standard.assign"))),
)]
pub(crate) async fn suggest_owners(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, standard)): Ids<(CampaignId, StandardId)>,
) -> Result<Json<OwnerSuggestions>, Problem> {
    let (found, names) = owners::suggest::suggest(&state.app, &caller, campaign, standard).await?;
    let leaves = found.into_iter().map(|leaf| LeafSuggestions {
        leaf: leaf.code,
        duties: leaf
            .fits
            .into_iter()
            .map(|(duty, held)| FittingDuty {
                id: duty.id.0,
                held,
                units: names
                    .units(&duty.units)
                    .into_iter()
                    .map(|one| FittingUnit { unit: one.unit.into(), role: one.role.into() })
                    .collect(),
                number: duty.number,
                title: duty.title,
            })
            .collect(),
    });
    Ok(Json(OwnerSuggestions { leaves: leaves.collect() }))
}

/// Who answers for which indicator as an xlsx 责任分解一体表, which can be filled in and read in again.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/standards/{standard}/owners/sheet",
    operation_id = "export_leaf_owners",
    tag = "standards",
    params(("campaign" = uuid::Uuid, Path), ("standard" = uuid::Uuid, Path)),
    responses(
        (status = 200, description = "The table.", body = Vec<u8>,
            content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        Refused,
    ),
    extensions(("x-permission" = json!("standard.see"))),
)]
pub(crate) async fn export_owners(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, standard)): Ids<(CampaignId, StandardId)>,
) -> Result<Response, Problem> {
    let (name, bytes) = owners::export_sheet::export_sheet(&state.app, &caller, campaign, standard).await?;
    Ok(attachment(bytes, Format::Xlsx.media_type(), &name))
}

/// The largest sheet that is taken, in bytes.
const LIMIT: u64 = 2 << 20;

/// Takes in an xlsx of owners as the export gives it: rows are found by 指标编号; a column of roles that is not there leaves that role
/// as it is. Faults name their cell (`责任分解!E7`), all at once; nothing is changed where there is any.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/standards/{standard}/owners/sheet",
    operation_id = "import_leaf_owners",
    tag = "standards",
    params(("campaign" = uuid::Uuid, Path), ("standard" = uuid::Uuid, Path), How),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The xlsx."),
    responses((status = 200, description = "What it changes.", body = OwnersSheetChanges), Refused, RefusedChange),
    extensions(("x-permission" = json!("standard.assign"))),
)]
pub(crate) async fn import_owners(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(key): Ids<(CampaignId, StandardId)>,
    Asked(how): Asked<How>,
    body: body::Body,
) -> Result<Json<OwnersSheetChanges>, Problem> {
    let limit = usize::try_from(LIMIT).unwrap_or(usize::MAX);
    let bytes = to_bytes(body, limit).await.map_err(|_| Refusal::TooLarge { limit: LIMIT })?.to_vec();
    let list = if how.apply {
        import_sheet::apply(&state.app, &caller, key, bytes).await?
    } else {
        import_sheet::preview(&state.app, &caller, key, bytes).await?
    };
    let import_sheet::SheetChanges { changes, names, unchanged } = list;
    let changed = changes.into_iter().map(|(row, leaf, owners)| ChangedLeaf {
        row,
        leaf,
        owners: owners
            .into_iter()
            .map(|one| FittingUnit { unit: names.unit(one.unit).into(), role: one.role.into() })
            .collect(),
    });
    Ok(Json(OwnersSheetChanges { changed: changed.collect(), unchanged, applied: how.apply }))
}
