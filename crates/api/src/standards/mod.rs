//! Assessment standards 测评体系: shelves of them, their editions, and the catalogues that they share.

pub(crate) mod add_checklists;
pub(crate) mod assess;
pub(crate) mod check;
pub(crate) mod compare;
pub(crate) mod copy;
pub(crate) mod edit;
pub(crate) mod edit_leaf;
pub(crate) mod edit_source;
pub(crate) mod fetch_source;
pub(crate) mod fetch_workbook;
pub(crate) mod leaf;
pub(crate) mod list;
pub(crate) mod list_catalogues;
pub(crate) mod list_entries;
pub(crate) mod list_shipped;
pub(crate) mod look_up;
pub(crate) mod look_up_edition;
pub(crate) mod owners;
pub(crate) mod publish;
pub(crate) mod remove;
pub(crate) mod search;
pub(crate) mod take_in;
pub(crate) mod take_in_catalogue;
pub(crate) mod take_over;

use axum::body::{Body, Bytes, to_bytes};
use chengjing_domain::standard::{
    Method,
    edition::{EditionState, EditionSummary, Kept, LARGEST_FILE, Level},
};
use chengjing_service::{
    Refusal,
    standard::{CellFault, EditionSeen, LineFault, StandardSeen, TakenIn},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::http::{
    version::Tagged,
    words::{DecimalText, mirror},
};

mirror! {
    /// Whose assessment it is: 全国, 省级, 市级, 县级.
    #[serde(rename_all = "snake_case")]
    LevelWord = Level { National, Provincial, City, County }
    /// Where what is known of a measure comes from.
    #[serde(rename_all = "snake_case")]
    MethodWord = Method { Material, Visit, Survey, Web, Statistic, Opinion, Report, Overall }
}

/// A published edition is never changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EditionStateWord {
    Draft,
    Published,
}

/// On whose shelf something is put.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Shelf {
    /// The campaign whose it is to be; without it, the installation's, which the administrator keeps.
    #[param(value_type = Option<Uuid>)]
    pub(crate) campaign: Option<chengjing_domain::id::CampaignId>,
}

/// A standard in all its editions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StandardBody {
    id: Uuid,
    /// The campaign whose it is; null: the installation's.
    campaign_id: Option<Uuid>,
    /// The `id` in its files.
    #[schema(example = "civilised-county")]
    code: String,
    name: String,
    /// 文明城市, 卫生城市; may be empty.
    kind: String,
    level: LevelWord,
    /// The newest first.
    editions: Vec<EditionLine>,
    /// Whether the caller may edit and publish them.
    editable: bool,
    created_at: DateTime<Utc>,
    version: i64,
}

/// An edition without what is in it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EditionLine {
    id: Uuid,
    /// Which edition it is called.
    #[schema(example = "2026")]
    edition: String,
    title: String,
    state: EditionStateWord,
    published_at: Option<DateTime<Utc>>,
    /// The edition that it was copied from.
    copy_of: Option<Uuid>,
    /// SHA-256 of its content as canonical JSON, with the catalogues that were frozen beside it.
    hash: String,
    created_at: DateTime<Utc>,
    changed_at: DateTime<Utc>,
    version: i64,
}

/// An edition with its tree.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EditionBody {
    standard: StandardLine,
    #[serde(flatten)]
    line: EditionLine,
    about: Option<String>,
    marks: DecimalText,
    /// What the levels of the tree are called, from the top.
    levels: Vec<String>,
    /// The tree, each place before those below it.
    places: Vec<PlaceBody>,
    counts: CountsBody,
    /// What is wrong with it still. A published edition has none.
    faults: Vec<FileFault>,
    /// Whether the caller may change it.
    editable: bool,
}

/// The standard that an edition is one of.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StandardLine {
    id: Uuid,
    campaign_id: Option<Uuid>,
    code: String,
    name: String,
    kind: String,
    level: LevelWord,
}

/// A place of the tree.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlaceBody {
    #[schema(example = "Ⅲ-12")]
    code: String,
    title: String,
    /// 0 at the top.
    depth: u32,
    marks: DecimalText,
    leaf: bool,
    /// How a leaf is measured.
    methods: Vec<MethodWord>,
}

/// How much an edition asks for, with the catalogues that it uses.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CountsBody {
    leaves: u64,
    site_types: u64,
    criteria: u64,
    requirements: u64,
    questions: u64,
    statistics: u64,
}

/// What is wrong in a file, and where.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FileFault {
    /// From 1.
    line: u64,
    #[schema(example = "tree[0].children[2].marks")]
    path: String,
    zh: String,
    en: String,
}

