//! That people who leave ask to have their work handed over, and who was written to about it.

use chengjing_domain::{
    id::{CampaignId, HandoverRequestId, LetterId, UserId},
    people::{HandoverRequest, HandoverRequestState as State},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, ExprTrait, IntoActiveModel, NotSet, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    door::{Execute, Fetch, Queries, Tx},
    entity::{handover_letter, handover_request},
    error::StoreError,
    ledger::note_stored,
    mail::add_letter,
    page::{Cursor, Page, Paging, part},
    row::{cut, inconsistent, insert, one_changed},
};

/// The conditions of the partial indexes, written out so that SQLite knows them again.
const WAITS: &str = "state = 'waiting'";

pub async fn lookup_handover_request(
    q: &impl Queries,
    campaign: CampaignId,
    id: HandoverRequestId,
) -> Result<Option<HandoverRequest>, StoreError> {
    let row = handover_request::Entity::find_by_id((campaign.0, id.0)).fetch_one(q.access()).await?;
    row.map(from_handover_request).transpose()
}

/// The request of a person that waits in a campaign; there is one at most.
pub async fn lookup_waiting_handover_request(
    q: &impl Queries,
    campaign: CampaignId,
    user: UserId,
) -> Result<Option<HandoverRequest>, StoreError> {
    let row = handover_request::Entity::find()
        .filter(handover_request::Column::CampaignId.eq(campaign.0))
        .filter(handover_request::Column::UserId.eq(user.0))
        .filter(Expr::cust(WAITS))
        .fetch_one(q.access())
        .await?;
    row.map(from_handover_request).transpose()
}

/// The requests of a campaign, the newest first; `waiting`: only those that the office has to decide, or only the others.
pub async fn list_handover_requests(
    q: &impl Queries,
    campaign: CampaignId,
    waiting: Option<bool>,
    paging: &Paging,
) -> Result<Page<HandoverRequest>, StoreError> {
    use handover_request::Column as C;
    let mut query = handover_request::Entity::find().filter(C::CampaignId.eq(campaign.0));
    if let Some(waiting) = waiting {
        let waits = Expr::cust(WAITS);
        query = query.filter(if waiting { waits } else { waits.not() });
    }
    newest(q, query, paging).await
}

/// The requests that a person made, in one campaign or in all, the newest first.
pub async fn list_handover_requests_by(
    q: &impl Queries,
    user: UserId,
    campaign: Option<CampaignId>,
    paging: &Paging,
) -> Result<Page<HandoverRequest>, StoreError> {
    use handover_request::Column as C;
    let mut query = handover_request::Entity::find().filter(C::UserId.eq(user.0));
    if let Some(campaign) = campaign {
        query = query.filter(C::CampaignId.eq(campaign.0));
    }
    newest(q, query, paging).await
}

async fn newest(
    q: &impl Queries,
    mut query: sea_orm::Select<handover_request::Entity>,
    paging: &Paging,
) -> Result<Page<HandoverRequest>, StoreError> {
    use handover_request::Column as C;
    if let Some(cursor) = &paging.after {
        let [id] = cursor.parts()?;
        query = query.filter(C::Id.lt(part::<Uuid>(id)?));
    }
    let rows = query.order_by_desc(C::Id).limit(paging.size() + 1).fetch_all(q.access()).await?;
    Page::cut(rows, paging.size(), |row| Cursor::of(&[&row.id])).try_map(from_handover_request)
}

/// # Errors
/// [`StoreError::Conflict`] `handover_request_waiting` where one of that person waits already.
pub async fn add_handover_request(tx: &Tx, new: &HandoverRequest) -> Result<HandoverRequest, StoreError> {
    let stored = cut_request(new);
    insert::<handover_request::Entity>(tx, to_row(&stored)).await?;
    note_stored(tx, &stored);
    Ok(stored)
}

/// Stores the request under the next version, which it returns.
///
/// # Errors
/// [`StoreError::Stale`] where `changed.version` is not the stored one.
pub async fn save_handover_request(
    tx: &Tx,
    changed: &HandoverRequest,
) -> Result<HandoverRequest, StoreError> {
    let stored = HandoverRequest { version: changed.version + 1, ..cut_request(changed) };
    let mut row = to_row(&stored).into_active_model().reset_all();
    (row.campaign_id, row.id, row.user_id, row.asked_at) = (NotSet, NotSet, NotSet, NotSet);
    let saved = handover_request::Entity::update_many()
        .set(row)
        .filter(handover_request::Column::CampaignId.eq(changed.campaign.0))
        .filter(handover_request::Column::Id.eq(changed.id.0))
        .filter(handover_request::Column::Version.eq(changed.version))
        .execute(tx.access())
        .await?;
    one_changed(saved)?;
    note_stored(tx, &stored);
    Ok(stored)
}

