use chengjing_domain::{
    id::{EditionId, StandardId},
    ledger::SubjectKind,
    standard::{Standard, Whole, edition::node},
};
use chengjing_reader::standard::{File, LineFault, place_of, read, with_place};
use chengjing_store::{ledger, standard::edition};
use serde_json::{Value, json};

use super::{EditionSeen, draft, may_edit, shelf, subject, take_in::seen as as_seen, visible};
use crate::{App, Caller, Fault, Refusal};

/// Puts other words, marks and measures into a leaf of a draft, as files write them. All other lines of its file stay.
pub async fn edit_leaf(
    app: &App,
    caller: &Caller,
    standard: StandardId,
    id: EditionId,
    seen: i64,
    code: &str,
    leaf: Value,
) -> Result<EditionSeen, Refusal> {
    let (here, caller, code) = (app.clone(), caller.clone(), code.to_owned());
    app.store
        .write(move |tx| {
            let (app, caller, code, leaf) = (here.clone(), caller.clone(), code.clone(), leaf.clone());
            async move {
                let (kept, before) = draft(&tx, &caller, standard, id, seen).await?;
                let content = with_leaf(&before.content, &code, leaf)?.map_err(Refusal::Invalid)?;
                if content == before.content {
                    return as_seen(&app, &tx, standard, id).await;
                }
                let source = with_place(&before.source, &content, &code);
                let told = json!({ "title": content.title, "edition": content.edition, "leaf": code });
                let after = before.edit(content, source, caller.now)?;
                edition::save(&tx, &after).await?;
                let about = subject(SubjectKind::Edition, kept.owner, id.0);
                ledger::record(&tx, caller.act_named("edition.edit", about, told)).await?;
                as_seen(&app, &tx, standard, id).await
            }
        })
        .await
}

/// What is wrong with what is to become a leaf of a draft; nothing is kept. Paths of faults in the leaf begin in it, others at
/// the top of the file.
pub async fn check_leaf(
    app: &App,
    caller: &Caller,
    standard: StandardId,
    id: EditionId,
    code: &str,
    leaf: Value,
) -> Result<Vec<Fault>, Refusal> {
    let (caller, code) = (caller.clone(), code.to_owned());
    app.store
        .read(|q| async move {
            let (kept, _) = visible(&q, &caller, standard, id).await?;
            may_edit(&caller, kept.owner)?;
            let before = edition::lookup(&q, id).await?.ok_or(Refusal::NotFound)?;
            let content = match with_leaf(&before.content, &code, leaf)? {
                Ok(content) => content,
                Err(faults) => return Ok(faults),
            };
            let (files, _) = shelf::taken_by(&q, kept.owner, &content).await?;
            let place = place_of(&content.tree, &code).unwrap_or_default();
            let faults = Whole::unfinished(content, &files).1;
            Ok(faults.into_iter().map(|fault| within(&place, fault.path, fault.zh, fault.en)).collect())
        })
        .await
}

/// The standard with another leaf in the place of that code, or what keeps it from being one.
fn with_leaf(before: &Standard, code: &str, leaf: Value) -> Result<Result<Standard, Vec<Fault>>, Refusal> {
    let old = node(&before.tree, code).filter(|node| node.children.is_empty()).ok_or(Refusal::NotFound)?;
    if leaf.get("code").is_some_and(|given| given != &old.code) {
        return Ok(Err(vec![Fault::new("code", "编号在原文里改", "the code is changed in the text")]));
    }
    if leaf.get("children").is_some() {
        return Ok(Err(vec![Fault::new("children", "指标下面不能再有指标", "a leaf has no children")]));
    }
    let unwritable = || Refusal::Internal("a standard can't be written as JSON");
    let mut whole = serde_json::to_value(before).map_err(|_| unwritable())?;
    let place = place_of(&before.tree, code).ok_or(Refusal::NotFound)?;
    let pointer = format!("/{}", place.replace(['.', '['], "/").replace(']', ""));
    *whole.pointer_mut(&pointer).ok_or(Refusal::NotFound)? = leaf;
    // Read as a file is, so that what is wrong is told as it is of files.
    let text = serde_json::to_string(&whole).map_err(|_| unwritable())?;
    if text.contains("\\u0000") {
        return Ok(Err(vec![Fault::new(
            "",
            "含有无法保存的字符",
            "it holds a character that can't be stored",
        )]));
    }
    Ok(match read(text.as_bytes()) {
        Ok(File::Standard(standard, _)) => Ok(*standard),
        Ok(File::Catalogue(_)) => return Err(Refusal::Internal("a standard became a catalogue")),
        Err(faults) => Err(faults
            .into_iter()
            .map(|LineFault { path, zh, en, .. }| within(&place, path, zh, en))
            .collect()),
    })
}

fn within(place: &str, path: String, zh: String, en: String) -> Fault {
    let path = match path.strip_prefix(place) {
        Some(inside) => inside.trim_start_matches('.').to_owned(),
        None => path,
    };
    Fault::new(path, zh, en)
}
