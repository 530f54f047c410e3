use axum::{Json, extract::State as Extract};
use chengjing_domain::{
    evidence::{
        completeness::{Completeness, Need},
        limit::not_before,
    },
    id::{CampaignId, UnitId},
    standard::Filing,
};
use chengjing_service::{
    duty::Names,
    evidence::{
        self,
        requirements::{Lengths, RequirementSeen, RequirementsSeen, StandardRequirements},
    },
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::RequirementLine;
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        problem::{Problem, Refused},
        words::Named,
    },
    standards::leaf::FilingKindWord,
};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedRequirements {
    /// Only what this unit is asked for, or has filed something for.
    #[param(value_type = Option<uuid::Uuid>)]
    unit: Option<UnitId>,
}

/// In pieces: of what is asked for, so much is there, and so much was accepted.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(crate) struct CompletenessBody {
    asked: u32,
    there: u32,
    accepted: u32,
}

impl From<Completeness> for CompletenessBody {
    fn from(sum: Completeness) -> Self {
        Self { asked: sum.asked, there: sum.there, accepted: sum.accepted }
    }
}

/// What a requirement asks of one kind, and what there is of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NeedBody {
    kind: FilingKindWord,
    /// At least so many.
    asked: u32,
    at_most: Option<u32>,
    each_activity_at_most: Option<u32>,
    most_characters: Option<u32>,
    months: Option<u32>,
    /// What was made before that day may not count.
    not_before: Option<NaiveDate>,
    /// What its caption has to say.
    caption: Vec<String>,
    there: u32,
    accepted: u32,
    waiting: u32,
    returned: u32,
    expired: u32,
    missing: u32,
    /// So many of those that are there have more characters than `most_characters`.
    too_long: u32,
    /// Of so many of them it can't be told: a file is scanned, locked, or no document.
    unread: u32,
}

impl NeedBody {
    fn new((need, lengths): (Need, Lengths), filing: &Filing, today: NaiveDate) -> Self {
        Self {
            kind: need.kind.into(),
            asked: need.asked,
            at_most: need.at_most,
            each_activity_at_most: filing.quota.each_activity_at_most,
            most_characters: filing.most_characters,
            months: filing.months,
            not_before: not_before(filing, today),
            caption: filing.caption.clone(),
            there: need.there,
            accepted: need.accepted,
            waiting: need.waiting,
            returned: need.returned,
            expired: need.expired,
            missing: need.missing(),
            too_long: lengths.too_long,
            unread: lengths.unread,
        }
    }
}

/// A requirement with what there is for it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RequirementState {
    requirement: RequirementLine,
    text: Option<String>,
    /// Which units are asked for it, of those that the caller sees; empty: whoever has something.
    units: Vec<Named>,
    /// True: nobody said who is asked; they lead or are responsible for an indicator that counts it.
    by_owners: bool,
    /// Whether one of them is asked.
    own: bool,
    /// What `ask_units` takes as `If-Match`; 0: nobody said yet who is asked.
    asking_version: i64,
    needs: Vec<NeedBody>,
    sum: CompletenessBody,
}

impl RequirementState {
    fn new(seen: RequirementSeen, names: &Names, today: NaiveDate) -> Self {
        let RequirementSeen { demand, units, by_owners, asking_version, own, needs, lengths, sum } = seen;
        let asked = demand.requirement();
        Self {
            requirement: RequirementLine::new(demand.of.clone(), Some(&demand)),
            text: asked.text.clone(),
            units: units.into_iter().map(|unit| names.unit(unit).into()).collect(),
            by_owners,
            own,
            asking_version,
            needs: needs
                .into_iter()
                .zip(lengths)
                .zip(&asked.filings)
                .map(|(need, filing)| NeedBody::new(need, filing, today))
                .collect(),
            sum: sum.into(),
        }
    }
}

/// A place of a standard's tree under which materials are asked for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlaceState {
    code: String,
    title: String,
    /// 0 at the top.
    depth: u64,
    /// Whether it is measured itself.
    leaf: bool,
    sum: CompletenessBody,
}

/// A standard with what it asks for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StandardState {
    id: Uuid,
    code: String,
    title: String,
    edition: String,
    /// In the order of the tree, each before those under it.
    places: Vec<PlaceState>,
    requirements: Vec<RequirementState>,
}

impl StandardState {
    fn new(seen: StandardRequirements, names: &Names, today: NaiveDate) -> Self {
        let whole = &seen.opened.whole;
        let place = |(number, sum): (usize, Completeness)| {
            let place = &whole.places[number];
            PlaceState {
                code: place.code.clone(),
                title: place.title.clone(),
                depth: place.depth as u64,
                leaf: place.leaf.is_some(),
                sum: sum.into(),
            }
        };
        Self {
            id: seen.id.0,
            code: whole.standard.id.clone(),
            title: whole.standard.title.clone(),
            edition: whole.standard.edition.clone(),
            places: seen.places.into_iter().map(place).collect(),
            requirements: seen
                .requirements
                .into_iter()
                .map(|one| RequirementState::new(one, names, today))
                .collect(),
        }
    }
}

/// How complete it is what one unit is asked for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnitCompleteness {
    unit: Named,
    sum: CompletenessBody,
}

/// All that a campaign's standards ask for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RequirementsBody {
    standards: Vec<StandardState>,
    /// Of what each unit is asked for, the one that misses most first.
    units: Vec<UnitCompleteness>,
    /// How many reviews wait, of those that the caller sees.
    waiting: u32,
}

/// What the standards of a campaign ask for, what is there and what is missing; for each place of their trees and each unit too.
/// It is counted for all units together where one of the caller's is asked; of the rest they see their own materials alone.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/requirements",
    operation_id = "list_requirements",
    tag = "evidence",
    params(("campaign" = uuid::Uuid, Path), WantedRequirements),
    responses((status = 200, description = "All of them; a standard has some hundreds at most.", body = RequirementsBody), Refused),
    extensions(("x-permission" = json!("evidence.see"))),
)]
pub(crate) async fn list_requirements(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Asked(wanted): Asked<WantedRequirements>,
) -> Result<Json<RequirementsBody>, Problem> {
    let (seen, names) =
        evidence::requirements::requirements(&state.app, &caller, campaign, wanted.unit).await?;
    let today = chengjing_domain::clock::day_of(caller.now);
    let RequirementsSeen { standards, units, waiting } = seen;
    Ok(Json(RequirementsBody {
        standards: standards.into_iter().map(|one| StandardState::new(one, &names, today)).collect(),
        units: units
            .into_iter()
            .map(|(unit, sum)| UnitCompleteness { unit: names.unit(unit).into(), sum: sum.into() })
            .collect(),
        waiting,
    }))
}
