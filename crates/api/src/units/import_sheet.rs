use axum::{
    Json,
    body::{Body, to_bytes},
    extract::State as Extract,
};
use chengjing_domain::id::{CampaignId, UnitId};
use chengjing_service::{
    Refusal,
    unit::{UnitName, import_sheet},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        problem::{Problem, Refused, RefusedChange},
        words::{PostWord, UnitKindWord},
    },
};

/// Whether it is done or only looked at.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct How {
    /// Left out: nothing is changed, the answer says what would be.
    #[serde(default)]
    #[param(required = false)]
    apply: bool,
}

/// What a list of units changes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnitListChanges {
    added: Vec<ListedUnit>,
    changed: Vec<ChangedUnit>,
    /// Rows that say what is there already.
    unchanged: usize,
    /// Whether it has been done.
    applied: bool,
}

/// A unit as its row says it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListedUnit {
    row: u32,
    name: String,
    kind: UnitKindWord,
    parent: Option<String>,
    aliases: Vec<String>,
    contacts: Vec<ListedContact>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListedContact {
    post: PostWord,
    name: String,
    phone: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChangedUnit {
    before: ListedUnit,
    after: ListedUnit,
}

/// The largest list that is taken, in bytes; one of five thousand units has a fifth of that.
const LIMIT: u64 = 2 << 20;

/// Takes in an xlsx of units as the export gives it: new names are added, units that it names become as it says, others
/// stay. Faults name their cell (`单位!B7`), all at once; nothing is changed where there is any.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/units/sheet",
    operation_id = "import_units",
    tag = "units",
    params(("campaign" = uuid::Uuid, Path), How),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The xlsx."),
    responses((status = 200, description = "What it changes.", body = UnitListChanges), Refused, RefusedChange),
    extensions(("x-permission" = json!("unit.edit"))),
)]
pub(crate) async fn import_sheet(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Asked(how): Asked<How>,
    body: Body,
) -> Result<Json<UnitListChanges>, Problem> {
    let limit = usize::try_from(LIMIT).unwrap_or(usize::MAX);
    let bytes = to_bytes(body, limit).await.map_err(|_| Refusal::TooLarge { limit: LIMIT })?.to_vec();
    let list = if how.apply {
        import_sheet::apply(&state.app, &caller, campaign, bytes).await?
    } else {
        import_sheet::preview(&state.app, &caller, campaign, bytes).await?
    };
    let import_sheet::ListChanges { changes, names } = list;
    let listed = |row: u32, unit: chengjing_domain::campaign::Unit| ListedUnit {
        row,
        kind: unit.kind.into(),
        parent: unit.parent.and_then(|id| name_of(&names, id)),
        name: unit.name,
        aliases: unit.aliases,
        contacts: unit
            .contacts
            .into_iter()
            .map(|contact| ListedContact {
                post: contact.post.into(),
                name: contact.name,
                phone: contact.phone,
            })
            .collect(),
    };
    Ok(Json(UnitListChanges {
        added: changes.added.into_iter().map(|(row, unit)| listed(row, unit)).collect(),
        changed: changes
            .changed
            .into_iter()
            .map(|(row, before, after)| ChangedUnit {
                before: listed(row, before),
                after: listed(row, after),
            })
            .collect(),
        unchanged: changes.unchanged,
        applied: how.apply,
    }))
}

fn name_of(names: &[UnitName], id: UnitId) -> Option<String> {
    names.iter().find(|unit| unit.id == id).map(|unit| unit.name.clone())
}
