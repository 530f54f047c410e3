//! Looks what a dossier holds, before anything is packed: its lines, where each file goes, how much it is.

use std::collections::{HashMap, HashSet, hash_map::Entry};

use chengjing_domain::{
    attachment::{AttachedTo, Attachment, MediaKind, name::ending},
    clock::day_of,
    evidence::{
        Content, Version,
        dossier::{LONGEST_VOLUME, MOST, Shelves, volumes},
        limit::characters,
        review::Acceptance,
    },
    id::{AttachmentId, CampaignId, EvidenceId, UnitId, UserId},
    ledger::Hash,
    standard::{FilingKind, Whole},
};
use chengjing_press::dossier::{DossierHead, DossierLine};
use chengjing_store::{
    Paging, Queries, attachment as files, campaign as campaigns,
    evidence::{self as store, link as links},
    people,
};

use super::{Packed, Payload};
use crate::{
    App, Refusal,
    duty::Names,
    evidence::{Demands, Of},
};

/// One standard's part of a dossier.
#[derive(Debug)]
pub(super) struct Shelf {
    pub(super) head: DossierHead,
    /// The folder that all of it lies in.
    pub(super) root: String,
    pub(super) lines: Vec<DossierLine>,
    /// In the order of their numbers.
    pub(super) files: Vec<FileThere>,
    pub(super) texts: Vec<TextThere>,
    pub(super) shelves: Shelves,
}

/// A file and where it goes.
#[derive(Debug)]
pub(super) struct FileThere {
    pub(super) path: String,
    pub(super) hash: Hash,
    pub(super) size: u64,
    /// The lines that name it.
    pub(super) lines: Vec<usize>,
    pub(super) number: u32,
}

/// A text and where it stands. It is fetched when its volume is set.
#[derive(Debug)]
pub(super) struct TextThere {
    pub(super) evidence: EvidenceId,
    pub(super) version: u32,
    pub(super) line: usize,
    /// The documents that are printed behind what was typed.
    pub(super) documents: Vec<Attachment>,
    pub(super) volume: u32,
    pub(super) item: u32,
}

/// Why there is no dossier.
#[derive(Debug)]
pub(super) enum Unmade {
    /// Nothing of it is accepted any more.
    Nothing,
    TooMany,
    Refused(Refusal),
}

