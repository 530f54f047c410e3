use chengjing_domain::{
    id::{CampaignId, EditionId, StandardId},
    ledger::SubjectKind,
    standard::{
        CatalogueFile, Standard,
        edition::{
            Edition, EditionState, Kept, LARGEST_FILE, LONGEST_KIND, LONGEST_LABEL, Level, MOST_EDITIONS,
        },
    },
};
use chengjing_reader::standard::{File, LineFault, Places, put_together, read};
use chengjing_store::{
    Tx, ledger,
    standard::{self as store, edition},
};
use serde_json::json;

use super::{EditionSeen, may_add, shelf, subject, told};
use crate::{App, Caller, Refusal, refusal::Faults};

/// What a file does not say of its standard.
#[derive(Debug, Clone, Default)]
pub struct Beside {
    /// None: as it is, or empty where the standard is new.
    pub kind: Option<String>,
    /// None: as it is, or of the county where the standard is new.
    pub level: Option<Level>,
}

/// Takes in the file of a standard as a draft, whole and right; all that is wrong with it at once, each fault with its line.
/// Where its owner has a standard with that id, it becomes another edition of it.
pub async fn take_in(
    app: &App,
    caller: &Caller,
    owner: Option<CampaignId>,
    beside: Beside,
    bytes: &[u8],
) -> Result<EditionSeen, Refusal> {
    may_add(app, caller, owner).await?;
    let mut faults = Faults::default();
    let kind = beside.kind.map(|kind| kind.trim().to_owned());
    if kind.as_deref().is_some_and(|kind| kind.chars().count() > LONGEST_KIND || kind.contains('\0')) {
        faults.add("kind", format!("最多{LONGEST_KIND}个字"), format!("at most {LONGEST_KIND} characters"));
    }
    faults.end()?;
    let beside = Beside { kind, ..beside };
    let (standard, source, places) = of_file(bytes)?;
    let codes = standard.clone();
    let files = app.store.read(move |q| async move { shelf::taken_by(&q, owner, &codes).await }).await?.0;
    whole(standard.clone(), &places, &files)?;
    let edition_line = |zh: &str, en: &str| {
        let fault = chengjing_domain::standard::Fault {
            path: "edition".to_owned(),
            zh: zh.to_owned(),
            en: en.to_owned(),
        };
        vec![places.locate(fault)]
    };
    let taken =
        edition_line("这个版本已经有了，请换一个版本号", "there is this edition already; name another one");
    let (id, new_standard): (EditionId, StandardId) = (caller.id("edition"), caller.id("standard"));
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .write(move |tx| {
            let (app, caller, beside, taken) = (here.clone(), caller.clone(), beside.clone(), taken.clone());
            let (standard, source) = (standard.clone(), source.clone());
            async move {
                if let Some(there) = edition::lookup_summary(&tx, id).await? {
                    return seen(&app, &tx, there.standard, id).await;
                }
                let kept = match store::lookup_coded(&tx, owner, &standard.id).await? {
                    Some(kept) => {
                        let all = edition::list(&tx, &[kept.id]).await?.remove(&kept.id).unwrap_or_default();
                        if all.iter().any(|one| one.label == standard.edition) {
                            return Err(told(taken));
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
        .await
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

/// The standard that a file says, its text, and where its parts stand.
pub(super) fn of_file(bytes: &[u8]) -> Result<(Standard, String, Places), Refusal> {
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(Refusal::TooLarge { limit: LARGEST_FILE });
    }
    match read(bytes).map_err(told)? {
        File::Standard(standard, places) => {
            let faults = unstorable(&standard, &places);
            if !faults.is_empty() {
                return Err(told(faults));
            }
            let text = String::from_utf8_lossy(bytes);
            Ok((*standard, text.trim_start_matches('\u{feff}').to_owned(), places))
        }
        File::Catalogue(_) => Err(Refusal::invalid(
            "tree",
            "这是目录，不是测评体系：缺少 tree",
            "it is a catalogue, not a standard: tree is missing",
        )),
    }
}

/// What a standard has to be to be kept here, beyond what a file has to be.
fn unstorable(standard: &Standard, places: &Places) -> Vec<LineFault> {
    let mut faults = Vec::new();
    let mut add = |path: &str, zh: String, en: String| {
        faults.push(places.locate(chengjing_domain::standard::Fault { path: path.to_owned(), zh, en }));
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

pub(super) fn whole(standard: Standard, places: &Places, files: &[CatalogueFile]) -> Result<(), Refusal> {
    put_together(standard, places, files).map(drop).map_err(told)
}
