//! Counters over the duties of a campaign, kept in the transaction of each write, so that no page counts rows.
//!
//! Each counter is spread over shards, one for each write that can run at the same time: two writes that add to the
//! same counter never meet in one row. Counted is what is owed: withdrawn duties are not.

use std::collections::{BTreeMap, HashMap, HashSet};

use chengjing_domain::{
    duty::{Duty, DutyState},
    id::{CampaignId, UnitId},
    plan::UnitRole,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};

use crate::{
    door::{Execute, Fetch, Queries, Texts, Tx},
    entity::duty_count,
    error::StoreError,
    recount::{Miscount, compare},
    row::{count_up, from_word, inconsistent, word},
};

/// What duties are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// One counter, with an empty key.
    Total,
    /// Keys are unit ids with the unit's part in the duty, `<id> lead`; a duty of two units counts for both.
    UnitPart,
    /// Keys are phase ids; empty: of no phase.
    Phase,
    /// Keys are months, `2026-06`; empty: no deadline.
    DueMonth,
    /// Keys are the words of `Recurrence`; empty: once.
    Recurrence,
    /// Keys are `with` and `without`.
    Target,
    /// Keys are initiative ids; duties of none are not counted.
    Initiative,
    /// Keys are parts of plans by their headings; empty: in none.
    Part,
}

impl Dimension {
    pub fn code(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::UnitPart => "unit_part",
            Self::Phase => "phase",
            Self::DueMonth => "due_month",
            Self::Recurrence => "recurrence",
            Self::Target => "target",
            Self::Initiative => "initiative",
            Self::Part => "part",
        }
    }
}

/// The counters of one dimension that are not zero, by key.
pub async fn counts(
    q: &impl Queries,
    campaign: CampaignId,
    dimension: Dimension,
) -> Result<Vec<(String, u64)>, StoreError> {
    use duty_count::Column as C;
    let rows: Vec<(String, i64)> = duty_count::Entity::find()
        .filter(C::CampaignId.eq(campaign.0))
        .filter(C::Dimension.eq(dimension.code()))
        .select_only()
        .column(C::Key)
        // PostgreSQL sums bigints to a numeric.
        .column_as(Expr::cust("CAST(sum(n) AS bigint)"), "n")
        .group_by(C::Key)
        .order_by_asc(C::Key)
        .fetch_tuples(q.access())
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(key, n)| Some((key, u64::try_from(n).ok().filter(|n| *n > 0)?)))
        .collect())
}

/// How many duties a unit has, by its part in them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PartCounts {
    pub lead: u64,
    pub responsible: u64,
    pub support: u64,
}

impl PartCounts {
    /// A unit has one part in a duty, so that no duty is counted twice.
    pub fn total(self) -> u64 {
        self.lead + self.responsible + self.support
    }
}

/// What each unit of a campaign has to do; units without duties are not in it.
pub async fn counts_of_units(
    q: &impl Queries,
    campaign: CampaignId,
) -> Result<HashMap<UnitId, PartCounts>, StoreError> {
    let mut of_units: HashMap<UnitId, PartCounts> = HashMap::new();
    for (key, n) in counts(q, campaign, Dimension::UnitPart).await? {
        let parts = key.split_once(' ').and_then(|(unit, part)| Some((unit.parse().ok()?, from_word(part)?)));
        let (unit, part) = parts.ok_or_else(|| inconsistent("duty_count", "key", campaign))?;
        let counts = of_units.entry(unit).or_default();
        match part {
            UnitRole::Lead => counts.lead = n,
            UnitRole::Responsible => counts.responsible = n,
            UnitRole::Support => counts.support = n,
        }
    }
    Ok(of_units)
}

/// What a write does to the counters.
#[derive(Debug, Default)]
pub(super) struct Tally(BTreeMap<(Dimension, String), i64>);

impl Tally {
    pub(super) fn add(&mut self, duty: &Duty) {
        self.count(duty, 1);
    }

    pub(super) fn take(&mut self, duty: &Duty) {
        self.count(duty, -1);
    }

    fn count(&mut self, duty: &Duty, n: i64) {
        if duty.state == DutyState::Withdrawn {
            return;
        }
        let mut seen = HashSet::new();
        let units = duty.units.iter().filter(|unit| seen.insert(unit.unit));
        let month = duty.due_on.map(|day| day.format("%Y-%m").to_string());
        let keys = [
            (Dimension::Total, String::new()),
            (Dimension::Phase, duty.phase.map(|phase| phase.to_string()).unwrap_or_default()),
            (Dimension::DueMonth, month.unwrap_or_default()),
            (Dimension::Recurrence, duty.recurrence.map(|r| word(&r)).unwrap_or_default()),
            (Dimension::Part, duty.part.clone().unwrap_or_default()),
            (Dimension::Target, if duty.targets.is_empty() { "without" } else { "with" }.to_owned()),
        ];
        let units = units.map(|unit| (Dimension::UnitPart, format!("{} {}", unit.unit, word(&unit.role))));
        let initiative = duty.initiative.map(|initiative| (Dimension::Initiative, initiative.to_string()));
        for key in keys.into_iter().chain(units).chain(initiative) {
            *self.0.entry(key).or_default() += n;
        }
    }

    /// Adds it to the counters. Keys go in order, so that two writes can't wait for each other in a ring.
    pub(super) async fn keep(self, tx: &Tx, campaign: CampaignId) -> Result<(), StoreError> {
        static TEXTS: Texts = Texts::new();
        let rows = self.rows(campaign, tx.access().shard);
        count_up::<duty_count::Entity>(tx, &TEXTS, duty_count::Column::N, rows).await
    }

    fn rows(self, campaign: CampaignId, shard: u8) -> impl Iterator<Item = duty_count::Model> {
        let moved = self.0.into_iter().filter(|(_, n)| *n != 0);
        moved.map(move |((dimension, key), n)| {
            let dimension = dimension.code().to_owned();
            duty_count::Model { campaign_id: campaign.0, dimension, key, shard: shard.into(), n }
        })
    }
}

/// Counts a campaign's duties.
async fn recount(q: &impl Queries, campaign: CampaignId) -> Result<Tally, StoreError> {
    let mut tally = Tally::default();
    let mut after = None;
    loop {
        let duties = super::load_after(q, campaign, after, 500).await?;
        let Some(last) = duties.last() else { return Ok(tally) };
        after = Some(last.id);
        duties.iter().for_each(|duty| tally.add(duty));
    }
}

/// The counters of duties, and what is kept of their targets, that are not what the rows give.
pub(crate) async fn miscounts(q: &impl Queries, campaign: CampaignId) -> Result<Vec<Miscount>, StoreError> {
    let rows = recount(q, campaign).await?.rows(campaign, 0);
    let mut wrong =
        compare::<duty_count::Entity>(q, (duty_count::Column::CampaignId, campaign), rows).await?;
    wrong.extend(super::reached::miscounts(q, campaign).await?);
    Ok(wrong)
}

/// Counts a campaign's duties, and which of their targets are reached, anew, for `chengjing doctor`: the counters must come out the same.
pub async fn rebuild_counts(tx: &Tx, campaign: CampaignId) -> Result<(), StoreError> {
    duty_count::Entity::delete_many()
        .filter(duty_count::Column::CampaignId.eq(campaign.0))
        .execute(tx.access())
        .await?;
    recount(tx, campaign).await?.keep(tx, campaign).await?;
    super::reached::rebuild(tx, campaign).await
}
