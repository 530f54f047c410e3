//! Assessment standards 测评体系 that are kept here: taken in as files, edited as drafts, published for good.
//!
//! A standard is the installation's, which the administrator keeps and every office may take, or a campaign's, which its
//! office keeps. Who may not see one is told that it is not there.

pub mod add_checklists;
pub mod assess;
mod brought;
pub mod check;
pub mod compare;
pub mod copy;
pub mod edit;
pub mod edit_leaf;
pub mod edit_source;
pub mod leaf;
pub mod list;
pub mod list_catalogues;
pub mod list_shipped;
pub mod look_up;
pub mod owners;
pub mod publish;
pub mod remove;
pub mod search;
mod shelf;
mod shipped;
pub mod take_in;
pub mod take_in_catalogue;
pub mod take_over;

use chengjing_domain::{
    id::{CampaignId, EditionId, StandardId},
    ledger::{Subject, SubjectKind},
    people::{
        Actor,
        policy::{self, Action, Decision, Resource, Where},
    },
    standard::edition::{EditionRefusal, EditionSummary, Kept},
};
pub use chengjing_reader::standard::{CellFault, LineFault};
use chengjing_store::{
    Queries, campaign as campaigns,
    standard::{self as store, assessed, edition},
};
pub(crate) use shelf::Shelf;
pub use shelf::{Found, Opened, Part};

use crate::{App, Caller, Fault, Refusal};

/// A standard with its editions, the newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandardSeen {
    pub kept: Kept,
    pub editions: Vec<EditionSummary>,
    /// Whether the caller may edit and publish them.
    pub editable: bool,
}

/// An edition with the standard whose it is, opened.
#[derive(Debug, Clone)]
pub struct EditionSeen {
    pub kept: Kept,
    pub edition: EditionSummary,
    pub opened: std::sync::Arc<Opened>,
    pub editable: bool,
}

/// A draft that a file was made of.
#[derive(Debug, Clone)]
pub struct TakenIn {
    pub seen: EditionSeen,
    /// What stands in the workbook that was brought, and has no place in a standard.
    pub passed_over: Vec<CellFault>,
}

fn resource(owner: Option<CampaignId>) -> Resource<'static> {
    owner.map_or(Resource::System, Resource::Campaign)
}

/// Whether it stands on a shelf that the actor sees: their campaign's, or the installation's.
fn browses(actor: &Actor, owner: Option<CampaignId>) -> bool {
    match owner {
        None => policy::reach_of(actor, Action::BrowseStandards) != Where::In(Vec::new()),
        Some(owner) => {
            let decision = policy::decide(Some(actor), Action::BrowseStandards, Resource::Campaign(owner));
            decision == Decision::Allowed
        }
    }
}

fn may_edit(caller: &Caller, owner: Option<CampaignId>) -> Result<(), Refusal> {
    caller.may(Action::EditStandards, resource(owner))
}

/// A standard that the caller sees on a shelf.
async fn on_shelf(q: &impl Queries, caller: &Caller, id: StandardId) -> Result<Kept, Refusal> {
    let kept = store::lookup(q, id).await?;
    kept.filter(|kept| browses(&caller.actor, kept.owner)).ok_or(Refusal::NotFound)
}

/// An edition of a standard that the caller sees: it stands on a shelf of theirs, or a campaign of theirs is assessed by it.
pub(crate) async fn visible(
    q: &impl Queries,
    caller: &Caller,
    standard: StandardId,
    id: EditionId,
) -> Result<(Kept, EditionSummary), Refusal> {
    let kept = store::lookup(q, standard).await?.ok_or(Refusal::NotFound)?;
    let edition = edition::lookup_summary(q, id).await?;
    let edition = edition.filter(|edition| edition.standard == standard).ok_or(Refusal::NotFound)?;
    if browses(&caller.actor, kept.owner) {
        return Ok((kept, edition));
    }
    let sees =
        |campaign: &CampaignId| caller.may(Action::SeeStandards, Resource::Campaign(*campaign)).is_ok();
    if assessed::campaigns_of(q, id).await?.iter().any(sees) {
        return Ok((kept, edition));
    }
    Err(Refusal::NotFound)
}

/// A draft that the caller may change, as they saw it.
async fn draft(
    q: &impl Queries,
    caller: &Caller,
    standard: StandardId,
    id: EditionId,
    seen: i64,
) -> Result<(Kept, chengjing_domain::standard::edition::Edition), Refusal> {
    let kept = on_shelf(q, caller, standard).await?;
    let edition = edition::lookup(q, id).await?;
    let edition = edition.filter(|edition| edition.standard == standard).ok_or(Refusal::NotFound)?;
    may_edit(caller, kept.owner)?;
    if edition.version != seen {
        return Err(Refusal::Stale);
    }
    edition.takes_changes()?;
    Ok((kept, edition))
}

/// Whether the caller may put something on that shelf.
async fn may_add(app: &App, caller: &Caller, owner: Option<CampaignId>) -> Result<(), Refusal> {
    may_edit(caller, owner)?;
    let Some(owner) = owner else { return Ok(()) };
    let there = app.store.read(|q| async move { campaigns::lookup(&q, owner).await }).await?;
    there.map(|_| ()).ok_or(Refusal::NotFound)
}

fn subject(kind: SubjectKind, owner: Option<CampaignId>, id: impl Into<uuid::Uuid>) -> Subject {
    Subject { kind, campaign: owner, id: id.into() }
}

/// Faults of a file, each said with its line.
pub(crate) fn told(faults: Vec<LineFault>) -> Refusal {
    let told = |LineFault { line, path, zh, en }| {
        Fault::new(path, format!("第{line}行：{zh}"), format!("line {line}: {en}"))
    };
    Refusal::Invalid(faults.into_iter().map(told).collect())
}

impl From<EditionRefusal> for Refusal {
    fn from(refusal: EditionRefusal) -> Self {
        match refusal {
            EditionRefusal::Published => Self::conflict(
                "已发布的版本不能再改，请复制为新的草稿",
                "a published edition is never changed; copy it to a new draft",
            ),
            EditionRefusal::Unfinished(faults) => {
                let fault =
                    |fault: chengjing_domain::standard::Fault| Fault::new(fault.path, fault.zh, fault.en);
                Self::Invalid(faults.into_iter().map(fault).collect())
            }
        }
    }
}
