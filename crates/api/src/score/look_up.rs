use axum::{Json, extract::State as Extract};
use chengjing_domain::{
    id::CampaignId,
    score::{Line, What},
    standard::Sanction,
};
use chengjing_service::score::card::{self, CardSeen};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{GateStateWord, PlaceScoreBody, RangeBody, WantedScore};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        problem::{Problem, Refused, RefusedUnassessed},
        words::{ExactText, RoundingWord},
    },
};

/// How a campaign scores by a standard.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ScorecardBody {
    standard_id: Uuid,
    edition_id: Uuid,
    #[schema(example = "civilised-county")]
    standard: String,
    title: String,
    edition: String,
    as_of: DateTime<Utc>,
    /// The marks of the whole.
    marks: ExactText,
    /// What is published.
    total: RangeBody,
    /// To how many places marks are published, and how.
    places_shown: u32,
    rounding: RoundingWord,
    /// How the total comes about; they add up to it.
    lines: Vec<LineBody>,
    gates: Vec<GateBody>,
    /// Sanctions of the negative list that are no marks.
    sanctions: Vec<SanctionBody>,
    /// What the levels of the tree are called, from the top.
    levels: Vec<String>,
    /// The places of the tree, each before its children.
    places: Vec<PlaceScoreBody>,
    /// When the campaign ends, and how many days are left until then.
    ends_on: Option<NaiveDate>,
    days_left: Option<i64>,
    /// Today by the server's clock, whatever moment the score is of.
    today: NaiveDate,
}

/// Which line of the sum it is.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LineWord {
    /// The parts of the tree.
    Tree,
    /// What goes beyond the marks of the whole is cut.
    Cut,
    /// What the tree gives up to contributing standards.
    OwnShare,
    /// Another standard's total.
    Contribution,
    /// An entry of the negative list.
    Deduction,
    /// Honours of one kind.
    Honour,
    /// Honours beyond what is given at most.
    BonusCut,
    /// A total is never less than nothing.
    Floor,
    Rounding,
}

/// A line of the sum.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LineBody {
    line: LineWord,
    /// The other standard, the entry or the honour.
    code: Option<String>,
    title: Option<String>,
    #[serde(flatten)]
    range: RangeBody,
    observations: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GateBody {
    title: String,
    state: GateStateWord,
    /// What has to be reached.
    at_least: ExactText,
}

#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SanctionWord {
    Deduct,
    StopNomination,
    SuspendTitle,
    CancelTitle,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SanctionBody {
    title: String,
    sanction: SanctionWord,
    /// For how many months a title is suspended.
    months: Option<u32>,
    observations: Vec<String>,
}

impl From<CardSeen> for ScorecardBody {
    fn from(seen: CardSeen) -> Self {
        let lines = seen.card.lines.iter().map(|line| line_body(&seen, line)).collect();
        let whole = seen.whole();
        let gates = seen.card.gates.iter().zip(&whole.standard.gates);
        let gates = gates
            .map(|(said, gate)| GateBody {
                title: said.title.clone(),
                state: said.state.into(),
                at_least: ExactText(gate.at_least),
            })
            .collect();
        let sanctions = seen.card.sanctions.iter().map(|said| {
            let (sanction, months) = match said.state {
                Sanction::Deduct { .. } => (SanctionWord::Deduct, None),
                Sanction::StopNomination => (SanctionWord::StopNomination, None),
                Sanction::SuspendTitle { months } => (SanctionWord::SuspendTitle, Some(months)),
                Sanction::CancelTitle => (SanctionWord::CancelTitle, None),
            };
            SanctionBody {
                title: said.title.clone(),
                sanction,
                months,
                observations: said.observations.clone(),
            }
        });
        let places = seen.card.places.iter().zip(&whole.places);
        let places = places.map(|(place, own)| PlaceScoreBody::new(place.clone(), own.leaf.is_some()));
        Self {
            standard_id: seen.standard.0,
            edition_id: seen.edition.id.0,
            standard: seen.card.standard.clone(),
            title: whole.standard.title.clone(),
            edition: seen.card.edition.clone(),
            as_of: seen.card.as_of,
            marks: ExactText(seen.card.marks),
            total: seen.card.total.into(),
            places_shown: whole.standard.rounding.places,
            rounding: whole.standard.rounding.mode.into(),
            lines,
            gates,
            sanctions: sanctions.collect(),
            levels: whole.standard.levels.clone(),
            places: places.collect(),
            ends_on: seen.ends_on,
            days_left: seen.days_left,
            today: seen.today,
        }
    }
}

impl LineWord {
    /// Which line it is, and the code of what it is about.
    pub(super) fn of(what: &What) -> (Self, Option<String>) {
        match what {
            What::Tree => (Self::Tree, None),
            What::Cut => (Self::Cut, None),
            What::OwnShare => (Self::OwnShare, None),
            What::Contribution { standard } => (Self::Contribution, Some(standard.clone())),
            What::Deduction { code } => (Self::Deduction, Some(code.clone())),
            What::Honour { code } => (Self::Honour, Some(code.clone())),
            What::BonusCut => (Self::BonusCut, None),
            What::Floor => (Self::Floor, None),
            What::Rounding => (Self::Rounding, None),
        }
    }
}

fn line_body(seen: &CardSeen, line: &Line) -> LineBody {
    let (word, code) = LineWord::of(&line.what);
    LineBody {
        line: word,
        code,
        title: seen.title_of(&line.what).map(str::to_owned),
        range: RangeBody {
            low: ExactText(line.low),
            value: ExactText(line.value),
            high: ExactText(line.high),
        },
        observations: line.observations.clone(),
    }
}

/// How a campaign scores by one of its standards: now, or as it was known at a moment. What is unknown is neither zero nor
/// full: each place tells the least, the value and the most. 409 where the campaign is assessed by no standard yet.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/score",
    operation_id = "look_up_score",
    tag = "score",
    params(("campaign" = uuid::Uuid, Path), WantedScore),
    responses((status = 200, description = "The scorecard.", body = ScorecardBody), Refused, RefusedUnassessed),
    extensions(("x-permission" = json!("score.see"))),
)]
pub(crate) async fn look_up(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Asked(wanted): Asked<WantedScore>,
) -> Result<Json<ScorecardBody>, Problem> {
    let seen = card::card(&state.app, &caller, campaign, wanted.standard, wanted.as_of).await?;
    Ok(Json(seen.into()))
}
