use chengjing_domain::{
    id::{EditionId, StandardId},
    ledger::SubjectKind,
    standard::edition::EditionRefusal,
};
use chengjing_store::{ledger, standard::edition};
use serde_json::json;

use super::{EditionSeen, draft, shelf, subject, take_in::seen as as_seen, told};
use crate::{App, Caller, Refusal};

/// Publishes a draft with the catalogues that it uses. Nothing of it changes from then on.
pub async fn publish(
    app: &App,
    caller: &Caller,
    standard: StandardId,
    id: EditionId,
    seen: i64,
) -> Result<EditionSeen, Refusal> {
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .write(move |tx| {
            let (app, caller) = (here.clone(), caller.clone());
            async move {
                let (kept, before) = draft(&tx, &caller, standard, id, seen).await?;
                let (files, _) = shelf::taken_by(&tx, kept.owner, &before.content).await?;
                let places = shelf::places(&before);
                let published = match before.publish(&files, caller.now, caller.actor.user) {
                    Ok(published) => published,
                    Err(EditionRefusal::Unfinished(faults)) => {
                        let places =
                            places.ok_or(Refusal::Internal("the source of an edition can't be read"))?;
                        return Err(told(faults.into_iter().map(|fault| places.locate(fault)).collect()));
                    }
                    Err(refusal) => return Err(refusal.into()),
                };
                let stored = edition::save(&tx, &published).await?;
                let details = json!({
                    "title": stored.content.title,
                    "edition": stored.content.edition,
                    "content_hash": stored.content_hash(),
                });
                let about = subject(SubjectKind::Edition, kept.owner, id.0);
                ledger::record(&tx, caller.act_named("edition.publish", about, details)).await?;
                as_seen(&app, &tx, standard, id).await
            }
        })
        .await
}