impl From<LineFault> for FileFault {
    fn from(fault: LineFault) -> Self {
        let LineFault { line, path, zh, en } = fault;
        Self { line: line as u64, path, zh, en }
    }
}

/// An edition that was brought as a file.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TakenInBody {
    #[serde(flatten)]
    edition: EditionBody,
    /// What stands in the workbook and has no place in a standard; of another file, nothing.
    passed_over: Vec<PassedOver>,
}

/// Something in a workbook that was not read.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PassedOver {
    /// Sheet and cell; empty: the workbook.
    #[schema(example = "指标!K1")]
    place: String,
    zh: String,
    en: String,
}

impl From<CellFault> for PassedOver {
    fn from(CellFault { sheet, cell, zh, en }: CellFault) -> Self {
        let place = if sheet.is_empty() { String::new() } else { format!("{sheet}!{cell}") };
        Self { place, zh, en }
    }
}

impl From<EditionSummary> for EditionLine {
    fn from(edition: EditionSummary) -> Self {
        let (state, published_at) = match edition.state {
            EditionState::Draft => (EditionStateWord::Draft, None),
            EditionState::Published { at, .. } => (EditionStateWord::Published, Some(at)),
        };
        Self {
            id: edition.id.0,
            edition: edition.label,
            title: edition.title,
            state,
            published_at,
            copy_of: edition.copy_of.map(|of| of.0),
            hash: edition.hash.to_string(),
            created_at: edition.created_at,
            changed_at: edition.changed_at,
            version: edition.version,
        }
    }
}

impl From<StandardSeen> for StandardBody {
    fn from(seen: StandardSeen) -> Self {
        let StandardSeen { kept, editions, editable } = seen;
        Self {
            id: kept.id.0,
            campaign_id: kept.owner.map(|owner| owner.0),
            code: kept.code,
            name: kept.name,
            kind: kept.kind,
            level: kept.level.into(),
            editions: editions.into_iter().map(Into::into).collect(),
            editable,
            created_at: kept.created_at,
            version: kept.version,
        }
    }
}

impl From<Kept> for StandardLine {
    fn from(kept: Kept) -> Self {
        Self {
            id: kept.id.0,
            campaign_id: kept.owner.map(|owner| owner.0),
            code: kept.code,
            name: kept.name,
            kind: kept.kind,
            level: kept.level.into(),
        }
    }
}

impl From<EditionSeen> for EditionBody {
    fn from(seen: EditionSeen) -> Self {
        let EditionSeen { kept, edition, opened, editable } = seen;
        let whole = &opened.whole;
        let place = |place: &chengjing_domain::standard::Place| {
            let mut methods: Vec<MethodWord> = Vec::new();
            for taken in place.leaf.iter().flat_map(|leaf| &whole.leaves[*leaf].measures) {
                let method = taken.measure.method.into();
                if !methods.contains(&method) {
                    methods.push(method);
                }
            }
            PlaceBody {
                code: place.code.clone(),
                title: place.title.clone(),
                depth: u32::try_from(place.depth).unwrap_or(u32::MAX),
                marks: DecimalText(place.marks),
                leaf: place.leaf.is_some(),
                methods,
            }
        };
        let catalogue = &whole.catalogue;
        Self {
            standard: kept.into(),
            line: edition.into(),
            about: whole.standard.about.clone(),
            marks: DecimalText(whole.standard.marks),
            levels: whole.standard.levels.clone(),
            places: whole.places.iter().map(place).collect(),
            counts: CountsBody {
                leaves: whole.leaves.len() as u64,
                site_types: catalogue.site_types.len() as u64,
                criteria: catalogue.site_types.iter().map(|one| one.criteria.len() as u64).sum(),
                requirements: catalogue.requirements.len() as u64,
                questions: catalogue.questions.len() as u64,
                statistics: catalogue.statistics.len() as u64,
            },
            faults: opened.faults.iter().cloned().map(Into::into).collect(),
            editable,
        }
    }
}

fn tagged(seen: EditionSeen) -> Tagged<EditionBody> {
    Tagged::ok(seen.edition.version, seen.into())
}

fn tagged_with_rest(TakenIn { seen, passed_over }: TakenIn) -> Tagged<TakenInBody> {
    let version = seen.edition.version;
    let passed_over = passed_over.into_iter().map(Into::into).collect();
    Tagged::ok(version, TakenInBody { edition: seen.into(), passed_over })
}

/// The bytes of a file of a standard or a catalogue.
async fn file_in(body: Body) -> Result<Bytes, Refusal> {
    let most = usize::try_from(LARGEST_FILE).unwrap_or(usize::MAX);
    to_bytes(body, most).await.map_err(|_| Refusal::TooLarge { limit: LARGEST_FILE })
}
