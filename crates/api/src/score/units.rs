use axum::{Json, extract::State as Extract};
use chengjing_domain::{
    id::CampaignId,
    score::{Held, HeldLeaf},
};
use chengjing_service::score::units::{self, UnitsSeen};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{RangeBody, StatusWord, WantedScore};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        problem::{Problem, Refused, RefusedUnassessed},
        words::{ExactText, Named},
    },
};

/// A score by the units that hold its leaves.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnitScoresBody {
    standard_id: Uuid,
    edition_id: Uuid,
    title: String,
    edition: String,
    as_of: DateTime<Utc>,
    /// To how many places marks are published.
    places_shown: u32,
    /// What lost most first; what nobody holds at the end. With `cut` they add up to `whole`.
    units: Vec<UnitScoreBody>,
    /// What caps and the rounding of parts take from the leaves, or give; none where nothing is.
    cut: Option<HeldBody>,
    /// The parts of the tree together. What else a total is made of (deductions, honours, other standards) is no unit's.
    whole: HeldBody,
}

/// Marks that a unit holds. `value`, `lost` and `gain` add up to `marks`.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(crate) struct HeldBody {
    marks: ExactText,
    #[serde(flatten)]
    range: RangeBody,
    /// What it can't get any more by all that is known: the marks less the most.
    lost: ExactText,
    /// What it can still gain by what is not known yet: the most less the value.
    gain: ExactText,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnitScoreBody {
    /// None: leaves that nobody holds.
    unit: Option<Named>,
    #[serde(flatten)]
    held: HeldBody,
    /// In the order of the tree.
    leaves: Vec<UnitLeafBody>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnitLeafBody {
    #[schema(example = "Ⅲ-12")]
    code: String,
    title: String,
    /// The unit's part of it.
    #[serde(flatten)]
    held: HeldBody,
    status: StatusWord,
    /// How many units share it alike.
    holders: usize,
}

impl From<Held> for HeldBody {
    fn from(held: Held) -> Self {
        Self {
            marks: ExactText(held.marks),
            range: held.range.into(),
            lost: ExactText(held.lost()),
            gain: ExactText(held.open()),
        }
    }
}

impl From<HeldLeaf> for UnitLeafBody {
    fn from(leaf: HeldLeaf) -> Self {
        Self {
            code: leaf.code,
            title: leaf.title,
            held: leaf.held.into(),
            status: leaf.status.into(),
            holders: leaf.holders,
        }
    }
}

impl From<UnitsSeen> for UnitScoresBody {
    fn from(UnitsSeen { seen, units, names }: UnitsSeen) -> Self {
        let whole = units.units.iter().fold(units.cut, |sum, one| sum.plus(one.held));
        let unit = |one: chengjing_domain::score::UnitScore| UnitScoreBody {
            unit: one.unit.map(|unit| names.unit(unit).into()),
            held: one.held.into(),
            leaves: one.leaves.into_iter().map(Into::into).collect(),
        };
        Self {
            standard_id: seen.standard.0,
            edition_id: seen.edition.id.0,
            title: seen.whole().standard.title.clone(),
            edition: seen.card.edition.clone(),
            as_of: seen.card.as_of,
            places_shown: seen.whole().standard.rounding.places,
            units: units.units.into_iter().map(unit).collect(),
            cut: (units.cut != Held::default()).then(|| units.cut.into()),
            whole: whole.into(),
        }
    }
}

/// What each unit holds of a standard, got, lost and can still gain: the marks of the leaves that it leads or, where none leads, is
/// responsible for. Several share a leaf alike. By who answered for the leaves at the moment of the score.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/score/units",
    operation_id = "list_unit_scores",
    tag = "score",
    params(("campaign" = uuid::Uuid, Path), WantedScore),
    responses((status = 200, description = "The units.", body = UnitScoresBody), Refused, RefusedUnassessed),
    extensions(("x-permission" = json!("score.see"))),
)]
pub(crate) async fn list_units(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Asked(wanted): Asked<WantedScore>,
) -> Result<Json<UnitScoresBody>, Problem> {
    let seen = units::units(&state.app, &caller, campaign, wanted.standard, wanted.as_of).await?;
    Ok(Json(seen.into()))
}
