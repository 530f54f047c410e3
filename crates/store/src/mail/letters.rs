//! Letters on their way.
//!
//! A notice waits as a delivery until it is due; then it gets a letter, together with all that is due for the same person.
//! Who sends a letter claims it for a while. Until it says that it hands the letter over, a letter whose sender died is
//! claimed again: it was certainly not sent. From then on it is never sent again, because it may have arrived: what it
//! said waits in the app.

use chengjing_domain::id::{CampaignId, LetterId, NoticeId, UserId};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QuerySelect, Set, Statement, sea_query::Expr,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    door::{Execute, Fetch, Queries, Tx},
    entity::{delivery, letter, notice},
    error::StoreError,
    notice::show_in_app,
    page::{Cursor, Page, Paging, newest_first},
    row::{cut, inconsistent, insert, insert_all},
};

/// A notice to go by mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewDelivery {
    pub campaign: CampaignId,
    pub notice: NoticeId,
    pub user: UserId,
    pub not_before: DateTime<Utc>,
}

/// Where a letter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LetterState {
    /// To be sent, or to be tried again.
    Waiting,
    Sending,
    /// The mail server is being given it: from here on nobody knows, until it answers.
    HandingOver,
    Sent,
    /// Given up; certainly not sent.
    Failed,
    /// It may have arrived.
    Unknown,
    /// There was nothing left to say.
    Empty,
}

impl LetterState {
    pub const ALL: [Self; 7] = [
        Self::Waiting,
        Self::Sending,
        Self::HandingOver,
        Self::Sent,
        Self::Failed,
        Self::Unknown,
        Self::Empty,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::HandingOver => "handing_over",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Empty => "empty",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    fn is_final(self) -> bool {
        matches!(self, Self::Sent | Self::Failed | Self::Unknown | Self::Empty)
    }
}

/// A letter, as the administrator sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub id: LetterId,
    pub user: UserId,
    pub state: LetterState,
    pub attempts: u32,
    pub next_at: DateTime<Utc>,
    pub reason: Option<String>,
    pub made_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
}

/// A letter in its sender's hands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claimed {
    pub id: LetterId,
    pub user: UserId,
    /// How often it was tried, this time too.
    pub attempts: u32,
    worker: Uuid,
}

/// Adds deliveries of notices that were added in the same write.
pub async fn add_deliveries(tx: &Tx, all: &[NewDelivery]) -> Result<(), StoreError> {
    let row = |new: &NewDelivery| delivery::Model {
        campaign_id: new.campaign.0,
        notice_id: new.notice.0,
        user_id: new.user.0,
        not_before: cut(new.not_before),
        letter_id: None,
    };
    insert_all::<delivery::Entity>(tx, all.iter().map(row).collect()).await
}

/// Some of the people for whom something is due.
pub async fn users_due(q: &impl Queries, now: DateTime<Utc>, most: u64) -> Result<Vec<UserId>, StoreError> {
    let users: Vec<Uuid> = delivery::Entity::find()
        .filter(Expr::cust("letter_id IS NULL"))
        .filter(delivery::Column::NotBefore.lte(cut(now)))
        .select_only()
        .column(delivery::Column::UserId)
        .distinct()
        .limit(most)
        .fetch_tuples(q.access())
        .await?;
    Ok(users.into_iter().map(UserId).collect())
}

/// Puts all that is due for a person into one letter. False where there is nothing, or where they were written to less
/// than `gap` ago: what comes in a moment later goes with the next letter, not with one of its own.
pub async fn gather(
    tx: &Tx,
    id: LetterId,
    user: UserId,
    now: DateTime<Utc>,
    gap: TimeDelta,
) -> Result<bool, StoreError> {
    let now = cut(now);
    // Made before now: what a clock that ran ahead has dated holds nobody up.
    let just_written: Option<Uuid> = letter::Entity::find()
        .filter(letter::Column::UserId.eq(user.0))
        .filter(letter::Column::MadeAt.gt(cut(now - gap)))
        .filter(letter::Column::MadeAt.lte(now))
        .select_only()
        .column(letter::Column::Id)
        .fetch_tuple(tx.access())
        .await?;
    if just_written.is_some() {
        return Ok(false);
    }
    add_letter(tx, id, user, now, now).await?;
    let taken = delivery::Entity::update_many()
        .col_expr(delivery::Column::LetterId, Expr::value(id.0))
        .filter(delivery::Column::UserId.eq(user.0))
        .filter(Expr::cust("letter_id IS NULL"))
        .filter(delivery::Column::NotBefore.lte(now))
        .execute(tx.access())
        .await?;
    if taken == 0 {
        letter::Entity::delete_by_id(id.0).execute(tx.access()).await?;
    }
    Ok(taken > 0)
}

