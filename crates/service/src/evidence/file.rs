use chengjing_domain::{
    campaign::{Unit, UnitKind},
    evidence::{Content, Evidence, MOST_LINKS},
    id::{CampaignId, EvidenceId, UnitId},
    people::policy::Action,
    standard::FilingKind,
};
use chengjing_store::{Queries, Tx, campaign as campaigns, evidence as store, ledger};
use serde_json::{Value, json};

use super::{
    Demand, Demands, EvidenceSeen, Of, Standing, content, count, look_into, put_link, seen, subject,
};
use crate::{
    App, Caller, Refusal,
    duty::Names,
    refusal::{self, Faults},
    unit::CLOSED,
};

/// What is filed.
#[derive(Debug, Clone)]
pub struct Filing {
    pub unit: UnitId,
    pub kind: FilingKind,
    pub content: Content,
    /// For which requirements; each once.
    pub of: Vec<Of>,
}

/// Files a material for a unit, and puts it before the reviewers of each requirement that it is for.
pub async fn file(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    filing: Filing,
) -> Result<(EvidenceSeen, Names), Refusal> {
    let id: EvidenceId = caller.id("evidence");
    let characters = count::characters(app, caller, campaign, (filing.kind, &filing.content.files)).await?;
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .write(move |tx| {
            let (app, caller, filing) = (here.clone(), caller.clone(), filing.clone());
            let characters = characters.clone();
            async move {
                let standing = Standing::towards(&tx, &caller, campaign, filing.unit).await?;
                refusal::obey(standing.decide(&caller, Action::FileEvidence))?;
                if let Some(there) = store::lookup(&tx, campaign, id).await? {
                    return seen(&app, &tx, &caller, (there, standing)).await;
                }
                let mut faults = Faults::default();
                let unit = filer(&tx, campaign, filing.unit, &mut faults).await?;
                let cleaned = Content { characters, ..content::clean(&filing.content, &mut faults) };
                let demands = Demands::load(&app, &tx, campaign).await?;
                let wanted = wanted(&demands, &filing.of, &mut faults);
                faults.end()?;
                let key = (campaign, id);
                let whole = content::with_files(&tx, &caller, key, filing.kind, None, cleaned).await?;
                let by = (caller.actor.user, caller.now);
                let new = Evidence::file(key, filing.unit, filing.kind, whole, by);
                let stored = store::add(&tx, &new).await?;
                submit(&tx, &caller, &stored, &wanted).await?;
                let told = told(&stored, unit, &wanted);
                ledger::record(&tx, caller.act(Action::FileEvidence, subject(&stored), told)).await?;
                seen(&app, &tx, &caller, (stored, standing)).await
            }
        })
        .await
}

/// Puts a new material before the reviewers of each requirement that it is for, and has its pictures looked into.
pub(super) async fn submit(
    tx: &Tx,
    caller: &Caller,
    stored: &Evidence,
    wanted: &[Demand],
) -> Result<(), Refusal> {
    look_into(tx, caller, stored).await?;
    let mut faults = Faults::default();
    for demand in wanted {
        put_link(tx, caller, stored, demand, &mut faults).await?;
    }
    faults.end()
}

/// What the ledger is told of a new material.
pub(super) fn told(stored: &Evidence, unit: Option<Unit>, wanted: &[Demand]) -> Value {
    let requirements: Vec<&str> = wanted.iter().map(|demand| demand.requirement().title.as_str()).collect();
    json!({
        "title": stored.latest().content.title,
        "kind": stored.kind,
        "unit": unit.map(|unit| unit.name),
        "files": stored.latest().content.files.len(),
        "requirements": requirements,
    })
}

/// The unit that files; adds what is wrong with it.
pub(super) async fn filer(
    q: &impl Queries,
    campaign: CampaignId,
    id: UnitId,
    faults: &mut Faults,
) -> Result<Option<Unit>, Refusal> {
    let unit = campaigns::lookup_units(q, campaign, &[id]).await?.pop();
    match &unit {
        None => faults.add("unit_id", "没有这个单位", "there is no such unit"),
        Some(unit) if unit.kind == UnitKind::Group => {
            faults.add("unit_id", "请选择具体单位，不能是组合", "a unit, not a group");
        }
        Some(unit) if unit.closed_at.is_some() => faults.add("unit_id", CLOSED.0, CLOSED.1),
        Some(_) => {}
    }
    Ok(unit)
}

/// The requirements that a material is to be for, each once; adds which there are not.
pub(super) fn wanted(demands: &Demands, of: &[Of], faults: &mut Faults) -> Vec<Demand> {
    let mut wanted = Vec::new();
    for (number, one) in of.iter().enumerate() {
        match demands.must(one) {
            Ok(demand) if !of[..number].contains(one) => wanted.push(demand),
            Ok(_) => {}
            Err((zh, en)) => faults.add(format!("requirements[{number}]"), zh, en),
        }
    }
    if wanted.len() > MOST_LINKS {
        let zh = format!("一份材料最多用于{MOST_LINKS}项要求");
        faults.add("requirements", zh, format!("at most {MOST_LINKS} requirements"));
    }
    wanted
}
