use std::collections::{BTreeMap, BTreeSet};

use chengjing_domain::{
    id::{CampaignId, StandardId},
    observation::{KeptObservation, scored_at},
    people::policy::{Action, Resource},
    score::{Book, FactKind, Facts, Site},
    standard::{Input, ItemKind, Whole},
};
use chengjing_store::{Page, Paging, Queries, observation as store, site};
use chrono::{DateTime, Utc};

use super::{Moment, chosen, leaf::things, standards_of, there};
use crate::{
    App, Caller, Refusal,
    observation::{ObservationView, views},
};

/// How many are looked at at once, and how often for one page: where little of what was observed still stands, a page may be
/// short though another one follows.
const PIECE: u64 = 200;
const PIECES: usize = 10;

/// What a leaf rests on at a moment: what stands at each of its places, visits and answers too, what was made last first.
/// Nothing of what was seen covertly and was not released by then is among it.
pub async fn rests_on(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    (standard, code): (Option<StandardId>, String),
    as_of: Option<DateTime<Utc>>,
    paging: Paging,
) -> Result<Page<ObservationView>, Refusal> {
    caller.may(Action::SeeScore, Resource::Campaign(campaign))?;
    caller.may(Action::SeeObservations, Resource::Campaign(campaign))?;
    let moment = Moment::of("as_of", as_of, caller.now)?.at();
    let here = app.clone();
    app.store
        .read(|q| async move {
            let standards = standards_of(&here, &q, campaign).await?;
            let chosen = chosen(&standards, standard)?;
            let whole = &chosen.opened.whole;
            let leaf = whole.leaf(&code).ok_or(Refusal::NotFound)?;
            let look = Look {
                whole,
                standard: chosen.standard,
                leaf,
                moment,
                round: store::latest_round_at(&q, campaign, moment).await?,
                sites: there(&site::list_all(&q, campaign).await?, moment),
            };
            let page = look.page(&q, campaign, paging).await?;
            let items = views(&here, &q, campaign, page.items).await?;
            Ok(Page { items, next: page.next })
        })
        .await
}

/// Where is looked for what stands.
struct Look<'a> {
    whole: &'a Whole,
    standard: StandardId,
    leaf: usize,
    moment: DateTime<Utc>,
    round: Option<String>,
    sites: Vec<Site>,
}

impl Look<'_> {
    async fn page(
        &self,
        q: &impl Queries,
        campaign: CampaignId,
        paging: Paging,
    ) -> Result<Page<KeptObservation>, Refusal> {
        let most = usize::try_from(paging.limit.clamp(1, PIECE)).unwrap_or(1);
        let things = self.sources();
        // A formula's figures are chosen together: none of them may be missing.
        let figures: Vec<(FactKind, String)> =
            things.iter().filter(|(kind, _)| *kind == FactKind::Figure).cloned().collect();
        let figures = store::list_of_things(q, campaign, &figures, self.moment).await?;
        let mut found = Vec::new();
        let mut after = paging.after;
        for _ in 0..PIECES {
            let piece = Paging { after, limit: PIECE };
            let page = store::list_counting(q, campaign, &things, self.moment, &piece).await?;
            let others = page.items.iter().filter(|one| one.fact.kind() != FactKind::Figure);
            let others: Vec<KeptObservation> = others.cloned().collect();
            let mut beside = store::list_beside(q, campaign, &others, self.moment).await?;
            beside.extend(figures.iter().cloned());
            let stand = self.standing(&beside);
            found.extend(page.items.into_iter().filter(|one| stand.contains(&one.id.0.to_string())));
            after = page.next;
            if after.is_none() || found.len() > most {
                break;
            }
        }
        if found.len() > most {
            found.truncate(most);
            after = found.last().map(store::cursor_after);
        }
        Ok(Page { items: found, next: after })
    }

    /// What the leaf is made of, and the types of its criteria of which there is no site.
    fn sources(&self) -> Vec<(FactKind, String)> {
        let mut sources = things(self.whole, self.leaf);
        let types: BTreeSet<&str> = self.whole.leaves[self.leaf]
            .measures
            .iter()
            .filter_map(|taken| match &taken.input {
                Input::Criteria(items) => Some(items),
                _ => None,
            })
            .flatten()
            .filter_map(|item| match &self.whole.items[*item].kind {
                ItemKind::Criterion { site_type, .. } => Some(site_type.as_str()),
                ItemKind::Requirement { .. } | ItemKind::Question { .. } => None,
            })
            .collect();
        let none = |site_type: &&str| !self.sites.iter().any(|site| site.site_type == *site_type);
        let types = types.into_iter().filter(none);
        sources.extend(types.map(|site_type| (FactKind::NoSites, site_type.to_owned())));
        sources
    }

    /// The ids of those that the leaf rests on: all that was observed at the same places is among `all`.
    fn standing(&self, all: &[KeptObservation]) -> BTreeSet<String> {
        let own = |one: &&KeptObservation| {
            one.standard.is_none_or(|id| id == self.standard) && !one.is_of_one_unit()
        };
        let scored = scored_at(all, self.moment).into_iter();
        let facts = Facts {
            as_of: self.moment,
            round: self.round.clone(),
            sites: self.sites.clone(),
            observations: scored.filter(own).map(KeptObservation::observed).collect(),
            totals: BTreeMap::new(),
        };
        Book::open(self.whole, &facts).rests_on(self.leaf).into_iter().map(str::to_owned).collect()
    }
}
