use chengjing_domain::{
    id::{EditionId, StandardId},
    ledger::SubjectKind,
    standard::edition::{Edition, EditionState, LONGEST_LABEL},
};
use chengjing_reader::standard::with_edition;
use chengjing_store::{ledger, standard::edition};
use serde_json::json;

use super::{
    EditionSeen, may_edit, on_shelf, subject,
    take_in::{room, seen as as_seen},
};
use crate::{App, Caller, Refusal, refusal::Faults};

/// Copies an edition to a new draft of that name.
pub async fn copy(
    app: &App,
    caller: &Caller,
    standard: StandardId,
    of: EditionId,
    label: &str,
) -> Result<EditionSeen, Refusal> {
    let new: EditionId = caller.id("edition");
    let (here, caller, label) = (app.clone(), caller.clone(), label.to_owned());
    app.store
        .write(move |tx| {
            let (app, caller, label) = (here.clone(), caller.clone(), label.clone());
            async move {
                let kept = on_shelf(&tx, &caller, standard).await?;
                may_edit(&caller, kept.owner)?;
                let original = edition::lookup(&tx, of).await?;
                let original = original.filter(|one| one.standard == standard).ok_or(Refusal::NotFound)?;
                if edition::lookup_summary(&tx, new).await?.is_some() {
                    return as_seen(&app, &tx, standard, new).await;
                }
                let all = edition::list(&tx, &[standard]).await?.remove(&standard).unwrap_or_default();
                let mut faults = Faults::default();
                let label = faults.text("edition", &label, LONGEST_LABEL);
                if all.iter().any(|one| one.label == label) {
                    faults.add("edition", "这个版本已经有了", "there is this edition already");
                }
                faults.end()?;
                room(all.len())?;
                let mut content = original.content.clone();
                content.edition = label.clone();
                let copied = Edition {
                    id: new,
                    source: with_edition(&original.source, &content),
                    content,
                    catalogues: Vec::new(),
                    state: EditionState::Draft,
                    copy_of: Some(of),
                    created_at: caller.now,
                    created_by: caller.actor.user,
                    changed_at: caller.now,
                    version: 1,
                    ..original.clone()
                };
                edition::add(&tx, &copied).await?;
                let told = json!({
                    "title": copied.content.title,
                    "edition": label,
                    "copy_of": original.content.edition,
                });
                let about = subject(SubjectKind::Edition, kept.owner, new.0);
                ledger::record(&tx, caller.act_named("edition.copy", about, told)).await?;
                as_seen(&app, &tx, standard, new).await
            }
        })
        .await
}
