//! By which standards a campaign is assessed: attached, moved to another edition, detached.

use std::{collections::HashSet, sync::Arc};

use chengjing_domain::{
    id::{CampaignId, EditionId, StandardId},
    ledger::{Subject, SubjectKind},
    people::policy::{Action, Resource},
    standard::{
        Standard,
        assessed::{Assessed, Part, needs, parts_of},
        check_circles,
        edition::{EditionSummary, Kept},
    },
};
use chengjing_store::{
    Queries, Tx, campaign as campaigns, ledger,
    standard::{self as store, assessed, edition},
};
use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Opened, browses};
use crate::{App, Caller, Refusal};

/// How many standards a campaign is assessed by at most.
const MOST: usize = 12;

/// A standard that a campaign is assessed by.
#[derive(Debug, Clone)]
pub struct AssessedSeen {
    pub assessed: Assessed,
    pub kept: Kept,
    pub edition: EditionSummary,
    pub opened: Arc<Opened>,
    /// What it is to the other ones; a main standard is nothing to any.
    pub parts: Vec<Part>,
    /// The codes of standards that it needs and that are not attached.
    pub missing: Vec<String>,
    /// Newer published editions of it, for who may move to one of them.
    pub newer: Vec<EditionSummary>,
}

/// The standards of a campaign, main ones first, in the order in which they were attached.
pub async fn list(app: &App, caller: &Caller, campaign: CampaignId) -> Result<Vec<AssessedSeen>, Refusal> {
    caller.may(Action::SeeStandards, Resource::Campaign(campaign))?;
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .read(|q| async move {
            campaigns::lookup(&q, campaign).await?.ok_or(Refusal::NotFound)?;
            all(&here, &q, &caller, campaign).await
        })
        .await
}

/// An edition that a campaign is assessed by, opened.
#[derive(Debug, Clone)]
pub(crate) struct Assessing {
    pub(crate) standard: StandardId,
    pub(crate) edition: EditionSummary,
    pub(crate) opened: Arc<Opened>,
    /// The editions before, each until another one took its place, from the first on; by [`assessing_over_time`].
    pub(crate) earlier: Vec<(Arc<Opened>, DateTime<Utc>)>,
}

impl Assessing {
    /// The edition that it was by at a moment. Before it was attached: the first one.
    pub(crate) fn opened_at(&self, moment: DateTime<Utc>) -> &Opened {
        let then = self.earlier.iter().find(|(_, until)| moment < *until);
        then.map_or(&self.opened, |(opened, _)| opened)
    }
}

/// The editions that a campaign is assessed by, in the order in which they were attached.
pub(crate) async fn assessing(
    app: &App,
    q: &impl Queries,
    campaign: CampaignId,
) -> Result<Vec<Assessing>, Refusal> {
    let mut all = Vec::new();
    for row in assessed::list(q, campaign).await? {
        let summary = edition::lookup_summary(q, row.edition).await?.ok_or(Refusal::NotFound)?;
        let opened = app.standards.open(q, &summary).await?;
        all.push(Assessing { standard: row.id, edition: summary, opened, earlier: Vec::new() });
    }
    Ok(all)
}

/// The same, with the editions before: for what looks at a moment of the past.
pub(crate) async fn assessing_over_time(
    app: &App,
    q: &impl Queries,
    campaign: CampaignId,
) -> Result<Vec<Assessing>, Refusal> {
    let mut all = assessing(app, q, campaign).await?;
    for row in assessed::list(q, campaign).await? {
        let Some(own) = all.iter_mut().find(|one| one.standard == row.id) else { continue };
        for one in &row.earlier {
            if let Some(summary) = edition::lookup_summary(q, one.edition).await? {
                own.earlier.push((app.standards.open(q, &summary).await?, one.until));
            }
        }
    }
    Ok(all)
}

