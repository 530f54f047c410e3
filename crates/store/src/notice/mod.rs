//! What people were told, and how many of it waits for each.
//!
//! A notice is added once for each person and piece of news: whoever adds it again, after a crash or beside another
//! server, adds nothing. The inbox's counter moves with its notices in the same write.

mod follow;

use std::collections::{BTreeMap, HashMap, HashSet};

use chengjing_domain::{
    duty::{
        remind::{About, NoticeKind},
        task::DeedKind,
    },
    id::{CampaignId, DutyId, EvidenceId, LetterId, NoticeId, RemarkId, TaskId, UnitId, UserId},
};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, Statement, sea_query::Expr};
use uuid::Uuid;

pub use follow::{Done, advance, height_told, next_blocks, tell_from_here};

use crate::{
    door::{Execute, Fetch, Queries, Tx},
    entity::{inbox, notice},
    error::StoreError,
    page::{Cursor, Page, Paging, newest_first},
    recount::Miscount,
    row::{cut, inconsistent, insert_all},
};

/// What one person is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub campaign: CampaignId,
    pub id: NoticeId,
    pub user: UserId,
    /// What it tells: [`chengjing_domain::duty::remind::Notice::news`].
    pub news: String,
    pub kind: NoticeKind,
    pub about: About,
    pub unit: UnitId,
    pub due_on: Option<NaiveDate>,
    pub deed: Option<DeedKind>,
    /// The day where the campaign is.
    pub made_on: NaiveDate,
    pub made_at: DateTime<Utc>,
    /// Whether it waits in the app.
    pub in_app: bool,
    pub read_at: Option<DateTime<Utc>>,
}

/// How many notices wait for somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Inbox {
    pub unread: u64,
    /// Grows with every change.
    pub version: i64,
}

/// Adds what was not told yet, and returns it.
pub async fn add_many(tx: &Tx, all: &[Told]) -> Result<Vec<Told>, StoreError> {
    let mut added = Vec::new();
    for some in all.chunks(200) {
        let known = known(tx, some).await?;
        let mut here = HashSet::new();
        let fresh = some.iter().filter(|told| {
            let key = (told.campaign, told.user, told.news.clone());
            !known.contains(&key) && here.insert(key)
        });
        let fresh: Vec<Told> =
            fresh.map(|told| Told { made_at: cut(told.made_at), ..told.clone() }).collect();
        insert_all::<notice::Entity>(tx, fresh.iter().map(to_row).collect()).await?;
        added.extend(fresh);
    }
    let mut unread: BTreeMap<UserId, i64> = BTreeMap::new();
    for told in added.iter().filter(|told| told.in_app && told.read_at.is_none()) {
        *unread.entry(told.user).or_default() += 1;
    }
    for (user, n) in unread {
        count(tx, user, n).await?;
    }
    Ok(added)
}

/// Which of these are there already.
async fn known(tx: &Tx, some: &[Told]) -> Result<HashSet<(CampaignId, UserId, String)>, StoreError> {
    use notice::Column as C;
    let mut any = Condition::any();
    let mut by_place: BTreeMap<(CampaignId, UserId), Vec<&str>> = BTreeMap::new();
    for told in some {
        by_place.entry((told.campaign, told.user)).or_default().push(&told.news);
    }
    if by_place.is_empty() {
        return Ok(HashSet::new());
    }
    for ((campaign, user), news) in by_place {
        let place = Condition::all().add(C::CampaignId.eq(campaign.0)).add(C::UserId.eq(user.0));
        any = any.add(place.add(C::News.is_in(news)));
    }
    let rows: Vec<(Uuid, Uuid, String)> = notice::Entity::find()
        .filter(any)
        .select_only()
        .columns([C::CampaignId, C::UserId, C::News])
        .fetch_tuples(tx.access())
        .await?;
    Ok(rows.into_iter().map(|(campaign, user, news)| (CampaignId(campaign), UserId(user), news)).collect())
}

/// Moves the counter of an inbox.
async fn count(tx: &Tx, user: UserId, by: i64) -> Result<(), StoreError> {
    let db = tx.access();
    let sql = "INSERT INTO inbox (user_id, unread, version) VALUES ($1, $2, 1) \
         ON CONFLICT (user_id) DO UPDATE SET unread = inbox.unread + $2, version = inbox.version + 1";
    let statement = Statement::from_sql_and_values(db.backend(), sql, [user.0.into(), by.into()]);
    db.execute(statement).await.map(drop)
}

/// How many notices wait for somebody.
pub async fn inbox(q: &impl Queries, user: UserId) -> Result<Inbox, StoreError> {
    Ok(inboxes(q, &[user]).await?.remove(&user).unwrap_or_default())
}

