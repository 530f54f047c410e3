//! The ledger: what every write says of itself, in the same transaction.
//!
//! Repositories note each thing that they store or remove, with its hash; [`record`] turns the notes of a write into
//! entries. A write that ends with a note that no entry took up is refused, so nothing ledgered changes in silence.

mod aggregate;
mod read;
mod seal;
mod stored;
mod verify;

use chengjing_domain::{
    id::{CampaignId, EntryId},
    ledger::{Act, Effect, Entry, Hash, Subject, SubjectKind},
};
use sea_orm::Set;
use serde_json::json;
use uuid::Uuid;

pub use read::{LedgerFilter, Recorded, begun_since, list, lookup, titles};
pub use seal::{EntryProof, list_blocks, newest_block, prove_entry, seal};
pub use verify::{Fault, verify, verify_against, verify_telling};

pub(crate) use aggregate::{Aggregate, SettingRow, note_removed, note_stored};
pub(crate) use seal::listed_in;

use crate::{
    door::{Texts, Tx},
    entity::ledger_entry,
    error::StoreError,
    row::{cut, inconsistent, insert_often},
};

/// Records what this write did. The act's own subject gets the act; whatever else the write stored or removed gets an
/// entry of the same author, action and moment that names the act. Call it last.
///
/// # Errors
/// [`StoreError::Conflict`] `ledger_entry_id` where the act's id was used before.
pub async fn record(tx: &Tx, act: Act) -> Result<Entry, StoreError> {
    static TEXTS: Texts = Texts::new();
    let act = Act { at: cut(act.at), ..act };
    let mut noted = tx.access().take_noted();
    let own = noted.iter().position(|(subject, _)| *subject == act.subject);
    let effect = own.map_or(Effect::None, |index| noted.remove(index).1);
    let others = noted.into_iter().zip(1..).map(|((subject, effect), n)| {
        let details = json!({ "with": act.id });
        Entry::new(Act { id: nth_id(act.id, n), subject, details, ..act.clone() }, effect)
    });
    let others: Vec<Entry> = others.collect();
    let main = Entry::new(act, effect);
    let rows = std::iter::once(&main).chain(&others).map(to_row);
    insert_often::<ledger_entry::Entity>(tx, &TEXTS, rows.collect()).await?;
    tx.access().note_entry();
    Ok(main)
}

/// The id of the nth further entry of an act: the act's, with its last 62 random bits counted up.
fn nth_id(act: EntryId, n: u128) -> EntryId {
    const LOW: u128 = (1 << 62) - 1;
    let id = act.0.as_u128();
    EntryId(Uuid::from_u128((id & !LOW) | ((id + n) & LOW)))
}

fn to_row(entry: &Entry) -> ledger_entry::ActiveModel {
    ledger_entry::ActiveModel {
        seq: sea_orm::NotSet,
        id: Set(entry.id.0),
        at: Set(entry.at),
        actor: Set(entry.author.to_string()),
        action: Set(entry.action.clone()),
        scope_campaign_id: Set(entry.subject.campaign.map(|id| id.0)),
        subject_kind: Set(entry.subject.kind.code().to_owned()),
        subject_id: Set(entry.subject.id),
        effect: Set(entry.effect.code().to_owned()),
        subject_hash: Set(entry.effect.hash().map(|hash| hash.0.to_vec())),
        details: Set(entry.details.clone()),
        hash: Set(entry.hash().0.to_vec()),
        height: sea_orm::NotSet,
    }
}

fn from_row(row: &ledger_entry::Model) -> Result<Entry, StoreError> {
    let fault = |column| move || inconsistent("ledger_entry", column, row.id);
    let hash =
        row.subject_hash.as_deref().map(|hash| Hash::from_slice(hash).ok_or_else(fault("subject_hash")));
    Ok(Entry {
        id: EntryId(row.id),
        at: row.at,
        author: row.actor.parse().map_err(|_| fault("actor")())?,
        action: row.action.clone(),
        subject: Subject {
            kind: SubjectKind::from_code(&row.subject_kind).ok_or_else(fault("subject_kind"))?,
            campaign: row.scope_campaign_id.map(CampaignId),
            id: row.subject_id,
        },
        effect: Effect::from_parts(&row.effect, hash.transpose()?).ok_or_else(fault("effect"))?,
        details: row.details.clone(),
    })
}
