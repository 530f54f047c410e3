use chengjing_domain::{
    duty::{Duty, DutyState},
    id::{CampaignId, StandardId},
    people::policy::{Action, Resource},
    standard::{
        Input,
        owner::{Fit, fits},
    },
};
use chengjing_store::{
    Paging,
    duty::{self, DutyFilter},
};

use super::load;
use crate::{App, Caller, Refusal, duty::Names};

/// Duties that fit a leaf, the best first.
#[derive(Debug, Clone)]
pub struct LeafFits {
    /// Its number in the standard.
    pub leaf: usize,
    pub code: String,
    pub fits: Vec<(Duty, u32)>,
}

/// How many duties are shown for a leaf.
const MOST: usize = 3;

/// For each leaf that nobody answers for yet, the duties that hold its words: whoever owes them could. Nothing is decided.
pub async fn suggest(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    standard: StandardId,
) -> Result<(Vec<LeafFits>, Names), Refusal> {
    caller.may(Action::AssignLeaves, Resource::Campaign(campaign))?;
    let here = app.clone();
    let (opened, there, duties, names) = app
        .store
        .read(|q| async move {
            let (opened, there) = load(&here, &q, campaign, standard).await?;
            let filter = DutyFilter { state: Some(DutyState::Assigned), ..DutyFilter::default() };
            let (mut duties, mut paging) = (Vec::new(), Paging::first(200));
            loop {
                let page = duty::list_whole(&q, campaign, &filter, &paging).await?;
                duties.extend(page.items);
                let Some(next) = page.next else { break };
                paging = Paging::after(next, 200);
            }
            Ok::<_, Refusal>((opened, there, duties, Names::load(&q, campaign).await?))
        })
        .await?;
    let found = tokio::task::spawn_blocking(move || {
        let whole = &opened.whole;
        let free = whole.leaves.iter().enumerate().filter(|(_, leaf)| {
            there.get(&whole.places[leaf.place].code).is_none_or(|there| there.owners.is_empty())
        });
        let free: Vec<usize> = free.map(|(number, _)| number).collect();
        let called = |number: &usize| {
            let leaf = &whole.leaves[*number];
            let mut names = vec![whole.places[leaf.place].title.as_str()];
            for taken in &leaf.measures {
                if let Input::Requirements(items) = &taken.input {
                    names.extend(items.iter().map(|item| whole.items[*item].text.as_str()));
                }
            }
            names
        };
        let texts: Vec<String> = duties.iter().map(|duty| format!("{}\n{}", duty.title, duty.text)).collect();
        let leaves: Vec<Vec<&str>> = free.iter().map(called).collect();
        let of_leaf = |(leaf, fits): (usize, Vec<Fit>)| LeafFits {
            leaf,
            code: whole.places[whole.leaves[leaf].place].code.clone(),
            fits: fits.into_iter().map(|fit| (duties[fit.duty].clone(), fit.held)).collect(),
        };
        let found = free.iter().copied().zip(fits(&leaves, &texts, MOST));
        found.map(of_leaf).filter(|one| !one.fits.is_empty()).collect::<Vec<_>>()
    });
    let found = found.await.map_err(|_| Refusal::Internal("comparing duties with indicators panicked"))?;
    Ok((found, names))
}