impl From<Refusal> for Unmade {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// A material in the version that was accepted for a requirement.
struct Accepted {
    evidence: EvidenceId,
    kind: FilingKind,
    unit: UnitId,
    acceptance: Acceptance,
    version: Version,
    attached: Vec<Attachment>,
    chars: usize,
}

/// The parts of a dossier, standard by standard. What is in a standard's part once is in it at one place: whatever else it
/// stands for names its number.
pub(super) async fn gather(app: &App, payload: &Payload) -> Result<(String, Vec<Shelf>), Unmade> {
    let campaign = payload.campaign;
    let here = app.clone();
    let load = app.store.read(|q| async move {
        let own = campaigns::lookup(&q, campaign).await?.ok_or(Refusal::NotFound)?;
        let demands = Demands::load(&here, &q, campaign).await?;
        Ok::<_, Refusal>((own, demands, Names::load(&q, campaign).await?))
    });
    let (own, demands, names) = load.await?;
    let mut all = Vec::new();
    let mut tops = Shelves::default();
    for standard in payload.wanted.standards(&demands) {
        let (packed, place) = payload.wanted.demands(&demands, standard);
        let Some((_, opened)) = demands.standards.iter().find(|(id, _)| *id == standard) else { continue };
        let whole = &opened.whole;
        let head = DossierHead {
            campaign: own.name.clone(),
            place: own.place.clone(),
            standard: format!("{}（{}）", whole.standard.title, whole.standard.edition),
            part: place.map(|place| {
                let place = &whole.places[place];
                format!("{} {}", place.code, place.title)
            }),
            as_of: payload.as_of,
        };
        let root = tops.folder("", &format!("{}{}", whole.standard.title, whole.standard.edition));
        let shelf = shelf(app, payload, (head, root), packed, &names).await?;
        if !shelf.lines.is_empty() {
            all.push(shelf);
        }
        if all.iter().map(|shelf| shelf.lines.len()).sum::<usize>() > MOST {
            return Err(Unmade::TooMany);
        }
    }
    if all.is_empty() { Err(Unmade::Nothing) } else { Ok((own.name, all)) }
}

async fn shelf(
    app: &App,
    payload: &Payload,
    (head, root): (DossierHead, String),
    packed: Vec<Packed<'_>>,
    names: &Names,
) -> Result<Shelf, Unmade> {
    let mut shelves = Shelves::default();
    // The names of the tables are kept free for them.
    shelves.folder("", &root);
    let mut folders: HashMap<usize, String> = HashMap::new();
    let mut shelf = Shelf {
        head,
        root,
        lines: Vec::new(),
        files: Vec::new(),
        texts: Vec::new(),
        shelves: Shelves::default(),
    };
    let mut placed: HashMap<AttachmentId, usize> = HashMap::new();
    let mut lengths = Vec::new();
    let mut texts_of: HashMap<(EvidenceId, u32), usize> = HashMap::new();
    for Packed { demand, leaf } in packed {
        let whole = &demand.opened.whole;
        let accepted = accepted_for(app, payload, &demand.of).await?;
        if accepted.is_empty() {
            continue;
        }
        let within = folder_of(&mut shelves, &mut folders, &shelf.root, whole, leaf);
        let folder = shelves.folder(&within, &demand.requirement().title);
        let people = people_of(app, &accepted).await?;
        let called = |user: UserId| people.get(&user).cloned().unwrap_or_default();
        for one in accepted {
            let number = shelf.lines.len();
            let content = &one.version.content;
            let mut numbers = Vec::new();
            let mut missing = Vec::new();
            for (nth, id) in content.files.iter().enumerate() {
                let Some(file) = one.attached.iter().find(|file| file.id == *id) else {
                    missing.push(nth + 1);
                    continue;
                };
                let at = *placed.entry(*id).or_insert_with(|| {
                    let ending =
                        ending(&file.name).filter(|ending| file.kind.endings().contains(&ending.as_str()));
                    let usual = file.kind.endings().first().copied().unwrap_or_default();
                    let called = if content.files.len() == 1 {
                        content.title.clone()
                    } else {
                        format!("{}_{}", content.title, nth + 1)
                    };
                    let (number, path) = shelves.file(&folder, &called, ending.as_deref().unwrap_or(usual));
                    let there =
                        FileThere { path, hash: file.hash, size: file.size, lines: Vec::new(), number };
                    shelf.files.push(there);
                    shelf.files.len() - 1
                });
                shelf.files[at].lines.push(number);
                numbers.push(shelf.files[at].number);
            }
            if shelf.files.len() > MOST {
                return Err(Unmade::TooMany);
            }
            numbers.sort_unstable();
            let first =
                numbers.first().and_then(|first| shelf.files.iter().find(|file| file.number == *first));
            let lies = first.and_then(|file| file.path.rsplit_once('/')).map(|(folder, _)| folder.to_owned());
            let documents: Vec<&Attachment> =
                one.attached.iter().filter(|file| printed(content, file).is_some()).collect();
            if content.text.is_some() || content.link.is_some() || !documents.is_empty() {
                // One that stands for several requirements is printed once.
                let key = (one.evidence, one.version.number);
                if let Entry::Vacant(free) = texts_of.entry(key) {
                    free.insert(shelf.texts.len());
                    let printed = documents.iter().filter_map(|file| printed(content, file));
                    lengths.push(one.chars + printed.sum::<usize>());
                    shelf.texts.push(TextThere {
                        evidence: one.evidence,
                        version: one.version.number,
                        line: number,
                        documents: documents.into_iter().cloned().collect(),
                        volume: 0,
                        item: 0,
                    });
                }
            }
            let place = &whole.places[leaf];
            shelf.lines.push(DossierLine {
                code: place.code.clone(),
                leaf: place.title.clone(),
                above: above(whole, leaf).join(" / "),
                requirement: demand.requirement().title.clone(),
                title: content.title.clone(),
                kind: one.kind.zh(),
                unit: names.unit(one.unit).name,
                made_on: content.made_on,
                pieces: one.acceptance.shown.pieces,
                numbers,
                place: lies.unwrap_or_default(),
                text: None,
                link: content.link.clone(),
                version: one.version.number,
                filed_by: called(one.version.by),
                filed_on: Some(day_of(one.version.at)),
                grade: one.acceptance.grade.clone(),
                accepted_by: called(one.acceptance.by),
                accepted_on: Some(day_of(one.acceptance.at)),
                until: one.acceptance.until,
                caption: content
                    .caption
                    .iter()
                    .map(|(field, said)| format!("{field}：{said}"))
                    .collect::<Vec<_>>()
                    .join("；"),
                note: missing.iter().map(|nth| format!("第{nth}个文件已不在")).collect::<Vec<_>>().join("；"),
            });
            if let Some(text) = texts_of.get(&(one.evidence, one.version.number)) {
                // Its volume is known when all texts are.
                shelf.lines[number].text = Some((u32::try_from(*text).unwrap_or(u32::MAX), 0));
            }
        }
    }
    for (text, (volume, item)) in shelf.texts.iter_mut().zip(volumes(&lengths)) {
        (text.volume, text.item) = (volume, item);
    }
    for line in &mut shelf.lines {
        let at = line.text.and_then(|(text, _)| shelf.texts.get(text as usize));
        line.text = at.map(|text| (text.volume, text.item));
    }
    shelf.shelves = shelves;
    Ok(shelf)
}

/// How many characters of a file are printed among the texts; None: it is not, and lies there as a file alone. A PDF has pages of
/// its own, and what fills a volume alone is no text to be read along with others.
fn printed(content: &Content, file: &Attachment) -> Option<usize> {
    let document = matches!(file.kind, MediaKind::Docx | MediaKind::Text) && content.files.contains(&file.id);
    let characters = usize::try_from((*content.characters.get(&file.id)?)?).ok()?;
    (document && characters <= LONGEST_VOLUME).then_some(characters)
}

/// The folder of a place, made with those above it where there is none yet.
fn folder_of(
    shelves: &mut Shelves,
    folders: &mut HashMap<usize, String>,
    root: &str,
    whole: &Whole,
    place: usize,
) -> String {
    let mut way = vec![place];
    while let Some(above) = way.last().and_then(|last| whole.places[*last].parent) {
        way.push(above);
    }
    let mut within = root.to_owned();
    for place in way.into_iter().rev() {
        within = folders
            .entry(place)
            .or_insert_with(|| {
                let own = &whole.places[place];
                shelves.folder(&within, &format!("{} {}", own.code, own.title))
            })
            .clone();
    }
    within
}

/// The titles of the places above one, from the top.
fn above(whole: &Whole, place: usize) -> Vec<&str> {
    let mut titles = Vec::new();
    let mut next = whole.places[place].parent;
    while let Some(number) = next {
        titles.push(whole.places[number].title.as_str());
        next = whole.places[number].parent;
    }
    titles.reverse();
    titles
}

/// What was accepted for a requirement, each in the version that was, without its text.
async fn accepted_for(app: &App, payload: &Payload, of: &Of) -> Result<Vec<Accepted>, Refusal> {
    let campaign = payload.campaign;
    let filter = links::LinkFilter {
        any_unit: payload.within.clone(),
        of: Some(of.clone()),
        ..links::LinkFilter::default()
    };
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let (filter, paging) = (filter.clone(), Paging { after, limit: 200 });
        let page = app.store.read(|q| async move {
            let page = links::list(&q, campaign, &filter, &paging).await?;
            let accepted: Vec<_> = page
                .items
                .into_iter()
                .filter_map(|link| link.review.acceptance().cloned().map(|acceptance| (link, acceptance)))
                .collect();
            let ids: Vec<EvidenceId> = accepted.iter().map(|(link, _)| link.evidence).collect();
            let materials = store::list_of(&q, campaign, &ids).await?;
            let mut some = Vec::with_capacity(accepted.len());
            for (link, acceptance) in accepted {
                let Some(evidence) = materials.get(&link.evidence) else { continue };
                let number = acceptance.shown.version;
                let Some(version) = evidence.versions().iter().find(|one| one.number == number) else {
                    continue;
                };
                let attached = attached(&q, campaign, evidence.id, version).await?;
                let mut version = version.clone();
                let chars = version.content.text.as_deref().map_or(0, characters);
                // It is fetched again when it is printed; of all together it may be too much to be held.
                version.content.text = version.content.text.map(|_| String::new());
                let (kind, unit) = (evidence.kind, evidence.unit);
                some.push(Accepted {
                    evidence: evidence.id,
                    kind,
                    unit,
                    acceptance,
                    version,
                    attached,
                    chars,
                });
            }
            Ok::<_, Refusal>((some, page.next))
        });
        let (some, next) = page.await?;
        all.extend(some);
        after = next;
        if after.is_none() || all.len() > MOST {
            break;
        }
    }
    all.sort_by_key(|one| (one.kind.code(), one.acceptance.at, one.evidence));
    Ok(all)
}

async fn attached(
    q: &impl Queries,
    campaign: CampaignId,
    evidence: EvidenceId,
    version: &Version,
) -> Result<Vec<Attachment>, Refusal> {
    if version.content.files.is_empty() {
        return Ok(Vec::new());
    }
    Ok(files::list_of(q, campaign, AttachedTo::Evidence(evidence)).await?)
}

async fn people_of(app: &App, all: &[Accepted]) -> Result<HashMap<UserId, String>, Refusal> {
    let who: HashSet<UserId> = all.iter().flat_map(|one| [one.version.by, one.acceptance.by]).collect();
    let who: Vec<UserId> = who.into_iter().collect();
    Ok(app.store.read(|q| async move { people::display_names(&q, &who).await }).await?)
}
