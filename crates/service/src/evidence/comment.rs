use chengjing_domain::{
    evidence::{Remark, review::LONGEST_REASON},
    id::{CampaignId, EvidenceId, EvidenceLinkId, RemarkId},
    ledger::{Subject, SubjectKind},
    people::policy::Action,
};
use chengjing_store::{
    evidence::{link as links, remark as remarks},
    ledger,
};
use serde_json::json;

use super::{RemarkSeen, must};
use crate::{App, Caller, Refusal, people::display_name, refusal::Faults};

/// What somebody says with what they do; None where it is blank.
pub(super) fn words(text: Option<&str>, path: &str, faults: &mut Faults) -> Option<String> {
    let text = text.map(str::trim).filter(|text| !text.is_empty())?;
    Some(faults.text(path, text, LONGEST_REASON))
}

/// Says something of a material, or of it for one requirement.
pub async fn comment(
    app: &App,
    caller: &Caller,
    (campaign, id): (CampaignId, EvidenceId),
    link: Option<EvidenceLinkId>,
    text: String,
) -> Result<RemarkSeen, Refusal> {
    let remark: RemarkId = caller.id("remark");
    let caller = caller.clone();
    app.store
        .write(move |tx| {
            let (caller, text) = (caller.clone(), text.clone());
            async move {
                let (evidence, _) = must(&tx, &caller, Action::CommentEvidence, campaign, id).await?;
                let by = display_name(&tx, caller.actor.user).await?;
                if let Some(there) = remarks::lookup(&tx, campaign, remark).await? {
                    return Ok(RemarkSeen { remark: there, by });
                }
                let mut faults = Faults::default();
                let text = faults.text("text", &text, LONGEST_REASON);
                if let Some(link) = link {
                    let own = links::lookup(&tx, campaign, link).await?;
                    if own.is_none_or(|own| own.evidence != id) {
                        faults.add("link_id", "材料没有用于这项要求", "it is not filed for that");
                    }
                }
                faults.end()?;
                let new = Remark {
                    campaign,
                    id: remark,
                    evidence: id,
                    link,
                    deed: None,
                    text: Some(text.clone()),
                    by: caller.actor.user,
                    at: caller.now,
                };
                let stored = remarks::add(&tx, &new).await?;
                let subject = Subject::of(campaign, SubjectKind::Remark, stored.id.0);
                let told = json!({ "title": evidence.latest().content.title, "text": text });
                ledger::record(&tx, caller.act(Action::CommentEvidence, subject, told)).await?;
                Ok(RemarkSeen { remark: stored, by })
            }
        })
        .await
}