/// How many notices wait for each of these; who was never told anything is not in it.
pub async fn inboxes(q: &impl Queries, users: &[UserId]) -> Result<HashMap<UserId, Inbox>, StoreError> {
    let mut all = HashMap::with_capacity(users.len());
    for some in users.chunks(500) {
        let rows = inbox::Entity::find()
            .filter(inbox::Column::UserId.is_in(some.iter().map(|user| user.0)))
            .fetch_all(q.access())
            .await?;
        for row in rows {
            let unread =
                u64::try_from(row.unread).map_err(|_| inconsistent("inbox", "unread", row.user_id))?;
            all.insert(UserId(row.user_id), Inbox { unread, version: row.version });
        }
    }
    Ok(all)
}

/// What a letter should have told waits in the app, for who would not hear of it otherwise.
pub(crate) async fn show_in_app(tx: &Tx, letter: LetterId) -> Result<(), StoreError> {
    let db = tx.access();
    let sql = "UPDATE notice SET in_app = true WHERE NOT in_app AND read_at IS NULL AND (campaign_id, id) IN \
         (SELECT campaign_id, notice_id FROM delivery WHERE letter_id = $1) RETURNING user_id";
    let statement = Statement::from_sql_and_values(db.backend(), sql, [letter.0.into()]);
    let users: Vec<Uuid> = db.tuples(statement).await?;
    if let Some(user) = users.first() {
        count(tx, UserId(*user), i64::try_from(users.len()).unwrap_or(i64::MAX)).await?;
    }
    Ok(())
}

/// Which of somebody's notices are wanted.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoticeFilter {
    /// Only those of this campaign.
    pub campaign: Option<CampaignId>,
    pub unread: bool,
}

/// What waits in the app for somebody, the newest first.
pub async fn list(
    q: &impl Queries,
    user: UserId,
    filter: NoticeFilter,
    paging: &Paging,
) -> Result<Page<Told>, StoreError> {
    use notice::Column as C;
    // The conditions of the partial indexes are written out, so that SQLite knows them again.
    let mut query = notice::Entity::find().filter(C::UserId.eq(user.0)).filter(Expr::cust("in_app"));
    if filter.unread {
        query = query.filter(Expr::cust("read_at IS NULL"));
    }
    if let Some(campaign) = filter.campaign {
        query = query.filter(C::CampaignId.eq(campaign.0));
    }
    let rows = newest_first(query, (C::MadeAt, C::Id), paging)?.fetch_all(q.access()).await?;
    Page::cut(rows, paging.size(), |row| Cursor::of(&[&row.made_at.to_rfc3339(), &row.id])).try_map(from_row)
}

/// How many of somebody's notices of one campaign are unread.
pub async fn unread_of(q: &impl Queries, user: UserId, campaign: CampaignId) -> Result<u64, StoreError> {
    let db = q.access();
    let sql =
        "SELECT count(*) FROM notice WHERE user_id = $1 AND in_app AND read_at IS NULL AND campaign_id = $2";
    let statement = Statement::from_sql_and_values(db.backend(), sql, [user.0.into(), campaign.0.into()]);
    let n: Option<i64> = db.tuple(statement).await?;
    Ok(n.and_then(|n| u64::try_from(n).ok()).unwrap_or_default())
}

/// What is to be marked as read.
#[derive(Debug, Clone)]
pub enum Which {
    These(Vec<NoticeId>),
    /// All that were made until that moment: what came after somebody looked stays unread.
    Until(DateTime<Utc>),
}

/// Marks some of somebody's notices as read, and says how many were not.
pub async fn mark_read(
    tx: &Tx,
    user: UserId,
    which: &Which,
    campaign: Option<CampaignId>,
    at: DateTime<Utc>,
) -> Result<u64, StoreError> {
    use notice::Column as C;
    let mut update = notice::Entity::update_many()
        .col_expr(C::ReadAt, Expr::value(cut(at)))
        .filter(C::UserId.eq(user.0))
        .filter(Expr::cust("in_app"))
        .filter(Expr::cust("read_at IS NULL"));
    if let Some(campaign) = campaign {
        update = update.filter(C::CampaignId.eq(campaign.0));
    }
    update = match which {
        Which::These(ids) => update.filter(C::Id.is_in(ids.iter().map(|id| id.0))),
        Which::Until(moment) => update.filter(C::MadeAt.lte(cut(*moment))),
    };
    let changed = update.execute(tx.access()).await?;
    if changed > 0 {
        count(tx, user, -i64::try_from(changed).unwrap_or(i64::MAX)).await?;
    }
    Ok(changed)
}

/// Takes back what the calendar of a campaign told on a day after that one, which a clock that was wrong had made: it
/// was not so, and will be told when it is. What somebody did stays: it was done.
pub async fn remove_untimely(tx: &Tx, campaign: CampaignId, day: NaiveDate) -> Result<u64, StoreError> {
    use notice::Column as C;
    let calendar = [NoticeKind::DueSoon, NoticeKind::Overdue, NoticeKind::Escalated];
    let untimely = || {
        Condition::all()
            .add(C::CampaignId.eq(campaign.0))
            .add(C::MadeOn.gt(day))
            .add(C::Kind.is_in(calendar.map(NoticeKind::code)))
    };
    let unread: Vec<Uuid> = notice::Entity::find()
        .filter(untimely())
        .filter(Expr::cust("in_app"))
        .filter(Expr::cust("read_at IS NULL"))
        .select_only()
        .column(C::UserId)
        .fetch_tuples(tx.access())
        .await?;
    let removed = notice::Entity::delete_many().filter(untimely()).execute(tx.access()).await?;
    let mut by_user: BTreeMap<Uuid, i64> = BTreeMap::new();
    for user in unread {
        *by_user.entry(user).or_default() += 1;
    }
    for (user, n) in by_user {
        count(tx, UserId(user), -n).await?;
    }
    Ok(removed)
}

