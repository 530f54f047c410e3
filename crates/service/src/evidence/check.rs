use chengjing_domain::{
    attachment::{Attachment, Picture},
    clock::day_of,
    evidence::{
        Content,
        limit::{Counted, Limit, old_photo},
    },
    id::{CampaignId, EvidenceId, UnitId},
    people::policy::Action,
    standard::FilingKind,
};
use chrono::NaiveDate;

use super::{
    Demand, Demands, Of, Standing, content, count, limits_of, must,
    suggest::{Suggested, suggested},
};
use crate::{App, Caller, Refusal, refusal};

/// What somebody is about to file.
#[derive(Debug, Clone)]
pub struct Draft {
    pub unit: UnitId,
    /// A material of which it is to be another version.
    pub evidence: Option<EvidenceId>,
    pub kind: FilingKind,
    /// Of its files those that have arrived are looked at; the rest will be.
    pub content: Content,
    /// How many it will have in all.
    pub files: u32,
    pub of: Vec<Of>,
}

/// What stands between a draft and the requirements that it is for, and where else it would fit.
#[derive(Debug, Clone)]
pub struct Checked {
    pub limits: Vec<(Demand, Vec<Limit>)>,
    pub suggestions: Vec<Suggested>,
    pub counted: Counted,
    /// The day that its photographs tell, where nobody typed one.
    pub made_on: Option<NaiveDate>,
    /// Some photographs were not looked at yet, and may have more to tell.
    pub looking: bool,
}

/// Looks at what somebody is about to file; nothing is stored.
pub async fn check(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    draft: Draft,
) -> Result<Checked, Refusal> {
    let files = arrived(app, caller, campaign, &draft).await?;
    let pictured = draft.kind.counts_files();
    let taken_on = pictured.then(|| content::taken_on(&files)).flatten();
    let made_on = if draft.content.made_on.is_none() { taken_on } else { None };
    let oldest = content::days(&files).min().filter(|_| pictured);
    let looking = files.iter().any(|file| file.picture == Picture::Waiting);
    let seen = Content {
        made_on: draft.content.made_on.or(made_on),
        characters: count::characters_of(app, draft.kind, &files).await?,
        files: files.iter().map(|file| file.id).collect(),
        ..draft.content
    };
    let counted = Counted::of(&seen);
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .read(|q| async move {
            let demands = Demands::load(&here, &q, campaign).await?;
            let pieces = if pictured { draft.files.max(1) } else { 1 };
            let mut limits = Vec::new();
            for of in &draft.of {
                let Some(demand) = demands.find(of) else { continue };
                let own = (campaign, draft.evidence);
                let mut found = limits_of(&q, own, (draft.kind, &seen, pieces), &demand, &caller).await?;
                let older = oldest.filter(|oldest| seen.made_on != Some(*oldest));
                let old = |day| old_photo(demand.requirement(), draft.kind, day, day_of(caller.now));
                found.extend(older.and_then(old));
                limits.push((demand, found));
            }
            let suggestions = suggested(&demands, draft.kind, &seen, &draft.of);
            Ok(Checked { limits, suggestions, counted, made_on, looking })
        })
        .await
}

/// The files of a draft that have arrived, if the caller may file it.
async fn arrived(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    draft: &Draft,
) -> Result<Vec<Attachment>, Refusal> {
    let (caller, unit, evidence) = (caller.clone(), draft.unit, draft.evidence);
    let ids = draft.content.files.clone();
    app.store
        .read(|q| async move {
            let standing = Standing::towards(&q, &caller, campaign, unit).await?;
            refusal::obey(standing.decide(&caller, Action::FileEvidence))?;
            if let Some(evidence) = evidence {
                must(&q, &caller, Action::FileEvidence, campaign, evidence).await?;
            }
            count::arrived(&q, &caller, campaign, &ids).await
        })
        .await
}
