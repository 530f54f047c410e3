use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashMap},
};

use chengjing_domain::{
    id::{CampaignId, ObservationId, SiteId, StandardId, UnitId},
    observation::{Cell, KeptObservation},
    people::policy::{Action, Resource},
    score::{FactKind, Loss, MeasureScore, PlaceScore},
    standard::{Combine, Grading, Input, Whole},
};
use chengjing_store::{Queries, campaign as campaigns, observation as store, site};
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use super::{Basis, Moment, chosen, standards_of, total};
use crate::{
    App, Caller, Refusal,
    observation::{ObservationView, views},
    standard::assess::Assessing,
};

/// How many losses of a leaf are told one by one; what is left is told as a sum.
const MOST: usize = 200;

/// Why a leaf scores as it does.
#[derive(Debug, Clone)]
pub struct LeafSeen {
    pub place: PlaceScore,
    pub combine: Combine,
    pub measures: Vec<MeasureScore>,
    /// What was lost and why, the most first.
    pub losses: Vec<LossSeen>,
    /// How many more there are, and what they come to.
    pub more: Option<(usize, Decimal)>,
    /// All that the measures and losses name, and what it superseded.
    pub observations: Vec<ObservationView>,
}

/// A loss with the names that its reader needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LossSeen {
    pub loss: Loss,
    /// The text of the criterion, requirement or question, the title of a statistic.
    pub item: Option<String>,
    pub site: Option<String>,
    pub unit: Option<String>,
}

/// Why a leaf scores as it does, down to what was observed.
pub async fn leaf(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    (standard, code): (Option<StandardId>, String),
    as_of: Option<DateTime<Utc>>,
) -> Result<LeafSeen, Refusal> {
    caller.may(Action::SeeScore, Resource::Campaign(campaign))?;
    let moment = Moment::of("as_of", as_of, caller.now)?;
    let here = app.clone();
    app.store
        .read(|q| async move {
            let standards = standards_of(&here, &q, campaign).await?;
            let chosen = chosen(&standards, standard)?;
            let number = chosen.opened.whole.leaf(&code).ok_or(Refusal::NotFound)?;
            let things = things(&chosen.opened.whole, number);
            let all = store::list_of_things(&q, campaign, &things, moment.at()).await?;
            let basis = Basis::load(&q, campaign, moment, &standards).await?.with_all_of(&things, &all);
            look(&here, &q, campaign, &basis, &standards, chosen, number, all).await
        })
        .await
}

#[expect(clippy::too_many_arguments, reason = "all of it is what was loaded in one read")]
async fn look(
    app: &App,
    q: &impl Queries,
    campaign: CampaignId,
    basis: &Basis,
    standards: &[Assessing],
    one: &Assessing,
    number: usize,
    all: Vec<KeptObservation>,
) -> Result<LeafSeen, Refusal> {
    let whole = &one.opened.whole;
    let totals: BTreeMap<_, _> = basis
        .cards(standards, one.standard)
        .into_iter()
        .filter(|(id, _)| *id != one.standard)
        .map(|(_, card)| (card.standard.clone(), total(&card)))
        .collect();
    let facts = basis.facts(one.standard, &totals);
    let mut book = basis.open(whole, &facts);
    let leaf = &whole.leaves[number];
    let place = book.card().places.into_iter().nth(leaf.place).ok_or(Refusal::NotFound)?;
    let measures = book.measures(number);
    let mut losses = book.losses(number);
    losses.sort_by_key(|loss| Reverse(loss.marks));
    let rest = losses.split_off(losses.len().min(MOST));
    let more = (!rest.is_empty()).then(|| (rest.len(), rest.iter().map(|loss| loss.marks).sum()));
    supersede(&mut losses, &all, basis.as_of);
    let named: BTreeSet<&str> = measures
        .iter()
        .flat_map(|measure| &measure.observations)
        .chain(losses.iter().flat_map(|loss| loss.observations.iter().chain(&loss.superseded)))
        .map(String::as_str)
        .collect();
    let shown: Vec<KeptObservation> = {
        let mut shown: Vec<_> =
            all.into_iter().filter(|one| named.contains(one.id.0.to_string().as_str())).collect();
        shown.sort_by_key(|one| Reverse((one.at, one.id)));
        shown
    };
    Ok(LeafSeen {
        place,
        combine: leaf.combine,
        measures,
        losses: named_losses(q, campaign, whole, losses).await?,
        more,
        observations: views(app, q, campaign, shown).await?,
    })
}

