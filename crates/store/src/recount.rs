//! What is counted as it is written, compared with what counting the rows gives, and counted anew: for `chengjing doctor`.
//!
//! The counters are in no entry of the ledger, since they follow from rows that are. So nothing but this comparison finds
//! one that was changed by hand.

use std::{collections::BTreeMap, fmt};

use chengjing_domain::id::CampaignId;
use sea_orm::{
    ColumnTrait, EntityTrait, IdenStatic, Iterable, ModelTrait, PrimaryKeyToColumn, QueryFilter, Value,
};

use crate::{
    burden,
    door::{Fetch, Queries, Tx},
    duty,
    error::StoreError,
    evidence, observation, task,
};

/// A counter that is not what counting the rows gives, or another thing that is kept of rows and does not follow from them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Miscount {
    /// The table it is kept in, or its column.
    pub kept_in: &'static str,
    /// Of what: the parts of its key, in order.
    pub of: Vec<String>,
    pub kept: String,
    pub counted: String,
}

impl fmt::Display for Miscount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kept_in, of, kept, counted } = self;
        write!(f, "{kept_in} [{}] keeps {kept}, the rows give {counted}", of.join(", "))
    }
}

/// What is counted of a campaign, each by itself: what can't be read of one hides nothing of the others, and no write counts
/// everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counters {
    /// With what is kept of their targets.
    Duties,
    Tasks,
    Burden,
    Evidence,
    /// With what stands.
    Observations,
}

impl Counters {
    pub const ALL: [Self; 5] = [Self::Duties, Self::Tasks, Self::Burden, Self::Evidence, Self::Observations];

    /// Those of a campaign that are not what its rows give.
    pub async fn miscounts(
        self,
        q: &impl Queries,
        campaign: CampaignId,
    ) -> Result<Vec<Miscount>, StoreError> {
        match self {
            Self::Duties => duty::miscounts(q, campaign).await,
            Self::Tasks => task::miscounts(q, campaign).await,
            Self::Burden => burden::miscounts(q, campaign).await,
            Self::Evidence => evidence::miscounts(q, campaign).await,
            Self::Observations => observation::miscounts(q, campaign).await,
        }
    }

    /// Counts them anew.
    pub async fn rebuild(self, tx: &Tx, campaign: CampaignId) -> Result<(), StoreError> {
        match self {
            Self::Duties => duty::rebuild_counts(tx, campaign).await,
            Self::Tasks => task::rebuild_counts(tx, campaign).await,
            Self::Burden => burden::rebuild_counts(tx, campaign).await,
            Self::Evidence => evidence::rebuild_counts(tx, campaign).await,
            Self::Observations => observation::rebuild_counts(tx, campaign).await,
        }
    }
}

/// Compares a table of counters with the rows that it should hold of a campaign, whose column is `here`. What is counted is
/// what is no part of its key; a counter is the sum of its shards, and one that is not there is 0.
pub(crate) async fn compare<E>(
    q: &impl Queries,
    (here, campaign): (E::Column, CampaignId),
    counted: impl IntoIterator<Item = E::Model>,
) -> Result<Vec<Miscount>, StoreError>
where
    E: EntityTrait,
    E::Model: ModelTrait<Entity = E> + serde::de::DeserializeOwned + Send + Sync,
{
    let keys: Vec<E::Column> = E::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column).collect();
    let own: Vec<E::Column> =
        keys.iter().copied().filter(|c| !matches!(c.as_str(), "campaign_id" | "shard")).collect();
    let sums: Vec<E::Column> =
        E::Column::iter().filter(|c| !keys.iter().any(|key| key.as_str() == c.as_str())).collect();
    let kept = E::find().filter(here.eq(campaign.0)).fetch_all(q.access()).await?;
    let mut all: BTreeMap<Vec<String>, [Vec<i64>; 2]> = BTreeMap::new();
    let counted = counted.into_iter().map(|row| (1, row));
    for (side, row) in kept.into_iter().map(|row| (0, row)).chain(counted) {
        let key = own.iter().map(|column| shown(row.get(*column))).collect();
        let of = all.entry(key).or_insert_with(|| [vec![0; sums.len()], vec![0; sums.len()]]);
        let Some(side) = of.get_mut(side) else { continue };
        for (sum, column) in side.iter_mut().zip(&sums) {
            // What a foreign hand wrote may be any number.
            *sum = sum.saturating_add(whole(&row.get(*column)));
        }
    }
    let told = |sums: Vec<i64>| sums.iter().map(i64::to_string).collect::<Vec<_>>().join(" and ");
    let wrong = all.into_iter().filter(|(_, [kept, counted])| kept != counted);
    Ok(wrong
        .map(|(of, [kept, counted])| Miscount {
            kept_in: E::default().table_name(),
            of,
            kept: told(kept),
            counted: told(counted),
        })
        .collect())
}

/// Compares what is kept of single things with what follows from the rows.
pub(crate) fn compare_each(
    kept_in: &'static str,
    kept: BTreeMap<Vec<String>, String>,
    mut right: BTreeMap<Vec<String>, String>,
) -> Vec<Miscount> {
    const NOTHING: &str = "nothing";
    let mut wrong = Vec::new();
    for (of, kept) in kept {
        let right = right.remove(&of).unwrap_or_else(|| NOTHING.to_owned());
        if kept != right {
            wrong.push(Miscount { kept_in, of, kept, counted: right });
        }
    }
    wrong.extend(right.into_iter().map(|(of, counted)| Miscount {
        kept_in,
        of,
        kept: NOTHING.to_owned(),
        counted,
    }));
    wrong
}

fn shown(value: Value) -> String {
    match value {
        Value::String(Some(text)) => text,
        Value::Uuid(Some(id)) => id.to_string(),
        Value::ChronoDate(Some(day)) => day.to_string(),
        other => format!("{other:?}"),
    }
}

fn whole(value: &Value) -> i64 {
    match value {
        Value::BigInt(n) => n.unwrap_or_default(),
        Value::Int(n) => n.unwrap_or_default().into(),
        _ => 0,
    }
}
