use chengjing_domain::{
    evidence::{Content, limit::Limit},
    id::{CampaignId, EvidenceId, UnitId},
    people::policy::Action,
    standard::FilingKind,
};

use super::{
    Demand, Demands, Of, Standing, limits_of, must,
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
    /// Its files need not have arrived: they count, and nothing else of them is looked at.
    pub content: Content,
    pub files: u32,
    pub of: Vec<Of>,
}

/// What stands between a draft and the requirements that it is for, and where else it would fit.
#[derive(Debug, Clone)]
pub struct Checked {
    pub limits: Vec<(Demand, Vec<Limit>)>,
    pub suggestions: Vec<Suggested>,
}

/// Looks at what somebody is about to file; nothing is stored.
pub async fn check(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    draft: Draft,
) -> Result<Checked, Refusal> {
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .read(|q| async move {
            let standing = Standing::towards(&q, &caller, campaign, draft.unit).await?;
            refusal::obey(standing.decide(&caller, Action::FileEvidence))?;
            if let Some(evidence) = draft.evidence {
                must(&q, &caller, Action::FileEvidence, campaign, evidence).await?;
            }
            let demands = Demands::load(&here, &q, campaign).await?;
            let pieces = if draft.kind.counts_files() { draft.files.max(1) } else { 1 };
            let mut limits = Vec::new();
            for of in &draft.of {
                let Some(demand) = demands.find(of) else { continue };
                let own = (campaign, draft.evidence);
                let found =
                    limits_of(&q, own, (draft.kind, &draft.content, pieces), &demand, &caller).await?;
                limits.push((demand, found));
            }
            let suggestions = suggested(&demands, draft.kind, &draft.content, &draft.of);
            Ok(Checked { limits, suggestions })
        })
        .await
}
