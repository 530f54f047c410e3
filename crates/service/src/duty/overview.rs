use chengjing_domain::{
    id::CampaignId,
    people::policy::{Action, Resource},
    plan::ImportState,
};
use chengjing_store::{Paging, campaign as campaigns, duty as store, plan};

use super::Names;
use crate::{App, Caller, Refusal, unit::UnitName};

/// A campaign in figures, all from counters that the writes keep.
#[derive(Debug, Clone, Default)]
pub struct Overview {
    pub total: u64,
    pub undated: u64,
    pub with_target: u64,
    /// The most burdened first.
    pub by_unit: Vec<(UnitName, u64)>,
    /// In the order of the phases; None: of no phase.
    pub by_phase: Vec<(Option<String>, u64)>,
    /// (2026-05, duties), in order.
    pub by_due_month: Vec<(String, u64)>,
    /// (the word of the recurrence, duties).
    pub by_recurrence: Vec<(String, u64)>,
    pub drafts: usize,
    pub units: usize,
    pub units_unconfirmed: usize,
}

/// The figures of the overview page.
pub async fn overview(app: &App, caller: &Caller, campaign: CampaignId) -> Result<Overview, Refusal> {
    caller.may(Action::SeeOverview, Resource::Campaign(campaign))?;
    app.store
        .read(|q| async move {
            campaigns::lookup(&q, campaign).await?.ok_or(Refusal::NotFound)?;
            let names = Names::load(&q, campaign).await?;
            let phases = campaigns::list_phases(&q, campaign).await?;
            let units = campaigns::all_units(&q, campaign).await?;
            let count = async |dimension| store::counts(&q, campaign, dimension).await;
            let of = |counts: &[(String, u64)], key: &str| {
                counts.iter().find(|(there, _)| there == key).map_or(0, |(_, count)| *count)
            };
            let total = of(&count(store::Dimension::Total).await?, "");
            let mut by_due_month = count(store::Dimension::DueMonth).await?;
            by_due_month.sort();
            let by_phase = count(store::Dimension::Phase).await?;
            let mut by_unit: Vec<(UnitName, u64)> = count(store::Dimension::Unit)
                .await?
                .into_iter()
                .filter_map(|(id, count)| Some((names.unit(id.parse().ok()?), count)))
                .collect();
            by_unit.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.name.cmp(&other.0.name)));
            let with_target = of(&count(store::Dimension::Target).await?, "with");
            let newest = plan::list(&q, campaign, &Paging::first(100)).await?.items;
            let in_order =
                phases.iter().map(|phase| (Some(phase.title.clone()), of(&by_phase, &phase.id.to_string())));
            Ok(Overview {
                total,
                undated: of(&by_due_month, ""),
                with_target,
                by_unit,
                by_phase: in_order.chain([(None, of(&by_phase, ""))]).collect(),
                by_due_month: by_due_month.into_iter().filter(|(month, _)| !month.is_empty()).collect(),
                by_recurrence: count(store::Dimension::Recurrence).await?,
                drafts: newest.iter().filter(|import| import.state == ImportState::Draft).count(),
                units: units.len(),
                units_unconfirmed: units.iter().filter(|unit| !unit.confirmed).count(),
            })
        })
        .await
}
