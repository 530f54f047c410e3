use chengjing_domain::{
    id::{EditionId, StandardId},
    ledger::SubjectKind,
};
use chengjing_store::{
    ledger,
    standard::{self as store, edition},
};
use serde_json::json;

use super::{draft, subject};
use crate::{App, Caller, Refusal};

/// Removes a draft, and the standard with it where it has no other edition.
pub async fn remove(
    app: &App,
    caller: &Caller,
    standard: StandardId,
    id: EditionId,
    seen: i64,
) -> Result<(), Refusal> {
    let caller = caller.clone();
    app.store
        .write(move |tx| {
            let caller = caller.clone();
            async move {
                let (kept, gone) = draft(&tx, &caller, standard, id, seen).await?;
                edition::remove(&tx, &gone.summary()).await?;
                let left = edition::list(&tx, &[standard]).await?.remove(&standard).unwrap_or_default();
                if left.is_empty() {
                    store::remove(&tx, &kept).await?;
                }
                let told = json!({ "title": gone.content.title, "edition": gone.content.edition });
                let about = subject(SubjectKind::Edition, kept.owner, id.0);
                ledger::record(&tx, caller.act_named("edition.remove", about, told)).await?;
                Ok(())
            }
        })
        .await
}
