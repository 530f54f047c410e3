use chengjing_domain::{
    id::{CampaignId, EditionId, StandardId},
    ledger::SubjectKind,
    standard::{
        CatalogueFile, Fault, Standard,
        edition::{Edition, EditionState, Kept, LONGEST_KIND, LONGEST_LABEL, Level, MOST_EDITIONS},
    },
};
use chengjing_reader::standard::{LineFault, put_together};
use chengjing_store::{
    Tx, ledger,
    standard::{self as store, edition},
};
use serde_json::json;

use super::{
    EditionSeen, TakenIn,
    brought::{Brought, BroughtStandard, Where},
    may_add, shelf, subject,
};
use crate::{App, Caller, Refusal, refusal::Faults};

/// What a file does not say of its standard.
#[derive(Debug, Clone, Default)]
pub struct Beside {
    /// None: as it is, or empty where the standard is new.
    pub kind: Option<String>,
    /// None: as it is, or of the county where the standard is new.
    pub level: Option<Level>,
}

/// Takes in the file of a standard as a draft, whole and right; all that is wrong with it at once, each fault with its line or
/// cell.
/// Where its owner has a standard with that id, it becomes another edition of it.
pub async fn take_in(
    app: &App,
    caller: &Caller,
    owner: Option<CampaignId>,
    beside: Beside,
    bytes: &[u8],
) -> Result<TakenIn, Refusal> {
    may_add(app, caller, owner).await?;
    let mut faults = Faults::default();
    let kind = beside.kind.map(|kind| kind.trim().to_owned());
    if kind.as_deref().is_some_and(|kind| kind.chars().count() > LONGEST_KIND || kind.contains('\0')) {
        faults.add("kind", format!("最多{LONGEST_KIND}个字"), format!("at most {LONGEST_KIND} characters"));
    }
    faults.end()?;
    let beside = Beside { kind, ..beside };
    let BroughtStandard { standard, source, at, passed_over } = of_file(bytes).await?;
    let codes = standard.clone();
    let files = app.store.read(move |q| async move { shelf::taken_by(&q, owner, &codes).await }).await?.0;
    whole(standard.clone(), &at, &files)?;
    let (id, new_standard): (EditionId, StandardId) = (caller.id("edition"), caller.id("standard"));
    let (here, caller) = (app.clone(), caller.clone());
    let seen = app
        .store
        .write(move |tx| {
            let (app, caller, beside) = (here.clone(), caller.clone(), beside.clone());
            let (standard, source, at) = (standard.clone(), source.clone(), at.clone());
            async move {
                if let Some(there) = edition::lookup_summary(&tx, id).await? {
                    return seen(&app, &tx, there.standard, id).await;
                }
                let kept = match store::lookup_coded(&tx, owner, &standard.id).await? {
                    Some(kept) => {
                        let all = edition::list(&tx, &[kept.id]).await?.remove(&kept.id).unwrap_or_default();
                        if all.iter().any(|one| one.label == standard.edition) {
                            return Err(at.told(vec![at.locate(edition_taken())]));
                        }
                        room(all.len())?;
                        follow(&tx, kept, &standard, &beside).await?
                    }
                    None => {
                        let new = Kept {
                            id: new_standard,
                            owner,
                            code: standard.id.clone(),
                            name: standard.title.clone(),
                            kind: beside.kind.unwrap_or_default(),
                            level: beside.level.unwrap_or(Level::County),
                            created_at: caller.now,
                            version: 1,
                        };
                        store::add(&tx, &new).await?
                    }
                };
                let (title, label) = (standard.title.clone(), standard.edition.clone());
                let new = Edition {
                    id,
                    standard: kept.id,
                    owner,
                    content: standard,
                    catalogues: Vec::new(),
                    source,
                    state: EditionState::Draft,
                    copy_of: None,
                    created_at: caller.now,
                    created_by: caller.actor.user,
                    changed_at: caller.now,
                    version: 1,
                };
                edition::add(&tx, &new).await?;
                let told = json!({ "title": title, "edition": label });
                let act =
                    caller.act_named("standard.take_in", subject(SubjectKind::Edition, owner, id.0), told);
                ledger::record(&tx, act).await?;
                seen(&app, &tx, kept.id, id).await
            }
        })
        .await?;
    Ok(TakenIn { seen, passed_over })
}

/// A standard takes the name of the edition that came last, and what was said beside it.
pub(super) async fn follow(tx: &Tx, kept: Kept, newest: &Standard, beside: &Beside) -> Result<Kept, Refusal> {
    let changed = Kept {
        name: newest.title.clone(),
        kind: beside.kind.clone().unwrap_or_else(|| kept.kind.clone()),
        level: beside.level.unwrap_or(kept.level),
        ..kept.clone()
    };
    if changed == kept { Ok(kept) } else { Ok(store::save(tx, &changed).await?) }
}

pub(super) fn edition_taken() -> Fault {
    let (zh, en) = ("这个版本已经有了，请换一个版本号", "there is this edition already; name another one");
    Fault { path: "edition".to_owned(), zh: zh.to_owned(), en: en.to_owned() }
}

pub(super) fn room(editions: usize) -> Result<(), Refusal> {
    if editions < MOST_EDITIONS {
        return Ok(());
    }
    Err(Refusal::conflict(
        format!("一个体系最多保留{MOST_EDITIONS}个版本，请先删除不用的草稿"),
        format!("a standard has at most {MOST_EDITIONS} editions; remove drafts that are not needed"),
    ))
}

pub(super) async fn seen(
    app: &App,
    tx: &Tx,
    standard: StandardId,
    id: EditionId,
) -> Result<EditionSeen, Refusal> {
    let kept = store::lookup(tx, standard).await?.ok_or(Refusal::NotFound)?;
    let edition = edition::lookup_summary(tx, id).await?.ok_or(Refusal::NotFound)?;
    let opened = app.standards.open(tx, &edition).await?;
    Ok(EditionSeen { kept, editable: edition.state.is_draft(), edition, opened })
}

/// The standard that a file says, fit to be kept.
pub(super) async fn of_file(bytes: &[u8]) -> Result<BroughtStandard, Refusal> {
    let brought = Brought::read(bytes).await?.into_standard()?;
    let faults = unstorable(&brought.standard, &brought.at);
    if faults.is_empty() { Ok(brought) } else { Err(brought.at.told(faults)) }
}

/// What a standard has to be to be kept here, beyond what a file has to be.
fn unstorable(standard: &Standard, at: &Where) -> Vec<LineFault> {
    let mut faults = Vec::new();
    let mut add = |path: &str, zh: String, en: String| {
        faults.push(at.locate(Fault { path: path.to_owned(), zh, en }));
    };
    for (path, text, most) in [
        ("id", &standard.id, 60),
        ("edition", &standard.edition, LONGEST_LABEL),
        ("title", &standard.title, 100),
    ] {
        if text.trim().is_empty() {
            add(path, "请填写".to_owned(), "must not be empty".to_owned());
        } else if text.chars().count() > most {
            add(path, format!("最多{most}个字"), format!("at most {most} characters"));
        }
    }
    // No text of PostgreSQL holds it, and nobody types it.
    if serde_json::to_string(standard).is_ok_and(|text| text.contains("\\u0000")) {
        let (zh, en) = ("含有无法保存的字符", "it holds a character that can't be stored");
        add("", zh.to_owned(), en.to_owned());
    }
    faults
}

fn whole(standard: Standard, at: &Where, files: &[CatalogueFile]) -> Result<(), Refusal> {
    put_together(standard, at.places(), files).map(drop).map_err(|faults| at.told(faults))
}
