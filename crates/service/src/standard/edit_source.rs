use chengjing_domain::{
    id::{EditionId, StandardId},
    ledger::SubjectKind,
    standard::{Fault, Standard},
};
use chengjing_store::{Tx, ledger, standard::edition};
use serde_json::json;

use super::{
    TakenIn,
    brought::{BroughtStandard, Where},
    draft, subject,
    take_in::{Beside, edition_taken, follow, of_file, seen as as_seen},
};
use crate::{App, Caller, Refusal};

/// Puts another file, a text or a workbook, in the place of a draft's. It must have the shape of a standard, and may be unfinished.
pub async fn edit_source(
    app: &App,
    caller: &Caller,
    standard: StandardId,
    id: EditionId,
    seen: i64,
    bytes: &[u8],
) -> Result<TakenIn, Refusal> {
    let asker = caller.clone();
    app.store.read(move |q| async move { draft(&q, &asker, standard, id, seen).await }).await?;
    // Before the write, which would hold up all others while it reads.
    let BroughtStandard { standard: content, source, at, passed_over } = of_file(bytes).await?;
    let (here, caller) = (app.clone(), caller.clone());
    let seen = app
        .store
        .write(move |tx| {
            let (app, caller) = (here.clone(), caller.clone());
            let (content, source, at) = (content.clone(), source.clone(), at.clone());
            async move {
                let (kept, before) = draft(&tx, &caller, standard, id, seen).await?;
                fits(&tx, standard, id, (&before.content, &content), &at).await?;
                if before.source == source {
                    return as_seen(&app, &tx, standard, id).await;
                }
                let kept = follow(&tx, kept, &content, &Beside::default()).await?;
                let told = json!({ "title": content.title, "edition": content.edition });
                let after = before.edit(content, source, caller.now)?;
                edition::save(&tx, &after).await?;
                let about = subject(SubjectKind::Edition, kept.owner, id.0);
                ledger::record(&tx, caller.act_named("edition.edit", about, told)).await?;
                as_seen(&app, &tx, standard, id).await
            }
        })
        .await?;
    Ok(TakenIn { seen, passed_over })
}

/// An edition stays one of its standard, and there is no other that is called so.
async fn fits(
    tx: &Tx,
    standard: StandardId,
    id: EditionId,
    (before, after): (&Standard, &Standard),
    at: &Where,
) -> Result<(), Refusal> {
    let mut faults = Vec::new();
    if after.id != before.id {
        let (zh, en) = (format!("编号不能改，应是“{}”", before.id), format!("the id stays “{}”", before.id));
        faults.push(at.locate(Fault { path: "id".to_owned(), zh, en }));
    }
    let others = edition::list(tx, &[standard]).await?.remove(&standard).unwrap_or_default();
    if others.iter().any(|other| other.id != id && other.label == after.edition) {
        faults.push(at.locate(edition_taken()));
    }
    if faults.is_empty() { Ok(()) } else { Err(at.told(faults)) }
}
