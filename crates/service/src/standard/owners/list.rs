use std::collections::HashMap;

use chengjing_domain::{
    id::{CampaignId, DutyId, StandardId},
    people::policy::{self, Action, Resource, Visible},
};
use chengjing_store::duty;

use super::{LeafSeen, OwnerSeen, OwnersSeen, load};
use crate::{App, Caller, Refusal, duty::Names};

/// Who answers for the leaves of a standard that the campaign is assessed by.
pub async fn list(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    standard: StandardId,
) -> Result<OwnersSeen, Refusal> {
    caller.may(Action::SeeStandards, Resource::Campaign(campaign))?;
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .read(|q| async move {
            let (opened, mut stored) = load(&here, &q, campaign, standard).await?;
            let names = Names::load(&q, campaign).await?;
            // Of a duty that somebody may not see they don't learn here.
            let titles: HashMap<DutyId, String> =
                match policy::visible(&caller.actor, Action::SeeDuties, campaign) {
                    Visible::All => {
                        let taken = stored.values().flat_map(|one| &one.owners).filter_map(|one| one.duty);
                        let mut ids: Vec<DutyId> = taken.collect();
                        ids.sort_unstable();
                        ids.dedup();
                        let briefs = duty::briefs(&q, campaign, &ids).await?;
                        briefs.into_iter().map(|(id, brief)| (id, brief.title)).collect()
                    }
                    Visible::OfUnits(_) | Visible::Nothing => HashMap::new(),
                };
            let leaves = opened.whole.leaves.iter().enumerate().map(|(leaf, one)| {
                let there = stored.remove(&opened.whole.places[one.place].code);
                let version = there.as_ref().map_or(0, |there| there.version);
                let owners = there.map(|there| there.owners).unwrap_or_default();
                let seen = owners.into_iter().map(|one| OwnerSeen {
                    unit: names.unit(one.unit),
                    role: one.role,
                    duty: one.duty.and_then(|id| Some((id, titles.get(&id)?.clone()))),
                });
                LeafSeen { leaf, owners: seen.collect(), version }
            });
            let leaves = leaves.collect();
            let editable = caller.may(Action::AssignLeaves, Resource::Campaign(campaign)).is_ok();
            Ok(OwnersSeen { leaves, opened, editable })
        })
        .await
}