/// Names what had been observed before in the place of each loss: older, and nothing that is hidden.
fn supersede(losses: &mut [Loss], all: &[KeptObservation], moment: DateTime<Utc>) {
    let mut of_cell: HashMap<Cell, Vec<&KeptObservation>> = HashMap::new();
    let mut by_id: HashMap<String, &KeptObservation> = HashMap::new();
    for one in all.iter().filter(|one| one.counts_at(moment) && !one.withdraws) {
        by_id.insert(one.id.0.to_string(), one);
        if let Some(cell) = one.cell() {
            of_cell.entry(cell).or_default().push(one);
        }
    }
    for loss in losses {
        let mut before: BTreeSet<(DateTime<Utc>, ObservationId)> = BTreeSet::new();
        for one in loss.observations.iter().filter_map(|id| by_id.get(id)) {
            let others = one.cell().and_then(|cell| of_cell.get(&cell)).into_iter().flatten();
            before.extend(others.filter(|other| other.id != one.id).map(|other| (other.at, other.id)));
        }
        loss.superseded = before.into_iter().map(|(_, id)| id.0.to_string()).collect();
    }
}

async fn named_losses(
    q: &impl Queries,
    campaign: CampaignId,
    whole: &Whole,
    losses: Vec<Loss>,
) -> Result<Vec<LossSeen>, Refusal> {
    let site_of = |loss: &Loss| loss.site.as_deref().and_then(|id| id.parse().ok()).map(SiteId);
    let ids: Vec<SiteId> = losses.iter().filter_map(site_of).collect();
    let sites: HashMap<SiteId, String> =
        site::list_of(q, campaign, &ids).await?.into_iter().map(|site| (site.id, site.name)).collect();
    let names = campaigns::names(q, campaign).await?;
    let named = |loss: Loss| {
        let unit = loss.unit.as_deref().and_then(|id| id.parse().ok()).map(UnitId);
        LossSeen {
            item: loss.item.as_deref().map(|id| item_title(whole, id)),
            site: site_of(&loss).and_then(|id| sites.get(&id).cloned()),
            unit: unit.and_then(|id| names.units.get(&id).cloned()),
            loss,
        }
    };
    Ok(losses.into_iter().map(named).collect())
}

fn item_title(whole: &Whole, id: &str) -> String {
    if let Some(number) = whole.item(id) {
        return whole.items[number].text.clone();
    }
    let statistic = whole.statistic(id);
    statistic.map_or_else(|| id.to_owned(), |one| one.title.clone())
}

/// What a leaf is made of.
pub(crate) fn things(whole: &Whole, leaf: usize) -> Vec<(FactKind, String)> {
    let mut things = BTreeSet::new();
    let own = &whole.leaves[leaf];
    for taken in &own.measures {
        let items = |kind, items: &[usize]| -> Vec<(FactKind, String)> {
            items.iter().map(|item| (kind, whole.items[*item].id.clone())).collect()
        };
        things.extend(match &taken.input {
            Input::Judgement => vec![(FactKind::Judgement, whole.places[own.place].code.clone())],
            Input::Requirements(all) => items(FactKind::Review, all),
            Input::Criteria(all) => items(FactKind::Visit, all),
            Input::Questions(all) => items(FactKind::Answers, all),
            Input::Formula(formula) => {
                formula.names().into_iter().map(|name| (FactKind::Figure, name.to_owned())).collect()
            }
            Input::Statistic(statistic) => {
                let mut all = vec![(FactKind::Figure, statistic.clone())];
                if let Grading::Comparison { with, .. } = &taken.measure.grading {
                    all.push((FactKind::Figure, with.clone()));
                }
                all
            }
        });
    }
    things.into_iter().collect()
}
