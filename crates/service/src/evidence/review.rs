use chengjing_domain::{
    clock::day_of,
    evidence::{
        Evidence, EvidenceLink,
        grade::{self, Decided},
        limit,
        review::{Deed, LONGEST_REASON, Party, Review, is_over},
    },
    id::{CampaignId, EvidenceId, EvidenceLinkId, ObservationId},
    people::policy::Action,
    score::Fact,
};
use chengjing_store::{Tx, campaign as campaigns, evidence as materials, evidence::link as links, ledger};
use chrono::NaiveDate;
use serde_json::{Value, json};

use super::{Demand, Demands, EvidenceSeen, Of, TOO_OLD, link_as_seen, must, say, seen, subject};
use crate::{
    App, Caller, Refusal,
    duty::Names,
    observation::{NewObservation, record::record_in},
    refusal::Faults,
};

/// What a reviewer decides about one requirement, as they saw its review.
#[derive(Debug, Clone)]
pub struct Decision {
    pub link: EvidenceLinkId,
    pub seen: i64,
    pub verdict: Verdict,
}

#[derive(Debug, Clone)]
pub enum Verdict {
    /// With a grade of the requirement's scale; None: its best.
    Accept {
        grade: Option<String>,
    },
    Return {
        reason: String,
    },
    /// What was accepted should not have been.
    TakeBack {
        reason: String,
    },
}

/// How many decisions one act holds at most: as many as a material has links.
const MOST: usize = chengjing_domain::evidence::MOST_LINKS;

/// Decides about a material for some of its requirements, all of them or none: accepted for this one, returned for that one.
/// Who saw an older review than there is decides nothing.
pub async fn review(
    app: &App,
    caller: &Caller,
    (campaign, id): (CampaignId, EvidenceId),
    decisions: Vec<Decision>,
) -> Result<(EvidenceSeen, Names), Refusal> {
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .write(move |tx| {
            let (app, caller, decisions) = (here.clone(), caller.clone(), decisions.clone());
            async move {
                let (evidence, standing) = must(&tx, &caller, Action::ReviewEvidence, campaign, id).await?;
                if decisions.is_empty() || decisions.len() > MOST {
                    let zh = format!("请选择1到{MOST}项要求");
                    return Err(Refusal::invalid("decisions", zh, format!("1 to {MOST} decisions")));
                }
                let demands = Demands::load(&app, &tx, campaign).await?;
                let mut faults = Faults::default();
                let mut told = Vec::new();
                let mut changed: Vec<Demand> = Vec::new();
                for (number, decision) in decisions.iter().enumerate() {
                    let before = link_as_seen(&tx, &evidence, decision.link, decision.seen).await?;
                    let of = Of { standard: before.standard, requirement: before.requirement.clone() };
                    let demand = demands.find(&of);
                    let path = format!("decisions[{number}]");
                    let (verdict, today) = (&decision.verdict, day_of(caller.now));
                    let deed =
                        deed(&evidence, &before, demand.as_ref(), verdict, today, (&path, &mut faults));
                    let Some((deed, text)) = deed else { continue };
                    let kept = (&evidence, before);
                    told.push(decide(&tx, &caller, kept, demand.as_ref(), (deed, text)).await?);
                    // What is returned waited: it changes nothing of what was accepted.
                    let counts = !matches!(decision.verdict, Verdict::Return { .. });
                    changed.extend(demand.filter(|_| counts));
                }
                faults.end()?;
                let mut observed = Vec::new();
                for demand in &changed {
                    observed.extend(observation(&tx, campaign, demand).await?);
                }
                if !observed.is_empty() {
                    let id = || ObservationId(caller.ids.uuid(caller.now));
                    let new = observed.into_iter().map(|one| (id(), one)).collect();
                    record_in(&app, &tx, &caller, campaign, new).await?;
                }
                let told = json!({ "title": evidence.latest().content.title, "decisions": told });
                ledger::record(&tx, caller.act(Action::ReviewEvidence, subject(&evidence), told)).await?;
                seen(&app, &tx, &caller, (evidence, standing)).await
            }
        })
        .await
}