/// Adds a letter that leaves at `not_before` at the earliest, or after the longest pause where that is sooner: [`claim`]
/// takes a later moment for a clock's mistake. What the letter says, others know.
pub(crate) async fn add_letter(
    tx: &Tx,
    id: LetterId,
    user: UserId,
    now: DateTime<Utc>,
    not_before: DateTime<Utc>,
) -> Result<(), StoreError> {
    let row = letter::Model {
        id: id.0,
        user_id: user.0,
        state: LetterState::Waiting.code().to_owned(),
        attempts: 0,
        next_at: cut(std::cmp::min(not_before, now + LONGEST_PAUSE)),
        lease_until: None,
        worker: None,
        reason: None,
        made_at: cut(now),
        ended_at: None,
    };
    insert::<letter::Entity>(tx, row).await
}

/// Takes the next letter that is due, or whose sender was not heard of before it handed the letter over.
pub async fn claim(
    tx: &Tx,
    worker: Uuid,
    now: DateTime<Utc>,
    lease: TimeDelta,
) -> Result<Option<Claimed>, StoreError> {
    let db = tx.access();
    let now = cut(now);
    let lock = if db.is_sqlite() { "" } else { "FOR UPDATE SKIP LOCKED" };
    // A lease or a pause that ends too far in the future was given by a clock that ran ahead.
    let sql = format!(
        "UPDATE letter SET state = 'sending', attempts = attempts + 1, worker = $1, lease_until = $3 WHERE id = \
         (SELECT id FROM letter WHERE ended_at IS NULL AND ((state = 'waiting' AND (next_at <= $2 OR next_at > $4)) \
         OR (state = 'sending' AND (lease_until <= $2 OR lease_until > $5))) ORDER BY next_at, id LIMIT 1 {lock}) \
         RETURNING id, user_id, attempts"
    );
    let values: Vec<sea_orm::Value> = vec![
        worker.into(),
        now.into(),
        (now + lease).into(),
        (now + LONGEST_PAUSE).into(),
        (now + lease + lease).into(),
    ];
    let statement = Statement::from_sql_and_values(db.backend(), sql, values);
    let row: Option<(Uuid, Uuid, i32)> = db.tuple(statement).await?;
    Ok(row.map(|(id, user, attempts)| Claimed {
        id: LetterId(id),
        user: UserId(user),
        attempts: attempts.unsigned_abs(),
        worker,
    }))
}

/// No letter waits longer for its next attempt.
const LONGEST_PAUSE: TimeDelta = TimeDelta::hours(12);

/// From now on the mail server may have it. False where it is this sender's no longer: it must not be sent.
pub async fn hand_over(tx: &Tx, claimed: &Claimed) -> Result<bool, StoreError> {
    let row =
        letter::ActiveModel { state: Set(LetterState::HandingOver.code().to_owned()), ..Default::default() };
    change(tx, claimed, row, &[LetterState::Sending]).await
}

/// How sending ended. `again`: when it is tried again, where it was certainly not sent.
pub async fn settle(
    tx: &Tx,
    claimed: &Claimed,
    state: LetterState,
    reason: Option<&str>,
    now: DateTime<Utc>,
    again: Option<DateTime<Utc>>,
) -> Result<bool, StoreError> {
    let mut row = letter::ActiveModel {
        state: Set(state.code().to_owned()),
        lease_until: Set(None),
        worker: Set(None),
        reason: Set(reason.map(str::to_owned)),
        ..Default::default()
    };
    if state.is_final() {
        row.ended_at = Set(Some(cut(now)));
    }
    if let Some(at) = again {
        row.next_at = Set(cut(at));
    }
    let changed = change(tx, claimed, row, &[LetterState::Sending, LetterState::HandingOver]).await?;
    if changed && matches!(state, LetterState::Failed | LetterState::Unknown) {
        // Who may not have got it finds it in the app.
        show_in_app(tx, claimed.id).await?;
    }
    Ok(changed)
}

async fn change(
    tx: &Tx,
    claimed: &Claimed,
    row: letter::ActiveModel,
    from: &[LetterState],
) -> Result<bool, StoreError> {
    let changed = letter::Entity::update_many()
        .set(row)
        .filter(letter::Column::Id.eq(claimed.id.0))
        .filter(letter::Column::Worker.eq(claimed.worker))
        .filter(letter::Column::Attempts.eq(i32::try_from(claimed.attempts).unwrap_or(i32::MAX)))
        .filter(letter::Column::State.is_in(from.iter().map(|state| state.code())))
        .execute(tx.access())
        .await?;
    Ok(changed == 1)
}

