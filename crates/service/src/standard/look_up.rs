use chengjing_domain::id::{EditionId, StandardId};
use chengjing_press::standard::standard_to_xlsx;
use chengjing_store::standard::edition;

use super::{EditionSeen, StandardSeen, may_edit, on_shelf, visible};
use crate::{App, Caller, Refusal};

/// A standard with its editions.
pub async fn look_up(app: &App, caller: &Caller, id: StandardId) -> Result<StandardSeen, Refusal> {
    let caller = caller.clone();
    app.store
        .read(|q| async move {
            let kept = on_shelf(&q, &caller, id).await?;
            let editions = edition::list(&q, &[id]).await?.remove(&id).unwrap_or_default();
            Ok(StandardSeen { editable: may_edit(&caller, kept.owner).is_ok(), kept, editions })
        })
        .await
}

/// An edition, opened.
pub async fn look_up_edition(
    app: &App,
    caller: &Caller,
    standard: StandardId,
    id: EditionId,
) -> Result<EditionSeen, Refusal> {
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .read(|q| async move {
            let (kept, edition) = visible(&q, &caller, standard, id).await?;
            let opened = here.standards.open(&q, &edition).await?;
            let editable = edition.state.is_draft() && may_edit(&caller, kept.owner).is_ok();
            Ok(EditionSeen { kept, edition, opened, editable })
        })
        .await
}

/// The file of an edition, and what it is called.
pub async fn look_up_source(
    app: &App,
    caller: &Caller,
    standard: StandardId,
    id: EditionId,
) -> Result<(String, String, i64), Refusal> {
    let caller = caller.clone();
    app.store
        .read(|q| async move {
            visible(&q, &caller, standard, id).await?;
            let edition = edition::lookup(&q, id).await?.ok_or(Refusal::NotFound)?;
            let form = if edition.source.trim_start().starts_with('{') { "json" } else { "yaml" };
            let name = format!("{} {}.{form}", edition.content.title, edition.content.edition);
            Ok((edition.source, name, edition.version))
        })
        .await
}

/// An edition as a workbook, and what it is called.
pub async fn look_up_workbook(
    app: &App,
    caller: &Caller,
    standard: StandardId,
    id: EditionId,
) -> Result<(Vec<u8>, String), Refusal> {
    let caller = caller.clone();
    let content = app
        .store
        .read(|q| async move {
            visible(&q, &caller, standard, id).await?;
            let edition = edition::lookup(&q, id).await?.ok_or(Refusal::NotFound)?;
            Ok::<_, Refusal>(edition.content)
        })
        .await?;
    let name = format!("{} {}.xlsx", content.title, content.edition);
    let bytes = tokio::task::spawn_blocking(move || standard_to_xlsx(&content))
        .await
        .map_err(|_| Refusal::Internal("writing a workbook panicked"))?
        .map_err(|_| Refusal::Internal("the workbook could not be written"))?;
    Ok((bytes, name))
}
