use chengjing_domain::{
    id::{EditionId, StandardId},
    ledger::SubjectKind,
    standard::{Fault, Standard},
};
use chengjing_reader::standard::Places;
use chengjing_store::{Tx, ledger, standard::edition};
use serde_json::json;

use super::{
    EditionSeen, draft, subject,
    take_in::{Beside, follow, of_file, seen as as_seen},
    told,
};
use crate::{App, Caller, Refusal};

/// Puts another file in the place of a draft's. It must have the shape of a standard, and may be unfinished.
pub async fn edit_source(
    app: &App,
    caller: &Caller,
    standard: StandardId,
    id: EditionId,
    seen: i64,
    source: String,
) -> Result<EditionSeen, Refusal> {
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .write(move |tx| {
            let (app, caller, source) = (here.clone(), caller.clone(), source.clone());
            async move {
                let (kept, before) = draft(&tx, &caller, standard, id, seen).await?;
                let (content, source, places) = of_file(source.as_bytes())?;
                fits(&tx, standard, id, (&before.content, &content), &places).await?;
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
        .await
}

/// An edition stays one of its standard, and there is no other that is called so.
async fn fits(
    tx: &Tx,
    standard: StandardId,
    id: EditionId,
    (before, after): (&Standard, &Standard),
    places: &Places,
) -> Result<(), Refusal> {
    let mut faults = Vec::new();
    let mut add = |path: &str, zh: String, en: String| {
        faults.push(places.locate(Fault { path: path.to_owned(), zh, en }));
    };
    if after.id != before.id {
        add("id", format!("编号不能改，应是“{}”", before.id), format!("the id stays “{}”", before.id));
    }
    let others = edition::list(tx, &[standard]).await?.remove(&standard).unwrap_or_default();
    if others.iter().any(|other| other.id != id && other.label == after.edition) {
        add(
            "edition",
            "这个版本已经有了，请换一个版本号".to_owned(),
            "there is this edition already; name another one".to_owned(),
        );
    }
    if faults.is_empty() { Ok(()) } else { Err(told(faults)) }
}
