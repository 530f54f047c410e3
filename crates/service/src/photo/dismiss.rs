use chengjing_domain::{
    id::{CampaignId, DoubtId, EvidenceId},
    ledger::{Subject, SubjectKind},
    photo::doubt::LONGEST_REASON,
};
use chengjing_store::{ledger, photo::doubt as store};
use serde_json::json;

use super::{DoubtSeen, Eyes, must_decide};
use crate::{App, Caller, Refusal, duty::Names, refusal::Faults};

/// Notes that a reviewer looked at a doubt, and why it is none. Who sees but one of its two photographs decides nothing, and
/// nobody decides about what they filed.
pub async fn dismiss(
    app: &App,
    caller: &Caller,
    key: (CampaignId, EvidenceId),
    (id, seen): (DoubtId, i64),
    reason: String,
) -> Result<(DoubtSeen, Names), Refusal> {
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .write(move |tx| {
            let (app, caller, reason) = (here.clone(), caller.clone(), reason.clone());
            async move {
                let (evidence, standing, doubt) = must_decide(&tx, &caller, key, id, seen).await?;
                let mut faults = Faults::default();
                let reason = faults.text("reason", &reason, LONGEST_REASON);
                faults.end()?;
                let dismissed =
                    doubt.dismiss(reason.clone(), caller.actor.user, caller.now).map_err(|_| {
                        Refusal::conflict("这个疑点已经处理过", "this doubt was dismissed before")
                    })?;
                let stored = store::save(&tx, &dismissed).await?;
                let told = json!({
                    "title": evidence.latest().content.title,
                    "kind": stored.found.kind(),
                    "reason": reason,
                });
                let subject = Subject::of(key.0, SubjectKind::Doubt, id.0);
                ledger::record(&tx, caller.act_named("doubt.dismiss", subject, told)).await?;
                let eyes = Eyes::new(&app, &tx, &caller, key.0).await?;
                let seen = eyes.doubt(&tx, stored, (key.1, &standing)).await?.ok_or(Refusal::NotFound)?;
                Ok((seen, Names::load(&tx, key.0).await?))
            }
        })
        .await
}