/// What there is to tell of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HandoverNews {
    /// Somebody asks; for those who decide.
    Asked,
    /// It was confirmed or refused; for who asked.
    Decided,
}

impl HandoverNews {
    const ALL: [Self; 2] = [Self::Asked, Self::Decided];

    pub fn code(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Decided => "decided",
        }
    }
}

/// A letter that tells one person of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HandoverLetter {
    pub campaign: CampaignId,
    pub request: HandoverRequestId,
    pub news: HandoverNews,
    pub user: UserId,
    pub letter: LetterId,
}

/// Adds letters, to leave at that moment at the earliest, for those who were not written to of that news yet; says how
/// many.
pub async fn add_handover_letters(
    tx: &Tx,
    all: &[(HandoverLetter, DateTime<Utc>)],
    now: DateTime<Utc>,
) -> Result<usize, StoreError> {
    let mut added = 0;
    for (new, not_before) in all {
        let key = (new.campaign.0, new.request.0, new.news.code().to_owned(), new.user.0);
        if handover_letter::Entity::find_by_id(key).fetch_one(tx.access()).await?.is_some() {
            continue;
        }
        add_letter(tx, new.letter, new.user, now, *not_before).await?;
        let row = handover_letter::Model {
            campaign_id: new.campaign.0,
            request_id: new.request.0,
            news: new.news.code().to_owned(),
            user_id: new.user.0,
            letter_id: new.letter.0,
        };
        insert::<handover_letter::Entity>(tx, row).await?;
        added += 1;
    }
    Ok(added)
}

/// Of which request a letter tells, and what; None where it tells of notices.
pub async fn lookup_handover_letter(
    q: &impl Queries,
    letter: LetterId,
) -> Result<Option<HandoverLetter>, StoreError> {
    let row = handover_letter::Entity::find()
        .filter(handover_letter::Column::LetterId.eq(letter.0))
        .fetch_one(q.access())
        .await?;
    let read = |row: handover_letter::Model| {
        let news = HandoverNews::ALL.into_iter().find(|news| news.code() == row.news);
        Ok(HandoverLetter {
            campaign: CampaignId(row.campaign_id),
            request: HandoverRequestId(row.request_id),
            news: news.ok_or_else(|| inconsistent("handover_letter", "news", row.letter_id))?,
            user: UserId(row.user_id),
            letter,
        })
    };
    row.map(read).transpose()
}

fn cut_request(request: &HandoverRequest) -> HandoverRequest {
    let state = match request.state.clone() {
        State::Waiting => State::Waiting,
        State::Withdrawn { at } => State::Withdrawn { at: cut(at) },
        State::Refused { by, at, reason } => State::Refused { by, at: cut(at), reason },
        State::Confirmed { by, at, to } => State::Confirmed { by, at: cut(at), to },
    };
    HandoverRequest { asked_at: cut(request.asked_at), state, ..request.clone() }
}

fn to_row(request: &HandoverRequest) -> handover_request::Model {
    let (ended_by, ended_at, answer) = match &request.state {
        State::Waiting => (None, None, None),
        State::Withdrawn { at } => (None, Some(*at), None),
        State::Refused { by, at, reason: answer } | State::Confirmed { by, at, to: answer } => {
            (Some(by.0), Some(*at), Some(answer.clone()))
        }
    };
    handover_request::Model {
        campaign_id: request.campaign.0,
        id: request.id.0,
        user_id: request.user.0,
        leaves_on: request.leaves_on,
        reason: request.reason.clone(),
        proposed: request.proposed.clone(),
        asked_at: request.asked_at,
        state: request.state.code().to_owned(),
        ended_by,
        ended_at,
        answer,
        version: request.version,
    }
}

pub(crate) fn from_handover_request(row: handover_request::Model) -> Result<HandoverRequest, StoreError> {
    let by = row.ended_by.map(UserId);
    let state = match (row.state.as_str(), by, row.ended_at, row.answer) {
        ("waiting", None, None, None) => State::Waiting,
        ("withdrawn", None, Some(at), None) => State::Withdrawn { at },
        ("refused", Some(by), Some(at), Some(reason)) => State::Refused { by, at, reason },
        ("confirmed", Some(by), Some(at), Some(to)) => State::Confirmed { by, at, to },
        _ => return Err(inconsistent("handover_request", "state", row.id)),
    };
    Ok(HandoverRequest {
        campaign: CampaignId(row.campaign_id),
        id: HandoverRequestId(row.id),
        user: UserId(row.user_id),
        leaves_on: row.leaves_on,
        reason: row.reason,
        proposed: row.proposed,
        asked_at: row.asked_at,
        state,
        version: row.version,
    })
}
