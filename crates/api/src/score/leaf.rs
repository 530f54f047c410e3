use axum::{Json, extract::State as Extract};
use chengjing_domain::{
    id::CampaignId,
    score::{Cause, MeasureScore},
};
use chengjing_service::score::leaf::{self, LeafSeen, LossSeen};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{PlaceScoreBody, RangeBody, StatusWord, WantedScore};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        problem::{Problem, Refused, RefusedUnassessed},
        words::{ExactText, mirror},
    },
    observations::ObservationBody,
    standards::{MethodWord, leaf::CombineWord},
};

mirror! {
    /// Why marks were lost: what was found, answers, a figure, that nothing is known, the standard's rounding.
    #[serde(rename_all = "snake_case")]
    CauseWord = Cause { Found, Answers, Figure, Unknown, Rounding }
}

/// Why a leaf scores as it does.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LeafScoreBody {
    #[serde(flatten)]
    place: PlaceScoreBody,
    /// How several measures come together.
    combine: CombineWord,
    measures: Vec<MeasureScoreBody>,
    /// What was lost, the most first. With `more` they add up to what the leaf lost.
    losses: Vec<LossBody>,
    /// Smaller losses that are not told one by one.
    more: Option<MoreLosses>,
    /// All that the measures and losses name, what was made last first.
    observations: Vec<ObservationBody>,
}

/// How a measure stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MeasureScoreBody {
    method: MethodWord,
    status: StatusWord,
    /// As shares of the leaf's marks.
    #[serde(flatten)]
    range: RangeBody,
    /// How many places, materials, answers or figures it takes, and how many of them are known.
    all: u64,
    known: u64,
    /// What it rests on, where each is looked at; visits and answers are counted.
    observations: Vec<String>,
}

/// Marks that were lost, and where.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LossBody {
    /// Less than nothing where rounding gave some.
    marks: ExactText,
    cause: CauseWord,
    method: Option<MethodWord>,
    /// The criterion, requirement, question or statistic.
    item: Option<String>,
    item_title: Option<String>,
    site_id: Option<String>,
    site: Option<String>,
    /// The unit that answers for the site.
    unit_id: Option<String>,
    unit: Option<String>,
    observations: Vec<String>,
    /// What had been observed there before.
    superseded: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MoreLosses {
    losses: usize,
    marks: ExactText,
}

impl From<MeasureScore> for MeasureScoreBody {
    fn from(measure: MeasureScore) -> Self {
        Self {
            method: measure.method.into(),
            status: measure.status.into(),
            range: measure.range.into(),
            all: measure.all,
            known: measure.known,
            observations: measure.observations,
        }
    }
}

impl From<LossSeen> for LossBody {
    fn from(seen: LossSeen) -> Self {
        let LossSeen { loss, item, site, unit } = seen;
        Self {
            marks: ExactText(loss.marks),
            cause: loss.cause.into(),
            method: loss.method.map(Into::into),
            item: loss.item,
            item_title: item,
            site_id: loss.site,
            site,
            unit_id: loss.unit,
            unit,
            observations: loss.observations,
            superseded: loss.superseded,
        }
    }
}

impl From<LeafSeen> for LeafScoreBody {
    fn from(seen: LeafSeen) -> Self {
        Self {
            place: PlaceScoreBody::new(seen.place, true),
            combine: seen.combine.into(),
            measures: seen.measures.into_iter().map(Into::into).collect(),
            losses: seen.losses.into_iter().map(Into::into).collect(),
            more: seen.more.map(|(losses, marks)| MoreLosses { losses, marks: ExactText(marks) }),
            observations: seen.observations.into_iter().map(Into::into).collect(),
        }
    }
}

/// Why a leaf scores as it does: its measures, what was lost, and what was observed.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/score/leaf/{leaf}",
    operation_id = "look_up_leaf_score",
    tag = "score",
    params(("campaign" = uuid::Uuid, Path), ("leaf" = String, Path, description = "The code of a leaf."), WantedScore),
    responses((status = 200, description = "The explanation.", body = LeafScoreBody), Refused, RefusedUnassessed),
    extensions(("x-permission" = json!("score.see"))),
)]
pub(crate) async fn look_up_leaf(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, code)): Ids<(CampaignId, String)>,
    Asked(wanted): Asked<WantedScore>,
) -> Result<Json<LeafScoreBody>, Problem> {
    let asked = (wanted.standard, code);
    Ok(Json(leaf::leaf(&state.app, &caller, campaign, asked, wanted.as_of).await?.into()))
}
