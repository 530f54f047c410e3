//! Results 测评结果: what official and mock assessments found, as it was told, and how the campaign's own score of that day compares
//! with it.

pub mod export_sheet;
pub mod import_sheet;
pub mod list;
pub mod look_up;
pub mod record;
pub mod supersede;

use std::{
    collections::{HashMap, HashSet, hash_map::Entry},
    sync::Arc,
};

use chengjing_domain::{
    clock::day_of,
    id::{CampaignId, EditionId, ResultId, SiteId, UserId},
    ledger::{Author, Subject, SubjectKind},
    people::policy::{Action, Resource},
    result::{AssessmentResult, LeafMarks, ResultKind, ResultRefusal, SiteVerdict, WholeResult},
    standard::edition::EditionSummary,
};
use chengjing_store::{
    Queries, people, result as store, site,
    standard::{assessed, edition},
};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::{App, Caller, Fault, Refusal, Words, observation::Named, refusal::Faults, standard::Opened};

/// What somebody wants to have recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct NewResult {
    /// By which edition it was assessed: a published one of a standard that the campaign is assessed by.
    pub edition: EditionId,
    pub on: NaiveDate,
    pub kind: ResultKind,
    pub covert: bool,
    pub team: String,
    pub total: Decimal,
    pub leaves: Vec<LeafMarks>,
    pub verdicts: Vec<SiteVerdict>,
    pub source: String,
}

/// A result with the names that its reader needs.
#[derive(Debug, Clone, PartialEq)]
pub struct ResultView {
    pub result: AssessmentResult,
    /// What the standard is called, and which edition it was.
    pub title: String,
    pub edition: String,
    /// The marks of the whole.
    pub marks: Decimal,
    /// To how many places its marks are published.
    pub places: u32,
    pub by: Option<Named<UserId>>,
}

/// An edition that a result can be of, opened.
async fn of_edition(
    app: &App,
    q: &impl Queries,
    campaign: CampaignId,
    id: EditionId,
) -> Result<(EditionSummary, Arc<Opened>), Refusal> {
    let wrong = || {
        Refusal::invalid(
            "edition_id",
            "创建项目没有用这个测评体系",
            "the campaign is not assessed by this standard",
        )
    };
    let summary = edition::lookup_summary(q, id).await?.ok_or_else(wrong)?;
    assessed::lookup(q, campaign, summary.standard).await?.ok_or_else(wrong)?;
    // Nobody is assessed by a draft, and that there is one is not to be learned of here.
    if summary.state.is_draft() {
        return Err(wrong());
    }
    let opened = app.standards.open(q, &summary).await?;
    Ok((summary, opened))
}

/// A result as it would be kept, or all that is wrong with it.
async fn checked(
    app: &App,
    q: &impl Queries,
    caller: &Caller,
    (campaign, id): (CampaignId, ResultId),
    new: NewResult,
) -> Result<WholeResult, Refusal> {
    let (summary, opened) = of_edition(app, q, campaign, new.edition).await?;
    let mut faults = Faults::default();
    let (longest_team, longest_source) = AssessmentResult::LONGEST;
    let team = faults.text("team", &new.team, longest_team);
    let source = faults.text("source", &new.source, longest_source);
    let result = AssessmentResult {
        campaign,
        id,
        standard: summary.standard,
        edition: summary.id,
        on: new.on,
        kind: new.kind,
        covert: new.covert,
        team,
        total: new.total,
        leaves: new.leaves,
        judged: u32::try_from(new.verdicts.len()).unwrap_or(u32::MAX),
        source,
        superseded_by: None,
        by: Author::User(caller.actor.user),
        recorded_at: caller.now,
    };
    let whole = WholeResult { result, verdicts: new.verdicts };
    let sites: HashSet<SiteId> = whole.verdicts.iter().map(|one| one.site).collect();
    let sites: Vec<SiteId> = sites.into_iter().collect();
    let types: HashMap<SiteId, String> =
        site::list_of(q, campaign, &sites).await?.into_iter().map(|site| (site.id, site.site_type)).collect();
    for fault in whole.check(&opened.whole, &types, day_of(caller.now)) {
        faults.add(fault.path, fault.zh, fault.en);
    }
    faults.end()?;
    Ok(whole)
}

/// A result that the caller may see.
async fn must(
    q: &impl Queries,
    caller: &Caller,
    campaign: CampaignId,
    id: ResultId,
) -> Result<WholeResult, Refusal> {
    caller.may(Action::SeeResults, Resource::Campaign(campaign))?;
    store::lookup(q, campaign, id).await?.ok_or(Refusal::NotFound)
}

/// Results with their names; each edition is opened once.
async fn views(app: &App, q: &impl Queries, all: Vec<AssessmentResult>) -> Result<Vec<ResultView>, Refusal> {
    let author = |one: &AssessmentResult| match one.by {
        Author::User(user) => Some(user),
        Author::System => None,
    };
    let users: Vec<UserId> = all.iter().filter_map(author).collect();
    let users = people::display_names(q, &users).await?;
    let mut editions: HashMap<EditionId, (EditionSummary, Decimal, u32)> = HashMap::new();
    let mut seen = Vec::with_capacity(all.len());
    for result in all {
        let (summary, marks, places) = match editions.entry(result.edition) {
            Entry::Occupied(known) => &*known.into_mut(),
            Entry::Vacant(place) => {
                let summary = edition::lookup_summary(q, result.edition).await?.ok_or(Refusal::NotFound)?;
                let opened = app.standards.open(q, &summary).await?;
                let standard = &opened.whole.standard;
                &*place.insert((summary, standard.marks, standard.rounding.places))
            }
        };
        seen.push(ResultView {
            title: summary.title.clone(),
            edition: summary.label.clone(),
            marks: *marks,
            places: *places,
            by: author(&result).and_then(|id| Some(Named { id, name: users.get(&id)?.clone() })),
            result,
        });
    }
    Ok(seen)
}

fn subject(one: &AssessmentResult) -> Subject {
    Subject::of(one.campaign, SubjectKind::AssessmentResult, one.id.0)
}

fn told(one: &AssessmentResult) -> Value {
    json!({ "name": one.team, "kind": one.kind, "on": one.on, "total": one.total, "covert": one.covert })
}

impl From<ResultRefusal> for Refusal {
    fn from(refusal: ResultRefusal) -> Self {
        let (zh, en) = match refusal {
            ResultRefusal::Superseded => {
                ("已被更正，请更正最新的一条", "it is superseded already; supersede the newest one")
            }
            ResultRefusal::Other => (
                "更正的须是同一体系、同一类的测评结果",
                "what supersedes it must be of the same standard and kind",
            ),
        };
        Self::conflict(zh, en)
    }
}

fn fault(path: String, zh: impl Into<String>, en: impl Into<String>) -> Fault {
    Fault { path, words: Words::new(zh, en) }
}