async fn all(
    app: &App,
    q: &impl Queries,
    caller: &Caller,
    campaign: CampaignId,
) -> Result<Vec<AssessedSeen>, Refusal> {
    let rows = assessed::list(q, campaign).await?;
    let ids: Vec<StandardId> = rows.iter().map(|row| row.id).collect();
    let mut editions = edition::list(q, &ids).await?;
    let moves = caller.may(Action::AttachStandards, Resource::Campaign(campaign)).is_ok();
    let mut seen = Vec::with_capacity(rows.len());
    for row in rows {
        let kept = store::lookup(q, row.id).await?.ok_or(Refusal::NotFound)?;
        let known = editions.remove(&row.id).unwrap_or_default();
        let own = known.iter().find(|one| one.id == row.edition).cloned().ok_or(Refusal::NotFound)?;
        let newer = |one: &EditionSummary| {
            !one.state.is_draft() && (one.created_at, one.id) > (own.created_at, own.id)
        };
        let newer = if moves && browses(&caller.actor, kept.owner) {
            known.iter().filter(|one| newer(one)).cloned().collect()
        } else {
            Vec::new()
        };
        let opened = app.standards.open(q, &own).await?;
        seen.push(AssessedSeen {
            assessed: row,
            kept,
            edition: own,
            opened,
            parts: Vec::new(),
            missing: Vec::new(),
            newer,
        });
    }
    let opened: Vec<Arc<Opened>> = seen.iter().map(|one| Arc::clone(&one.opened)).collect();
    let standards: Vec<&Standard> = opened.iter().map(|one| &one.whole.standard).collect();
    let codes: HashSet<&str> = standards.iter().map(|one| one.id.as_str()).collect();
    for (one, standard) in seen.iter_mut().zip(&standards) {
        one.parts = parts_of(&standard.id, &standards);
        one.missing =
            needs(standard).into_iter().filter(|code| !codes.contains(code)).map(str::to_owned).collect();
    }
    // What others need stands below them.
    seen.sort_by_key(|one| !one.parts.is_empty());
    Ok(seen)
}

/// Attaches a published edition to a campaign.
pub async fn attach(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    edition: EditionId,
) -> Result<AssessedSeen, Refusal> {
    caller.may(Action::AttachStandards, Resource::Campaign(campaign))?;
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .write(move |tx| {
            let (app, caller) = (here.clone(), caller.clone());
            async move {
                campaigns::lookup(&tx, campaign).await?.ok_or(Refusal::NotFound)?;
                let new = published(&tx, &caller, edition).await?;
                let there = all(&app, &tx, &caller, campaign).await?;
                // Said twice, it is so once.
                if let Some(same) = there.iter().find(|one| one.edition.id == edition) {
                    return Ok(same.clone());
                }
                if there.iter().any(|one| one.kept.id == new.standard) {
                    return Err(Refusal::conflict(
                        "已关联这个体系的另一个版本，请换用新版本",
                        "another edition of this standard is attached; move to this one instead",
                    ));
                }
                if there.len() >= MOST {
                    return Err(Refusal::conflict(
                        format!("一个项目最多关联{MOST}个体系"),
                        format!("a campaign is assessed by at most {MOST} standards"),
                    ));
                }
                fits(&app, &tx, &there, &new).await?;
                let row = Assessed {
                    campaign,
                    id: new.standard,
                    edition,
                    since: caller.now,
                    first: None,
                    earlier: Vec::new(),
                    changed_by: caller.actor.user,
                    version: 1,
                };
                assessed::add(&tx, &row).await?;
                let told = json!({ "title": new.title, "edition": new.label });
                record(&tx, &caller, &row, "standard.attach", told).await?;
                one(&app, &tx, &caller, campaign, row.id).await
            }
        })
        .await
}

/// Has a campaign be assessed by another published edition of a standard.
pub async fn change_edition(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    standard: StandardId,
    seen: i64,
    edition: EditionId,
) -> Result<AssessedSeen, Refusal> {
    caller.may(Action::AttachStandards, Resource::Campaign(campaign))?;
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .write(move |tx| {
            let (app, caller) = (here.clone(), caller.clone());
            async move {
                let before = must(&tx, campaign, standard, seen).await?;
                let new = published(&tx, &caller, edition).await?;
                if new.standard != standard {
                    return Err(Refusal::invalid(
                        "edition_id",
                        "这是另一个体系的版本",
                        "it is an edition of another standard",
                    ));
                }
                if before.edition == edition {
                    return one(&app, &tx, &caller, campaign, standard).await;
                }
                let there = all(&app, &tx, &caller, campaign).await?;
                let old =
                    there.iter().find(|one| one.kept.id == standard).map(|one| one.edition.label.clone());
                let others: Vec<AssessedSeen> =
                    there.into_iter().filter(|one| one.kept.id != standard).collect();
                fits(&app, &tx, &others, &new).await?;
                let row = before.moved_to(edition, caller.now, caller.actor.user);
                assessed::save(&tx, &row).await?;
                let told = json!({
                    "title": new.title,
                    "fields": ["edition"],
                    "before": { "edition": old },
                    "after": { "edition": new.label },
                });
                record(&tx, &caller, &row, "standard.change_edition", told).await?;
                one(&app, &tx, &caller, campaign, standard).await
            }
        })
        .await
}

