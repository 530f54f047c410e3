//! Reminders 提醒: what people have to know of tasks reaches them, each piece of news once.
//!
//! Two sources give news: the ledger, followed block by block ([`follow`]), and the calendar ([`calendar`]). What is
//! planned is kept under a key that is unique for the person, so that a second look, after a crash or on a second
//! server, adds nothing.

pub mod calendar;
pub mod choices;
pub mod count;
pub mod follow;
pub mod list;
mod plan;
pub mod read;
mod recipients;
pub mod settings;
pub mod urge;

use chengjing_domain::{
    clock::{local, universal},
    duty::remind::{Choices, ReminderSettings},
    id::{CampaignId, UserId},
};
use chengjing_store::{Queries, setting};
use chrono::{DateTime, Utc};

use crate::Refusal;

/// The name under which a campaign's settings are kept.
fn settings_key(campaign: CampaignId) -> String {
    format!("reminders/{campaign}")
}

/// The name under which a person's choices are kept.
fn choices_key(user: UserId) -> String {
    format!("choices/{user}")
}

/// A stored value and its version; the default's is 0.
async fn load<T>(q: &impl Queries, key: &str) -> Result<(T, i64), Refusal>
where
    T: serde::de::DeserializeOwned + Default,
{
    let (value, version) = setting::lookup_versioned(q, key).await?;
    Ok((value.map(|text| parsed(&text)).transpose()?.unwrap_or_default(), version))
}

fn parsed<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Refusal> {
    serde_json::from_str(text).map_err(|_| Refusal::Internal("a stored setting can't be read"))
}

/// How a campaign reminds.
async fn settings_of(q: &impl Queries, campaign: CampaignId) -> Result<ReminderSettings, Refusal> {
    Ok(load(q, &settings_key(campaign)).await?.0)
}

/// That moment, or the end of the campaign's quiet hours that it falls in.
pub(crate) async fn out_of_quiet_hours(
    q: &impl Queries,
    campaign: CampaignId,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>, Refusal> {
    let quiet = settings_of(q, campaign).await?.quiet;
    Ok(quiet.map_or(now, |quiet| universal(quiet.out_of(local(now)))))
}

/// What each of these wants to hear; who never chose has the default.
pub(crate) async fn choices_of(
    q: &impl Queries,
    users: &[UserId],
) -> Result<std::collections::HashMap<UserId, Choices>, Refusal> {
    let keys: Vec<String> = users.iter().map(|user| choices_key(*user)).collect();
    let mut stored = setting::lookup_many(q, &keys).await?;
    let mut all = std::collections::HashMap::with_capacity(users.len());
    for (user, key) in users.iter().zip(keys) {
        let chosen = stored.remove(&key).map(|text| parsed(&text)).transpose()?;
        all.insert(*user, chosen.unwrap_or_default());
    }
    Ok(all)
}
