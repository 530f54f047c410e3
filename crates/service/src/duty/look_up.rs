use chengjing_domain::{
    duty::Duty,
    id::{CampaignId, DutyId},
    people::policy::Action,
};
use chengjing_store::plan;

use super::{Names, must};
use crate::{App, Caller, Refusal};

/// A duty with the names it needs, and the file name of the plan it came from.
#[derive(Debug)]
pub struct DutyView {
    pub duty: Duty,
    pub names: Names,
    pub plan: Option<String>,
}

/// One duty.
pub async fn look_up(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: DutyId,
) -> Result<DutyView, Refusal> {
    let caller = caller.clone();
    app.store
        .read(|q| async move {
            let duty = must(&q, &caller, Action::SeeDuties, campaign, id).await?;
            view(&q, duty).await
        })
        .await
}

pub(super) async fn view(q: &impl chengjing_store::Queries, duty: Duty) -> Result<DutyView, Refusal> {
    let plan = match duty.import {
        Some(import) => plan::lookup_name(q, duty.campaign, import).await?,
        None => None,
    };
    Ok(DutyView { names: Names::load(q, duty.campaign).await?, duty, plan })
}