/// Gives up the letters whose sender died while it handed them over, and says how many: they may have arrived.
pub async fn give_up_handed_over(
    tx: &Tx,
    now: DateTime<Utc>,
    lease: TimeDelta,
    reason: &str,
) -> Result<u64, StoreError> {
    let now = cut(now);
    let lost: Vec<Uuid> = letter::Entity::find()
        .filter(Expr::cust("ended_at IS NULL"))
        .filter(letter::Column::State.eq(LetterState::HandingOver.code()))
        .filter(
            Condition::any()
                .add(letter::Column::LeaseUntil.lte(now))
                .add(letter::Column::LeaseUntil.gt(cut(now + lease + lease))),
        )
        .limit(200)
        .select_only()
        .column(letter::Column::Id)
        .fetch_tuples(tx.access())
        .await?;
    for id in &lost {
        let row = letter::ActiveModel {
            state: Set(LetterState::Unknown.code().to_owned()),
            lease_until: Set(None),
            worker: Set(None),
            reason: Set(Some(reason.to_owned())),
            ended_at: Set(Some(now)),
            ..Default::default()
        };
        letter::Entity::update_many()
            .set(row)
            .filter(letter::Column::Id.eq(*id))
            .filter(letter::Column::State.eq(LetterState::HandingOver.code()))
            .execute(tx.access())
            .await?;
        show_in_app(tx, LetterId(*id)).await?;
    }
    Ok(u64::try_from(lost.len()).unwrap_or(u64::MAX))
}

/// Gives up what has waited to leave since before that moment, in letters and before it had any, and says how many
/// letters that is: what it would have said waits in the app. A letter that was being handed over is left alone; nobody
/// knows of it, and it is told so by [`give_up_handed_over`].
pub(crate) async fn give_up_older_than(
    tx: &Tx,
    before: DateTime<Utc>,
    now: DateTime<Utc>,
    reason: &str,
) -> Result<u64, StoreError> {
    let db = tx.access();
    let (before, now) = (cut(before), cut(now));
    // What has no letter yet gets one for each person, so that it is seen with the others why nothing left.
    let users: Vec<Uuid> = delivery::Entity::find()
        .filter(Expr::cust("letter_id IS NULL"))
        .filter(delivery::Column::NotBefore.lt(before))
        .select_only()
        .column(delivery::Column::UserId)
        .distinct()
        .fetch_tuples(db)
        .await?;
    for user in users {
        let mut hash = Sha256::new().chain_update(user.as_bytes());
        hash.update(now.timestamp_micros().to_be_bytes());
        let mut id = [0; 16];
        id.copy_from_slice(&hash.finalize()[..16]);
        let id = LetterId(uuid::Builder::from_custom_bytes(id).into_uuid());
        gather(tx, id, UserId(user), before, TimeDelta::zero()).await?;
    }
    let old: Vec<Uuid> = letter::Entity::find()
        .filter(Expr::cust("ended_at IS NULL"))
        .filter(letter::Column::State.is_in([LetterState::Waiting.code(), LetterState::Sending.code()]))
        .filter(letter::Column::MadeAt.lte(before))
        .select_only()
        .column(letter::Column::Id)
        .fetch_tuples(db)
        .await?;
    for id in &old {
        let row = letter::ActiveModel {
            state: Set(LetterState::Failed.code().to_owned()),
            lease_until: Set(None),
            worker: Set(None),
            reason: Set(Some(reason.to_owned())),
            ended_at: Set(Some(now)),
            ..Default::default()
        };
        letter::Entity::update_many().set(row).filter(letter::Column::Id.eq(*id)).execute(db).await?;
        show_in_app(tx, LetterId(*id)).await?;
    }
    Ok(u64::try_from(old.len()).unwrap_or(u64::MAX))
}

/// The notices that a letter tells of, the oldest first.
pub async fn notices_of(q: &impl Queries, letter: LetterId) -> Result<Vec<crate::notice::Told>, StoreError> {
    let db = q.access();
    let keys: Vec<(Uuid, Uuid)> = delivery::Entity::find()
        .filter(delivery::Column::LetterId.eq(letter.0))
        .select_only()
        .columns([delivery::Column::CampaignId, delivery::Column::NoticeId])
        .fetch_tuples(db)
        .await?;
    let mut all = Vec::with_capacity(keys.len());
    for some in keys.chunks(200) {
        let mut any = Condition::any();
        for (campaign, id) in some {
            any = any.add(notice::Column::CampaignId.eq(*campaign).and(notice::Column::Id.eq(*id)));
        }
        for row in notice::Entity::find().filter(any).fetch_all(db).await? {
            all.push(crate::notice::from_row(row)?);
        }
    }
    all.sort_by_key(|told| (told.made_at, told.id));
    Ok(all)
}

/// All letters, the newest first.
pub async fn list_letters(q: &impl Queries, paging: &Paging) -> Result<Page<Letter>, StoreError> {
    use letter::Column as C;
    let query = letter::Entity::find();
    let rows = newest_first(query, (C::MadeAt, C::Id), paging)?.fetch_all(q.access()).await?;
    Page::cut(rows, paging.size(), |row| Cursor::of(&[&row.made_at.to_rfc3339(), &row.id])).try_map(from_row)
}

fn from_row(row: letter::Model) -> Result<Letter, StoreError> {
    Ok(Letter {
        id: LetterId(row.id),
        user: UserId(row.user_id),
        state: LetterState::from_code(&row.state).ok_or_else(|| inconsistent("letter", "state", row.id))?,
        attempts: row.attempts.unsigned_abs(),
        next_at: row.next_at,
        reason: row.reason,
        made_at: row.made_at,
        ended_at: row.ended_at,
    })
}