/// Detaches a standard that no other one of the campaign needs.
pub async fn detach(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    standard: StandardId,
    seen: i64,
) -> Result<(), Refusal> {
    caller.may(Action::AttachStandards, Resource::Campaign(campaign))?;
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .write(move |tx| {
            let (app, caller) = (here.clone(), caller.clone());
            async move {
                let row = must(&tx, campaign, standard, seen).await?;
                let gone = one(&app, &tx, &caller, campaign, standard).await?;
                if let Some(Part::Gate { of: by, .. } | Part::Contribution { to: by, .. }) =
                    gone.parts.first()
                {
                    let all = all(&app, &tx, &caller, campaign).await?;
                    let by =
                        all.iter().find(|one| one.kept.code == *by).map_or(by.as_str(), |one| &one.kept.name);
                    return Err(Refusal::conflict(
                        format!("“{by}”要用它的得分，请先解除“{by}”"),
                        format!("“{by}” needs its total; detach “{by}” first"),
                    ));
                }
                assessed::remove(&tx, &row).await?;
                let told = json!({ "title": gone.edition.title, "edition": gone.edition.label });
                record(&tx, &caller, &row, "standard.detach", told).await
            }
        })
        .await
}

async fn record(
    tx: &Tx,
    caller: &Caller,
    row: &Assessed,
    action: &str,
    told: serde_json::Value,
) -> Result<(), Refusal> {
    let subject = Subject::of(row.campaign, SubjectKind::Assessed, row.id.0);
    ledger::record(tx, caller.act_named(action, subject, told)).await?;
    Ok(())
}

async fn must(
    q: &impl Queries,
    campaign: CampaignId,
    standard: StandardId,
    seen: i64,
) -> Result<Assessed, Refusal> {
    let row = assessed::lookup(q, campaign, standard).await?.ok_or(Refusal::NotFound)?;
    if row.version == seen { Ok(row) } else { Err(Refusal::Stale) }
}

async fn one(
    app: &App,
    q: &impl Queries,
    caller: &Caller,
    campaign: CampaignId,
    standard: StandardId,
) -> Result<AssessedSeen, Refusal> {
    let all = all(app, q, caller, campaign).await?;
    all.into_iter().find(|one| one.kept.id == standard).ok_or(Refusal::NotFound)
}

/// A published edition that the caller sees on a shelf.
async fn published(q: &impl Queries, caller: &Caller, id: EditionId) -> Result<EditionSummary, Refusal> {
    let none = || Refusal::invalid("edition_id", "没有这个版本", "there is no such edition");
    let edition = edition::lookup_summary(q, id).await?;
    let edition = edition.filter(|one| browses(&caller.actor, one.owner)).ok_or_else(none)?;
    if edition.state.is_draft() {
        return Err(Refusal::invalid(
            "edition_id",
            "草稿不能用于测评，请先发布",
            "a campaign is not assessed by a draft; publish it first",
        ));
    }
    Ok(edition)
}

/// An edition beside the others: another code, and no total that would need itself.
async fn fits(
    app: &App,
    q: &impl Queries,
    others: &[AssessedSeen],
    new: &EditionSummary,
) -> Result<(), Refusal> {
    let opened = app.standards.open(q, new).await?;
    let standard = &opened.whole.standard;
    if others.iter().any(|one| one.kept.code == standard.id) {
        return Err(Refusal::conflict(
            format!("已关联编号为“{}”的体系", standard.id),
            format!("a standard with the id “{}” is attached already", standard.id),
        ));
    }
    let mut all: Vec<&Standard> = others.iter().map(|one| &one.opened.whole.standard).collect();
    all.push(standard);
    match check_circles(&all).into_iter().next() {
        Some((_, fault)) => Err(Refusal::conflict(fault.zh, fault.en)),
        None => Ok(()),
    }
}
