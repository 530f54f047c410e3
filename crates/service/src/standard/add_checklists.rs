use std::collections::HashSet;

use chengjing_domain::{
    id::{CampaignId, EditionId, ImportId, StandardId},
    ledger::SubjectKind,
    people::policy::{Action, Resource},
    plan::{Checklist, Reading},
    standard::{
        edition::LARGEST_FILE,
        from_plan::{Gathered, gather},
    },
};
use chengjing_reader::standard::with_site_types;
use chengjing_store::{ledger, plan as plans, standard::edition};
use serde_json::json;

use super::{EditionSeen, draft, shelf, subject, take_in::seen as as_seen};
use crate::{App, Caller, Refusal, refusal::Faults};

/// Checklists that one act may take over.
pub const MOST: usize = 500;

/// Checklists of a plan document, each by the number of its plan and its own, from 0.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub campaign: CampaignId,
    pub plan: ImportId,
    pub checklists: Vec<(usize, usize)>,
}

/// Makes site types of a draft out of checklists that the reader found in a plan. What is there already stays as it is.
pub async fn add_checklists(
    app: &App,
    caller: &Caller,
    standard: StandardId,
    id: EditionId,
    seen: i64,
    wanted: Wanted,
) -> Result<(EditionSeen, Gathered), Refusal> {
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .write(move |tx| {
            let (app, caller, wanted) = (here.clone(), caller.clone(), wanted.clone());
            async move {
                let (kept, before) = draft(&tx, &caller, standard, id, seen).await?;
                caller.may(Action::SeePlans, Resource::Campaign(wanted.campaign))?;
                let plan =
                    plans::lookup(&tx, wanted.campaign, wanted.plan).await?.ok_or(Refusal::NotFound)?;
                let checklists = chosen(plan.reading.as_ref(), &wanted.checklists)?;
                let mut content = before.content.clone();
                let (files, _) = shelf::taken_by(&tx, kept.owner, &content).await?;
                let taken: HashSet<String> = files
                    .iter()
                    .flat_map(|file| &file.catalogue.site_types)
                    .map(|one| one.id.clone())
                    .collect();
                let gathered = gather(&mut content.catalogue.site_types, &checklists, &taken);
                if content == before.content {
                    return Ok((as_seen(&app, &tx, standard, id).await?, gathered));
                }
                let source = with_site_types(&before.source, &content);
                if source.len() as u64 > LARGEST_FILE {
                    return Err(Refusal::TooLarge { limit: LARGEST_FILE });
                }
                let told = json!({
                    "title": content.title,
                    "edition": content.edition,
                    "site_types": gathered.site_types,
                    "criteria": gathered.criteria,
                    "plan": plan.name,
                });
                let after = before.edit(content, source, caller.now)?;
                edition::save(&tx, &after).await?;
                let about = subject(SubjectKind::Edition, kept.owner, id.0);
                ledger::record(&tx, caller.act_named("edition.edit", about, told)).await?;
                Ok::<_, Refusal>((as_seen(&app, &tx, standard, id).await?, gathered))
            }
        })
        .await
}

/// The checklists that were asked for; those that are not there are told all at once.
fn chosen(reading: Option<&Reading>, wanted: &[(usize, usize)]) -> Result<Vec<Checklist>, Refusal> {
    let mut faults = Faults::default();
    if wanted.is_empty() {
        faults.add("checklists", "请选择考察清单", "at least one checklist");
    }
    if wanted.len() > MOST {
        faults.add("checklists", format!("一次最多{MOST}份"), format!("at most {MOST} at a time"));
    }
    faults.end()?;
    let mut faults = Faults::default();
    let plans = reading.map(|reading| reading.plans.as_slice()).unwrap_or_default();
    let mut checklists = Vec::with_capacity(wanted.len());
    for (n, (plan, checklist)) in wanted.iter().enumerate() {
        match plans.get(*plan).and_then(|plan| plan.checklists.get(*checklist)) {
            Some(checklist) => checklists.push(checklist.clone()),
            None => faults.add(
                format!("checklists[{n}]"),
                "方案里没有这份考察清单",
                "the plan has no such checklist",
            ),
        }
    }
    faults.end()?;
    Ok(checklists)
}