/// Whether the calendar of a campaign told anything on a day after that one.
pub async fn has_untimely(
    q: &impl Queries,
    campaign: CampaignId,
    day: NaiveDate,
) -> Result<bool, StoreError> {
    let found: Option<Uuid> = notice::Entity::find()
        .filter(notice::Column::CampaignId.eq(campaign.0))
        .filter(notice::Column::MadeOn.gt(day))
        .select_only()
        .column(notice::Column::Id)
        .fetch_tuple(q.access())
        .await?;
    Ok(found.is_some())
}

/// What an inbox has unread, by its notices.
const UNREAD: &str =
    "(SELECT count(*) FROM notice n WHERE n.user_id = inbox.user_id AND n.in_app AND n.read_at IS NULL)";

/// Unread notices of those who have no inbox.
const ASTRAY: &str = "FROM notice n WHERE n.in_app AND n.read_at IS NULL \
     AND NOT EXISTS (SELECT 1 FROM inbox i WHERE i.user_id = n.user_id) GROUP BY n.user_id";

/// Counts every inbox anew, and says of how many the counter was wrong.
pub async fn rebuild_counts(tx: &Tx) -> Result<u64, StoreError> {
    let db = tx.access();
    let sql = format!("UPDATE inbox SET unread = {UNREAD}, version = version + 1 WHERE unread <> {UNREAD}");
    let wrong = db.execute(Statement::from_string(db.backend(), sql)).await?;
    let sql = format!("INSERT INTO inbox (user_id, unread, version) SELECT n.user_id, count(*), 1 {ASTRAY}");
    Ok(wrong + db.execute(Statement::from_string(db.backend(), sql)).await?)
}

/// The inboxes of which the counter is not what their notices give.
pub async fn miscounts(q: &impl Queries) -> Result<Vec<Miscount>, StoreError> {
    let db = q.access();
    let sql = format!(
        "SELECT user_id, unread, {UNREAD} FROM inbox WHERE unread <> {UNREAD} \
         UNION ALL SELECT n.user_id, 0, count(*) {ASTRAY} ORDER BY 1"
    );
    let rows: Vec<(Uuid, i64, i64)> = db.tuples(Statement::from_string(db.backend(), sql)).await?;
    let wrong = |(user, kept, counted): (Uuid, i64, i64)| Miscount {
        kept_in: "inbox",
        of: vec![user.to_string()],
        kept: kept.to_string(),
        counted: counted.to_string(),
    };
    Ok(rows.into_iter().map(wrong).collect())
}

fn to_row(told: &Told) -> notice::Model {
    let (evidence_id, remark_id) = match told.about {
        About::Material { evidence, remark } => (Some(evidence.0), Some(remark.0)),
        About::Task { .. } => (None, None),
    };
    notice::Model {
        campaign_id: told.campaign.0,
        id: told.id.0,
        user_id: told.user.0,
        news: told.news.clone(),
        kind: told.kind.code().to_owned(),
        task_id: told.about.task().map(|task| task.0),
        duty_id: told.about.duty().map(|duty| duty.0),
        evidence_id,
        remark_id,
        unit_id: told.unit.0,
        due_on: told.due_on,
        deed: told.deed.map(|deed| deed.code().to_owned()),
        made_on: told.made_on,
        made_at: told.made_at,
        in_app: told.in_app,
        read_at: told.read_at.map(cut),
    }
}

pub(crate) fn from_row(row: notice::Model) -> Result<Told, StoreError> {
    let fault = |column| inconsistent("notice", column, row.id);
    let deed = row.deed.as_deref().map(|code| DeedKind::from_code(code).ok_or_else(|| fault("deed")));
    let about = match (row.task_id, row.duty_id, row.evidence_id, row.remark_id) {
        (Some(task), Some(duty), None, None) => About::Task { task: TaskId(task), duty: DutyId(duty) },
        (None, None, Some(evidence), Some(remark)) => {
            About::Material { evidence: EvidenceId(evidence), remark: RemarkId(remark) }
        }
        _ => return Err(fault("task_id")),
    };
    Ok(Told {
        campaign: CampaignId(row.campaign_id),
        id: NoticeId(row.id),
        user: UserId(row.user_id),
        kind: NoticeKind::from_code(&row.kind).ok_or_else(|| fault("kind"))?,
        deed: deed.transpose()?,
        news: row.news,
        about,
        unit: UnitId(row.unit_id),
        due_on: row.due_on,
        made_on: row.made_on,
        made_at: row.made_at,
        in_app: row.in_app,
        read_at: row.read_at,
    })
}
