use chengjing_domain::{
    id::CampaignId,
    people::policy::{Action, Resource},
    publication::Paper,
};
use chengjing_press::paper::{Field, fields};

use crate::{Caller, Refusal};

/// The names that the templates of a paper may use.
pub fn list(caller: &Caller, campaign: CampaignId, paper: Paper) -> Result<Vec<Field>, Refusal> {
    caller.may(Action::SeeTemplates, Resource::Campaign(campaign))?;
    Ok(fields(paper))
}
