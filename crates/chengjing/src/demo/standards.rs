//! What the county is assessed by: its standard, and the one for minors that is a gate of it.

use anyhow::Result;
use chengjing_domain::{
    id::{CampaignId, StandardId},
    standard::owner::owners_of,
};
use chengjing_service::{
    App, Caller,
    standard::{
        assess,
        owners::{set, suggest},
        publish, take_over,
    },
};

use crate::command::told;

/// Takes over what comes with the program, as an office would that agrees with all of it.
pub(super) async fn attach(app: &App, caller: &Caller, campaign: CampaignId) -> Result<()> {
    for code in ["civilised-county", "minors"] {
        let draft = told(take_over::take_over(app, caller, Some(campaign), code).await)?;
        let (standard, id) = (draft.kept.id, draft.edition.id);
        told(publish::publish(app, caller, standard, id, draft.edition.version).await)?;
        told(assess::attach(app, caller, campaign, id).await)?;
        // Of the standard for minors the office has not yet said who answers for what.
        if code == "civilised-county" {
            assign(app, caller, campaign, standard).await?;
        }
    }
    Ok(())
}

/// The units of the duty that fits an indicator best answer for it.
async fn assign(app: &App, caller: &Caller, campaign: CampaignId, standard: StandardId) -> Result<()> {
    let (found, _) = told(suggest::suggest(app, caller, campaign, standard).await)?;
    let said = found.into_iter().filter_map(|leaf| {
        let (duty, _) = leaf.fits.first()?;
        let owners = owners_of([(duty.id, duty.units.as_slice())]);
        Some(set::Said { leaf: leaf.code, seen: 0, owners })
    });
    let said: Vec<set::Said> = said.collect();
    if !said.is_empty() {
        told(set::set(app, caller, (campaign, standard), said).await)?;
    }
    Ok(())
}
