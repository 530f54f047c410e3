use chengjing_domain::{
    id::{CampaignId, PhaseId},
    people::policy::{Action, Resource},
};
use chengjing_store::{campaign as campaigns, duty as store, plan};
pub use store::{PartCounts, ReachedCounts};

use super::Names;
use crate::{App, Caller, Refusal, unit::UnitName};

/// A campaign in figures, all from counters that the writes keep.
#[derive(Debug, Clone, Default)]
pub struct Overview {
    pub total: u64,
    pub undated: u64,
    pub with_target: u64,
    /// The most burdened first.
    pub by_unit: Vec<(UnitName, PartCounts)>,
    /// In the order of the phases, each with its title; None: of no phase.
    pub by_phase: Vec<(Option<(PhaseId, String)>, u64)>,
    /// (2026-05, duties), in order.
    pub by_due_month: Vec<(String, u64)>,
    /// (the word of the recurrence, duties).
    pub by_recurrence: Vec<(String, u64)>,
    pub drafts: u64,
    /// How the targets of duties that are owed stand.
    pub targets: ReachedCounts,
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
            let of_units = store::counts_of_units(&q, campaign).await?;
            let mut by_unit: Vec<(UnitName, PartCounts)> =
                of_units.into_iter().map(|(unit, counts)| (names.unit(unit), counts)).collect();
            by_unit.sort_by(|(one, n), (other, m)| {
                m.total().cmp(&n.total()).then(m.lead.cmp(&n.lead)).then_with(|| one.name.cmp(&other.name))
            });
            let with_target = of(&count(store::Dimension::Target).await?, "with");
            let in_order = phases
                .into_iter()
                .map(|phase| (of(&by_phase, &phase.id.to_string()), (phase.id, phase.title)));
            Ok(Overview {
                total,
                undated: of(&by_due_month, ""),
                with_target,
                by_unit,
                by_phase: in_order
                    .map(|(count, phase)| (Some(phase), count))
                    .chain([(None, of(&by_phase, ""))])
                    .collect(),
                by_due_month: by_due_month.into_iter().filter(|(month, _)| !month.is_empty()).collect(),
                by_recurrence: count(store::Dimension::Recurrence).await?,
                drafts: plan::count_drafts(&q, campaign).await?,
                targets: store::reached_counts(&q, campaign).await?,
                units: units.len(),
                units_unconfirmed: units.iter().filter(|unit| !unit.confirmed).count(),
            })
        })
        .await
}
