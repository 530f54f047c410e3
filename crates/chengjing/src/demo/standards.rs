//! What the county is assessed by: its standard, and the one for minors that is a gate of it.

use anyhow::Result;
use chengjing_domain::id::CampaignId;
use chengjing_service::{
    App, Caller,
    standard::{assess, publish, take_over},
};

use crate::command::told;

/// Takes over what comes with the program, as an office would that agrees with all of it.
pub(super) async fn attach(app: &App, caller: &Caller, campaign: CampaignId) -> Result<()> {
    for code in ["civilised-county", "minors"] {
        let draft = told(take_over::take_over(app, caller, Some(campaign), code).await)?;
        let (standard, id) = (draft.kept.id, draft.edition.id);
        told(publish::publish(app, caller, standard, id, draft.edition.version).await)?;
        told(assess::attach(app, caller, campaign, id).await)?;
    }
    Ok(())
}
