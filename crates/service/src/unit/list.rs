use chengjing_domain::{
    campaign::UnitKind,
    id::CampaignId,
    people::policy::{Action, Resource},
};
use chengjing_store::campaign as store;

use super::{Directory, UnitView};
use crate::{App, Caller, Refusal};

/// Which units are wanted.
#[derive(Debug, Clone, Default)]
pub struct UnitFilter {
    /// Part of the name or of an alias.
    pub text: Option<String>,
    pub kind: Option<UnitKind>,
    pub confirmed: Option<bool>,
    /// Those that are no more, in place of those that are.
    pub closed: bool,
}

/// The units of a campaign, by name. A campaign has some hundreds at most, so that one answer holds them all.
pub async fn list(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    filter: UnitFilter,
) -> Result<Vec<UnitView>, Refusal> {
    caller.may(Action::SeeUnits, Resource::Campaign(campaign))?;
    let directory = app
        .store
        .read(|q| async move {
            store::lookup(&q, campaign).await?.ok_or(Refusal::NotFound)?;
            Ok::<_, Refusal>(Directory::load(&q, campaign).await?)
        })
        .await?;
    let fits = |unit: &chengjing_domain::campaign::Unit| {
        let text = filter.text.as_deref().map(str::trim).unwrap_or_default();
        let named = unit.name.contains(text) || unit.aliases.iter().any(|alias| alias.contains(text));
        named
            && unit.closed_at.is_some() == filter.closed
            && filter.kind.is_none_or(|kind| unit.kind == kind)
            && filter.confirmed.is_none_or(|confirmed| unit.confirmed == confirmed)
    };
    Ok(directory.units().iter().filter(|unit| fits(unit)).map(|unit| directory.view(unit.clone())).collect())
}
