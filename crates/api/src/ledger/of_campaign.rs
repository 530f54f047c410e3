use axum::{Json, extract::State as Extract};
use chengjing_domain::{id::CampaignId, ledger::SubjectKind};
use chengjing_service::ledger;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::EntryBody;

use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        list::{List, Paging},
        problem::{Problem, Refused},
    },
};

/// Which entries are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// Only what was done to one thing: its kind, a colon, its id.
    #[param(example = "duty:0198b5a0-0000-7000-8000-000000000000")]
    subject: Option<String>,
}

fn subject(text: &str) -> Result<(SubjectKind, Uuid), Problem> {
    text.split_once(':')
        .and_then(|(kind, id)| Some((SubjectKind::from_code(kind)?, id.parse().ok()?)))
        .ok_or_else(|| Problem::invalid("subject", "应为“种类:编号”", "expected kind:id"))
}

/// What was done in a campaign, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/ledger",
    operation_id = "list_campaign_ledger",
    tag = "ledger",
    params(("campaign" = uuid::Uuid, Path), Wanted, Paging),
    responses((status = 200, description = "A page. The history of one duty is for everybody who may see the duty.", body = List<EntryBody>), Refused),
    extensions(("x-permission" = json!("ledger.see"))),
)]
pub(crate) async fn of_campaign(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Asked(wanted): Asked<Wanted>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<List<EntryBody>>, Problem> {
    let subject = wanted.subject.as_deref().map(subject).transpose()?;
    let page = ledger::of_campaign(&state.app, &caller, campaign, subject, paging.read()).await?;
    Ok(Json(List::from(page, EntryBody::from)))
}
