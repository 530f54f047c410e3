use axum::{Json, extract::State as Extract};
use chengjing_domain::id::{CampaignId, PhaseId};
use chengjing_service::duty;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::words::{Named, PartsCount};

use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused},
    },
};

/// What is owed, by unit, phase, month and recurrence. Withdrawn duties do not count.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OverviewBody {
    total: u64,
    undated: u64,
    with_target: u64,
    /// The most burdened first.
    by_unit: Vec<OfUnit>,
    /// In the order of the phases.
    by_phase: Vec<OfPhase>,
    /// In order; the key is the month, `2026-05`.
    by_due_month: Vec<Counted>,
    /// The key is the recurrence; null: once.
    by_recurrence: Vec<Counted>,
    /// Plans that wait for adoption.
    drafts: u64,
    /// How many targets of duties that are owed are reached, are not, or are not known to be either.
    targets: TargetsBody,
    units: usize,
    units_unconfirmed: usize,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TargetsBody {
    yes: u64,
    no: u64,
    unknown: u64,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OfUnit {
    unit: Named,
    duties: PartsCount,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OfPhase {
    /// Null: of no phase.
    phase: Option<Named>,
    count: u64,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Counted {
    key: Option<String>,
    count: u64,
}

/// A campaign in figures.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/overview",
    operation_id = "look_up_overview",
    tag = "duties",
    params(("campaign" = uuid::Uuid, Path)),
    responses((status = 200, description = "The figures.", body = OverviewBody), Refused),
    extensions(("x-permission" = json!("overview.see"))),
)]
pub(crate) async fn overview(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
) -> Result<Json<OverviewBody>, Problem> {
    let overview = duty::overview::overview(&state.app, &caller, campaign).await?;
    let of_phase = |(phase, count): (Option<(PhaseId, String)>, u64)| OfPhase {
        phase: phase.map(|(id, name)| Named { id: id.0, name }),
        count,
    };
    let keyed = |(key, count): (String, u64)| Counted { key: Some(key).filter(|key| !key.is_empty()), count };
    Ok(Json(OverviewBody {
        total: overview.total,
        undated: overview.undated,
        with_target: overview.with_target,
        by_unit: overview
            .by_unit
            .into_iter()
            .map(|(unit, duties)| OfUnit { unit: unit.into(), duties: duties.into() })
            .collect(),
        by_phase: overview.by_phase.into_iter().map(of_phase).collect(),
        by_due_month: overview.by_due_month.into_iter().map(keyed).collect(),
        by_recurrence: overview.by_recurrence.into_iter().map(keyed).collect(),
        drafts: overview.drafts,
        targets: TargetsBody {
            yes: overview.targets.yes,
            no: overview.targets.no,
            unknown: overview.targets.unknown,
        },
        units: overview.units,
        units_unconfirmed: overview.units_unconfirmed,
    }))
}
