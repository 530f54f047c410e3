use chengjing_domain::{
    id::{CampaignId, DoubtId, EvidenceId},
    ledger::{Subject, SubjectKind},
};
use chengjing_store::{ledger, photo::doubt as store};
use serde_json::json;

use super::{DoubtSeen, Eyes, must_decide};
use crate::{App, Caller, Refusal, duty::Names};

/// Raises a doubt again that should not have been dismissed.
pub async fn raise(
    app: &App,
    caller: &Caller,
    key: (CampaignId, EvidenceId),
    (id, seen): (DoubtId, i64),
) -> Result<(DoubtSeen, Names), Refusal> {
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .write(move |tx| {
            let (app, caller) = (here.clone(), caller.clone());
            async move {
                let (evidence, standing, doubt) = must_decide(&tx, &caller, key, id, seen).await?;
                let raised = doubt
                    .raise()
                    .map_err(|_| Refusal::conflict("这个疑点还没有处理", "this doubt was not dismissed"))?;
                let stored = store::save(&tx, &raised).await?;
                let told = json!({ "title": evidence.latest().content.title, "kind": stored.found.kind() });
                let subject = Subject::of(key.0, SubjectKind::Doubt, id.0);
                ledger::record(&tx, caller.act_named("doubt.raise", subject, told)).await?;
                let eyes = Eyes::new(&app, &tx, &caller, key.0).await?;
                let seen = eyes.doubt(&tx, stored, (key.1, &standing)).await?.ok_or(Refusal::NotFound)?;
                Ok((seen, Names::load(&tx, key.0).await?))
            }
        })
        .await
}