/// The deed that a verdict is, and what is said with it; None where something is wrong with it.
fn deed(
    evidence: &Evidence,
    link: &EvidenceLink,
    demand: Option<&Demand>,
    verdict: &Verdict,
    today: NaiveDate,
    (path, faults): (&str, &mut Faults),
) -> Option<(Deed, Option<String>)> {
    let reason = |faults: &mut Faults, reason: &str| {
        let before = faults.len();
        let reason = faults.text(&format!("{path}.reason"), reason, LONGEST_REASON);
        (faults.len() == before).then_some(reason)
    };
    match verdict {
        Verdict::Return { reason: why } => {
            let why = reason(faults, why)?;
            Some((Deed::Return { reason: why.clone() }, Some(why)))
        }
        Verdict::TakeBack { reason: why } => {
            let why = reason(faults, why)?;
            Some((Deed::TakeBack { reason: why.clone() }, Some(why)))
        }
        Verdict::Accept { grade } => {
            let Some(demand) = demand else {
                faults.add(
                    format!("{path}.link_id"),
                    "项目的体系里已没有这项要求，只能退回",
                    "no standard of the campaign asks for it any more; it can only be returned",
                );
                return None;
            };
            let requirement = demand.requirement();
            let words = requirement.scale.words();
            let grade =
                grade.clone().or_else(|| words.first().map(|best| (*best).to_owned())).unwrap_or_default();
            if !words.contains(&grade.as_str()) {
                let zh = format!("应为：{}", words.join("、"));
                faults.add(format!("{path}.grade"), zh, format!("one of {}", words.join(", ")));
                return None;
            }
            let until = counts_until(evidence, link, demand);
            if is_over(until, today) {
                faults.add(path, TOO_OLD.0, TOO_OLD.1);
                return None;
            }
            Some((Deed::Accept { grade, until }, None))
        }
    }
}

/// The last day on which what waits for a decision would count; None: it has none, or nothing waits.
pub(super) fn counts_until(evidence: &Evidence, link: &EvidenceLink, demand: &Demand) -> Option<NaiveDate> {
    // The day of the version that is decided about, which may not be the one that stands.
    let Review::Submitted { shown, .. } = &link.review else { return None };
    let version = evidence.versions().iter().find(|version| version.number == shown.version);
    let made_on = version.and_then(|version| version.content.made_on);
    limit::counts_until(limit::asked(demand.requirement(), link.kind)?, made_on)
}

async fn decide(
    tx: &Tx,
    caller: &Caller,
    (evidence, before): (&Evidence, EvidenceLink),
    demand: Option<&Demand>,
    (deed, text): (Deed, Option<String>),
) -> Result<Value, Refusal> {
    let kind = deed.kind();
    let requirement =
        demand.map_or_else(|| before.requirement.clone(), |demand| demand.requirement().title.clone());
    let after = before.perform(deed, Party::Reviewer, caller.actor.user, caller.now)?;
    let after = links::save(tx, &after).await?;
    say(tx, caller, evidence, Some(after.id), Some(kind), text.clone()).await?;
    let grade = match &after.review {
        Review::Accepted { acceptance } => Some(acceptance.grade.clone()),
        Review::Submitted { .. } | Review::Returned { .. } | Review::Expired { .. } => None,
    };
    Ok(json!({ "requirement": requirement, "deed": kind, "grade": grade, "reason": text }))
}

/// What the score is told of a requirement once something of it was accepted, taken back or is over: what all that was filed for it
/// comes to now (`domain::evidence::grade`), told with the material that decides it. Nothing where nothing ever counted.
pub(super) async fn observation(
    tx: &Tx,
    campaign: CampaignId,
    demand: &Demand,
) -> Result<Option<NewObservation>, Refusal> {
    let words = demand.requirement().scale.words();
    let links = links::list_for(tx, campaign, &demand.of).await?;
    let Some(Decided { grade, link }) = grade::decided(&words, &links) else { return Ok(None) };
    let Some(evidence) = materials::lookup(tx, campaign, link.evidence).await? else { return Ok(None) };
    // A unit that is closed answers for nothing that is observed today.
    let unit = campaigns::lookup_units(tx, campaign, &[link.unit]).await?.pop();
    let unit = unit.filter(|unit| unit.closed_at.is_none()).map(|unit| unit.id);
    let number = link.review.acceptance().map_or(link.review.shown(), |accepted| accepted.shown).version;
    let version = evidence.versions().iter().find(|version| version.number == number);
    let content = version.map_or(&evidence.latest().content, |version| &version.content);
    Ok(Some(NewObservation {
        fact: Fact::Review {
            requirement: demand.of.requirement.clone(),
            verdict: grade.to_owned(),
            incomplete: grade::is_incomplete(demand.requirement(), &links),
        },
        // Accepted for this standard, it may have been returned for another one.
        standard: Some(demand.of.standard),
        at: None,
        covert: false,
        round: None,
        unit,
        source: content.title.clone(),
        period: None,
        files: content.files.clone(),
        accepted: true,
    }))
}
