use axum::{Json, extract::State as Extract};
use chengjing_domain::id::CampaignId;
use chengjing_service::observation::observable::{self, Observable};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::FactKindWord;
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        list::List,
        problem::{Problem, Refused},
    },
    standards::MethodWord,
    statistics::StepWord,
};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedObservables {
    kind: FactKindWord,
}

/// Something that can be observed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ObservableBody {
    kind: FactKindWord,
    /// The criterion, requirement, question, statistic, leaf, site type, entry or honour.
    about: String,
    title: String,
    /// The standard whose leaf, entry or honour it is.
    standard_id: Option<Uuid>,
    /// How a leaf is judged.
    method: Option<MethodWord>,
    /// In what a statistic is measured.
    measured_in: Option<String>,
    /// Where a statistic comes from.
    source: Option<String>,
    /// Of how long a period a figure of a statistic is; null: of any.
    every: Option<StepWord>,
    /// The type of the sites at which a criterion is looked at.
    site_type: Option<String>,
    /// The verdicts, or the options of a question; empty where a number is told, or nothing more.
    words: Vec<String>,
    /// It is counted along a way: metres are told with the number.
    along: bool,
}

impl ObservableBody {
    fn new(kind: FactKindWord, found: Observable) -> Self {
        Self {
            kind,
            about: found.about,
            title: found.title,
            standard_id: found.standard.map(|standard| standard.0),
            method: found.method.map(Into::into),
            measured_in: found.measured_in,
            source: found.source,
            every: found.every.map(Into::into),
            site_type: found.site_type,
            words: found.words,
            along: found.along,
        }
    }
}

/// What can be observed of a kind: all that the standards of a campaign ask for, what several share once.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/observables",
    operation_id = "list_observables",
    tag = "observations",
    params(("campaign" = uuid::Uuid, Path), WantedObservables),
    responses((status = 200, description = "All of them, in the order of the standards.", body = List<ObservableBody>), Refused),
    extensions(("x-permission" = json!("observation.record"))),
)]
pub(crate) async fn list(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Asked(wanted): Asked<WantedObservables>,
) -> Result<Json<List<ObservableBody>>, Problem> {
    let all = observable::observable(&state.app, &caller, campaign, wanted.kind.into()).await?;
    Ok(Json(List::whole(all.into_iter().map(|found| ObservableBody::new(wanted.kind, found)))))
}
