use std::collections::HashMap;

use chengjing_domain::{
    id::{CampaignId, StandardId, UnitId},
    score::{UnitScores, by_unit},
    standard::owner::holders,
};
use chengjing_store::standard::owner;
use chrono::{DateTime, Utc};

use super::card::{CardSeen, card};
use crate::{App, Caller, Refusal, duty::Names};

/// A score by the units that hold its leaves.
#[derive(Debug, Clone)]
pub struct UnitsSeen {
    pub seen: CardSeen,
    pub units: UnitScores,
    pub names: Names,
}

/// What each unit holds, got, lost and can still gain, by those who answered for the leaves at the moment of the score.
pub async fn units(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    standard: Option<StandardId>,
    as_of: Option<DateTime<Utc>>,
) -> Result<UnitsSeen, Refusal> {
    let seen = card(app, caller, campaign, standard, as_of).await?;
    let of = seen.standard;
    let (owners, names) = app
        .store
        .read(|q| async move {
            let owners = owner::list(&q, campaign, Some(of)).await?;
            Ok::<_, Refusal>((owners, Names::load(&q, campaign).await?))
        })
        .await?;
    let moment = seen.card.as_of;
    let held = owners.into_iter().map(|one| (holders(one.owners_at(moment)), one.leaf));
    let held: HashMap<String, Vec<UnitId>> = held.map(|(units, leaf)| (leaf, units)).collect();
    Ok(UnitsSeen { units: by_unit(&seen.card, &held), seen, names })
}
