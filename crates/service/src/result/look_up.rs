use std::collections::HashMap;

use chengjing_domain::{
    clock::end_of_day,
    id::{CampaignId, EditionId, ResultId, SiteId},
    result::{SiteVerdict, WholeResult},
    score::Range,
};
use chengjing_store::{Queries, site};
use rust_decimal::Decimal;

use super::{ResultView, must, views};
use crate::{App, Caller, Refusal, observation::Named, score};

/// A result, leaf by leaf beside the campaign's own score at the end of its day.
#[derive(Debug, Clone)]
pub struct ResultSeen {
    pub view: ResultView,
    /// In the order of the tree, those of which marks were told.
    pub leaves: Vec<LeafSeen>,
    pub verdicts: Vec<VerdictSeen>,
    /// The campaign's own score then; None where it is not assessed by this standard any more.
    pub own: Option<OwnScore>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct LeafSeen {
    pub code: String,
    pub title: String,
    /// The leaf's full marks.
    pub of: Decimal,
    /// What the assessment gave.
    pub marks: Decimal,
    /// The campaign's own; None where its edition has no such leaf.
    pub own: Option<Range>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct VerdictSeen {
    pub verdict: SiteVerdict,
    pub site: Option<Named<SiteId>>,
    /// The criterion's text.
    pub criterion: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnScore {
    pub edition: EditionId,
    pub total: Range,
}

/// One result, compared with the campaign's own score of that day.
pub async fn look_up(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: ResultId,
) -> Result<ResultSeen, Refusal> {
    let (here, looker) = (app.clone(), caller.clone());
    let (whole, view, sites) = app
        .store
        .read(|q| async move {
            let whole = must(&q, &looker, campaign, id).await?;
            let view = views(&here, &q, vec![whole.result.clone()]).await?.pop().ok_or(Refusal::NotFound)?;
            let sites = names(&q, campaign, &whole).await?;
            Ok::<_, Refusal>((whole, view, sites))
        })
        .await?;
    compare(app, caller, campaign, (whole, view), sites).await
}

async fn names(
    q: &impl Queries,
    campaign: CampaignId,
    whole: &WholeResult,
) -> Result<HashMap<SiteId, String>, Refusal> {
    let mut ids: Vec<SiteId> = whole.verdicts.iter().map(|one| one.site).collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(site::list_of(q, campaign, &ids).await?.into_iter().map(|site| (site.id, site.name)).collect())
}

pub(super) async fn compare(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    (whole, view): (WholeResult, ResultView),
    sites: HashMap<SiteId, String>,
) -> Result<ResultSeen, Refusal> {
    let (standard, edition) = (whole.result.standard, whole.result.edition);
    let here = app.clone();
    let opened = app
        .store
        .read(|q| async move {
            let summary = chengjing_store::standard::edition::lookup_summary(&q, edition).await?;
            here.standards.open(&q, &summary.ok_or(Refusal::NotFound)?).await
        })
        .await?;
    // The day of an assessment that is still under way has not ended.
    let moment = end_of_day(whole.result.on).min(caller.now);
    let card = match score::card::work_out(app, campaign, Some(standard), Some(moment)).await {
        Ok(card) => Some(card),
        Err(Refusal::NotFound | Refusal::Conflict(_)) => None,
        Err(other) => return Err(other),
    };
    let own: HashMap<&str, Range> = card
        .iter()
        .flat_map(|card| &card.card.places)
        .map(|place| (place.code.as_str(), Range { low: place.low, value: place.value, high: place.high }))
        .collect();
    let standard = &opened.whole;
    let told: HashMap<&str, Decimal> =
        whole.result.leaves.iter().map(|one| (one.leaf.as_str(), one.marks)).collect();
    let leaf = |leaf: &chengjing_domain::standard::Leaf| {
        let place = &standard.places[leaf.place];
        Some(LeafSeen {
            marks: *told.get(place.code.as_str())?,
            own: own.get(place.code.as_str()).copied(),
            code: place.code.clone(),
            title: place.title.clone(),
            of: place.marks,
        })
    };
    let verdict = |verdict: SiteVerdict| VerdictSeen {
        site: sites.get(&verdict.site).map(|name| Named { id: verdict.site, name: name.clone() }),
        criterion: standard.item(&verdict.criterion).map(|item| standard.items[item].text.clone()),
        verdict,
    };
    let leaves = standard.leaves.iter().filter_map(leaf).collect();
    let own = card.as_ref().map(|card| OwnScore { edition: card.edition.id, total: card.card.total });
    Ok(ResultSeen { view, leaves, verdicts: whole.verdicts.into_iter().map(verdict).collect(), own })
}
