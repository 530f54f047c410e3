use axum::extract::State as Extract;
use chengjing_domain::{
    id::{CampaignId, DutyId, ImportId, UnitId},
    plan::adoption::{Choice, UnitDecision},
};
use chengjing_service::plan;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::PlanSummary;
use crate::http::words::UnitKindWord;

use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
        version::{Seen, Tagged},
    },
};

/// What the office decided.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Adoption {
    /// Null: all duties.
    #[schema(max_items = 20000)]
    duties: Option<Vec<DutyIndex>>,
    /// Whether the plan's phases become the campaign's.
    #[serde(default)]
    phases: bool,
    /// A decision for every unit name that is not to the letter a unit's already.
    #[serde(default)]
    #[schema(max_items = 2000)]
    units: Vec<NameDecision>,
    /// Of a newer version: duties of the older one to be withdrawn.
    #[serde(default)]
    #[schema(value_type = Vec<uuid::Uuid>, max_items = 20000)]
    gone: Vec<DutyId>,
}

/// A duty of the draft; both from 0.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DutyIndex {
    #[schema(maximum = 1000)]
    plan: usize,
    #[schema(maximum = 20000)]
    index: usize,
}

/// What one name of the plan is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NameDecision {
    /// As the plan prints it.
    name: String,
    #[serde(rename = "as")]
    decision: Decision,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Decision {
    /// It is this unit of the campaign; the name becomes an alias.
    Unit {
        #[schema(value_type = uuid::Uuid)]
        id: UnitId,
    },
    /// It is a new unit.
    New {
        #[schema(max_length = 100)]
        name: String,
        kind: UnitKindWord,
        /// For a group: the units it stands for.
        #[serde(default)]
        #[schema(value_type = Vec<uuid::Uuid>, max_items = 500)]
        member_ids: Vec<UnitId>,
    },
    /// It is no unit; duties do without it.
    Leave,
}

impl From<Decision> for UnitDecision {
    fn from(decision: Decision) -> Self {
        match decision {
            Decision::Unit { id } => Self::Existing(id),
            Decision::New { name, kind, member_ids } => {
                Self::New { name, kind: kind.into(), members: member_ids }
            }
            Decision::Leave => Self::Leave,
        }
    }
}

/// What an adoption did.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AdoptedBody {
    plan: PlanSummary,
    duties_added: usize,
    duties_changed: usize,
    duties_withdrawn: usize,
    units_added: usize,
    phases_added: usize,
}

impl From<plan::adopt::Adopted> for AdoptedBody {
    fn from(adopted: plan::adopt::Adopted) -> Self {
        Self {
            plan: adopted.import.into(),
            duties_added: adopted.duties_added,
            duties_changed: adopted.duties_changed,
            duties_withdrawn: adopted.duties_withdrawn,
            units_added: adopted.units_added,
            phases_added: adopted.phases_added,
        }
    }
}

/// Makes duties of a draft, in one act: units, phases and duties, or nothing.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/plans/{plan}/adoption",
    operation_id = "adopt_plan",
    tag = "plans",
    params(("campaign" = uuid::Uuid, Path), ("plan" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was seen.", example = "\"v1\"")),
    request_body = Adoption,
    responses((status = 200, description = "Adopted.", body = AdoptedBody, headers(("ETag" = String, description = "The version, as `If-Match` takes it: `\"v1\"`."))), Refused, RefusedChange),
    extensions(("x-permission" = json!("plan.adopt"))),
)]
pub(crate) async fn adopt(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, ImportId)>,
    Seen(seen): Seen,
    Body(adoption): Body<Adoption>,
) -> Result<Tagged<AdoptedBody>, Problem> {
    let choice = match adoption.duties {
        None => Choice::All,
        Some(these) => Choice::These(these.into_iter().map(|of| (of.plan, of.index)).collect()),
    };
    let units = adoption.units.into_iter().map(|unit| (unit.name, unit.decision.into())).collect();
    let decisions =
        plan::adopt::Decisions { choice, with_phases: adoption.phases, units, gone: adoption.gone };
    let adopted = plan::adopt::adopt(&state.app, &caller, campaign, id, seen, decisions).await?;
    Ok(Tagged::ok(adopted.import.version, adopted.into()))
}
