use axum::{Json, extract::State as Extract};
use chengjing_domain::{
    id::{CampaignId, EditionId, StandardId},
    score::{LineRow, PlaceRow, PlaceSide, Reason},
};
use chengjing_service::score::compare::{self as compared, ComparisonSeen, SideSeen, With};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{RangeBody, StatusWord, look_up::LineWord};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        problem::{Problem, Refused, RefusedUnassessed},
        words::{ExactText, Named, RoundingWord, mirror},
    },
};

mirror! {
    /// Why a place differs: it is in one tree only (`added`: in the own one), a leaf there has others below it here (`divided`), it
    /// is worth other marks, more or less is known of it, it does not apply now or did not, a larger or smaller share was got.
    #[serde(rename_all = "snake_case")]
    ReasonWord = Reason {
        Added, Removed, Divided, Marks, MoreKnown, LessKnown, NotApplicable, Applicable, Better, Worse,
    }
}

/// Which score is compared, and with what. What is left out of the latter is the same as the former's.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedComparison {
    /// One of the campaign's standards; left out: its main one.
    #[param(value_type = Option<Uuid>)]
    standard: Option<StandardId>,
    /// As it was known at that moment; left out: now.
    as_of: Option<DateTime<Utc>>,
    /// Another campaign, whose score one may see.
    #[param(value_type = Option<Uuid>)]
    with_campaign: Option<CampaignId>,
    /// A standard by which it is assessed; left out: the same, or the one with the same code.
    #[param(value_type = Option<Uuid>)]
    with_standard: Option<StandardId>,
    /// A published edition of that or of another standard, attached or not; it goes before `with_standard`.
    #[param(value_type = Option<Uuid>)]
    with_edition: Option<EditionId>,
    /// As it was known at that moment.
    with_as_of: Option<DateTime<Utc>>,
}

/// A score beside another one. Differences are what the own one has more; less than nothing where it has less.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ScoreComparisonBody {
    own: ComparedScore,
    with: ComparedScore,
    /// Of the totals.
    by: RangeBody,
    /// To how many places marks are shown, and how the own standard rounds.
    places_shown: u32,
    rounding: RoundingWord,
    /// How the difference of the totals comes about; they add up to it.
    lines: Vec<ComparedLine>,
    /// The places of both trees by their codes, each before its children, in the order of the own tree.
    places: Vec<ComparedPlace>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ComparedScore {
    campaign: Named,
    standard_id: Uuid,
    title: String,
    edition_id: Uuid,
    edition: String,
    as_of: DateTime<Utc>,
    marks: ExactText,
    total: RangeBody,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ComparedLine {
    line: LineWord,
    /// The other standard, the entry or the honour.
    code: Option<String>,
    title: Option<String>,
    /// None: its sum has no such line.
    own: Option<RangeBody>,
    with: Option<RangeBody>,
    by: RangeBody,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ComparedPlace {
    #[schema(example = "Ⅰ-1")]
    code: String,
    title: String,
    /// What the other one calls it, where that is something else.
    with_title: Option<String>,
    /// 0 at the top.
    depth: usize,
    /// None: the tree has no such place.
    own: Option<ComparedSide>,
    with: Option<ComparedSide>,
    by: RangeBody,
    /// What its leaf has more; these add up to the difference of the trees, where nothing is cut or rounded on the way up.
    by_leaf: ExactText,
    /// As far as they can be known; none where nothing differs, or it follows from the others.
    reasons: Vec<ReasonWord>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ComparedSide {
    leaf: bool,
    marks: ExactText,
    #[serde(flatten)]
    range: RangeBody,
    status: StatusWord,
}

impl From<&SideSeen> for ComparedScore {
    fn from(SideSeen { campaign, seen }: &SideSeen) -> Self {
        Self {
            campaign: Named { id: campaign.id.0, name: campaign.name.clone() },
            standard_id: seen.standard.0,
            title: seen.whole().standard.title.clone(),
            edition_id: seen.edition.id.0,
            edition: seen.card.edition.clone(),
            as_of: seen.card.as_of,
            marks: ExactText(seen.card.marks),
            total: seen.card.total.into(),
        }
    }
}

impl From<PlaceSide> for ComparedSide {
    fn from(side: PlaceSide) -> Self {
        Self {
            leaf: side.leaf,
            marks: ExactText(side.marks),
            range: side.range.into(),
            status: side.status.into(),
        }
    }
}

impl From<PlaceRow> for ComparedPlace {
    fn from(row: PlaceRow) -> Self {
        Self {
            by_leaf: ExactText(row.by_leaf().value),
            code: row.code,
            title: row.title,
            with_title: row.with_title,
            depth: row.depth,
            own: row.own.map(Into::into),
            with: row.with.map(Into::into),
            by: row.by.into(),
            reasons: row.reasons.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<ComparisonSeen> for ScoreComparisonBody {
    fn from(seen: ComparisonSeen) -> Self {
        let places = |side: &SideSeen| side.seen.whole().standard.rounding.places;
        let line = |row: LineRow| {
            let (line, code) = LineWord::of(&row.what);
            let title = seen.own.seen.title_of(&row.what).or_else(|| seen.with.seen.title_of(&row.what));
            ComparedLine {
                line,
                code,
                title: title.map(str::to_owned),
                own: row.own.map(Into::into),
                with: row.with.map(Into::into),
                by: row.by.into(),
            }
        };
        Self {
            own: (&seen.own).into(),
            with: (&seen.with).into(),
            by: seen.comparison.by.into(),
            places_shown: places(&seen.own).max(places(&seen.with)),
            rounding: seen.own.seen.whole().standard.rounding.mode.into(),
            lines: seen.comparison.lines.into_iter().map(line).collect(),
            places: seen.comparison.places.into_iter().map(Into::into).collect(),
        }
    }
}

/// A campaign's score beside that of another moment, by another edition, or of another campaign: place by place, by their codes.
/// An edition by which the campaign is not assessed counts what was observed as if it were; nothing is stored. 409 where one of
/// them is assessed by no standard that is meant.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/score/compare",
    operation_id = "compare_scores",
    tag = "score",
    params(("campaign" = uuid::Uuid, Path), WantedComparison),
    responses((status = 200, description = "What differs.", body = ScoreComparisonBody), Refused, RefusedUnassessed),
    extensions(("x-permission" = json!("score.see"))),
)]
pub(crate) async fn compare(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Asked(wanted): Asked<WantedComparison>,
) -> Result<Json<ScoreComparisonBody>, Problem> {
    let with = With {
        campaign: wanted.with_campaign,
        standard: wanted.with_standard,
        edition: wanted.with_edition,
        as_of: wanted.with_as_of,
    };
    let own = (wanted.standard, wanted.as_of);
    Ok(Json(compared::compare(&state.app, &caller, campaign, own, with).await?.into()))
}
