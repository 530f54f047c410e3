//! Users, their roles, how they come in.

mod handovers;
mod invitations;
mod oidc;
mod second_factors;
mod tokens;

pub(crate) use handovers::from_handover_request;
pub use handovers::{
    HandoverLetter, HandoverNews, add_handover_letters, add_handover_request, list_handover_requests,
    list_handover_requests_by, lookup_handover_letter, lookup_handover_request,
    lookup_waiting_handover_request, save_handover_request,
};
pub(crate) use invitations::from_invitation;
pub use invitations::{
    add_invitation, list_invitations, list_invitations_by, list_invitations_over, lookup_invitation,
    lookup_invitation_by_token, save_invitation,
};
pub(crate) use oidc::from_oidc_link;
pub use oidc::{
    add_oidc_link, await_code, lookup_awaited, lookup_oidc_link, lookup_oidc_link_by_subject,
    lookup_oidc_link_expecting, remove_oidc_link, remove_turns_before, save_oidc_link, spend_turn,
    take_awaited,
};
pub(crate) use second_factors::from_second_factor;
pub use second_factors::{lookup_second_factor, remove_second_factor, save_second_factor, take_step};
pub(crate) use tokens::from_token;
pub use tokens::{add_token, list_tokens, lookup_token, lookup_token_by_id, save_token, touch_token};

use std::collections::{HashMap, HashSet};

use chengjing_domain::{
    id::{CampaignId, GrantId, SessionId, UnitId, UserId},
    ledger::{Subject, SubjectKind},
    people::{Actor, Attempts, Grant, HandedOver, Role, Scope, Session, User, Via},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, ExprTrait, IntoActiveModel, NotSet, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Set, Statement,
    sea_query::{Expr, Func, OnConflict, SelectStatement},
};
use uuid::Uuid;

use crate::{
    door::{Execute, Fetch, Queries, Tx},
    entity::{grant, login_failure, session, unit, user},
    error::StoreError,
    ledger::{note_removed, note_stored},
    page::{Cursor, Page, Paging},
    row::{cut, from_json, inconsistent, insert, json, one_changed},
};

/// Names are told apart without regard to case.
fn key(name: &str) -> String {
    name.trim().to_lowercase()
}

pub async fn lookup_user(q: &impl Queries, id: UserId) -> Result<Option<User>, StoreError> {
    Ok(user::Entity::find_by_id(id.0).fetch_one(q.access()).await?.map(from_user))
}

pub async fn lookup_user_by_name(q: &impl Queries, name: &str) -> Result<Option<User>, StoreError> {
    let row = user::Entity::find().filter(user::Column::NameKey.eq(key(name))).fetch_one(q.access()).await?;
    Ok(row.map(from_user))
}

/// 姓名 of these users.
pub async fn display_names(
    q: &impl Queries,
    users: &[UserId],
) -> Result<HashMap<UserId, String>, StoreError> {
    if users.is_empty() {
        return Ok(HashMap::new());
    }
    let names: Vec<(Uuid, String)> = user::Entity::find()
        .filter(user::Column::Id.is_in(users.iter().map(|user| user.0)))
        .select_only()
        .columns([user::Column::Id, user::Column::DisplayName])
        .fetch_tuples(q.access())
        .await?;
    Ok(names.into_iter().map(|(id, name)| (UserId(id), name)).collect())
}

/// Those of these users who can log in and hold a role in that campaign, or over all of them.
pub async fn list_belonging(
    q: &impl Queries,
    campaign: CampaignId,
    users: &[UserId],
) -> Result<HashSet<UserId>, StoreError> {
    let able: Vec<Uuid> = user::Entity::find()
        .filter(user::Column::Id.is_in(users.iter().map(|user| user.0)))
        .filter(user::Column::Id.in_subquery(able_in(campaign)))
        .select_only()
        .column(user::Column::Id)
        .fetch_tuples(q.access())
        .await?;
    Ok(able.into_iter().map(UserId).collect())
}

/// The users who can log in and hold a role in that campaign, or over all of them.
pub(crate) fn able_in(campaign: CampaignId) -> SelectStatement {
    let belonging = grant::Entity::find()
        .select_only()
        .column(grant::Column::UserId)
        .filter(grant::Column::ScopeCampaignId.eq(campaign.0).or(grant::Column::ScopeCampaignId.is_null()));
    user::Entity::find()
        .select_only()
        .column(user::Column::Id)
        .filter(user::Column::DisabledAt.is_null())
        .filter(user::Column::Id.in_subquery(belonging.into_query()))
        .into_query()
}

/// Whether the installation has been set up.
pub async fn has_users(q: &impl Queries) -> Result<bool, StoreError> {
    Ok(user::Entity::find().limit(1).fetch_one(q.access()).await?.is_some())
}

/// All users, by name; `holding`: only those in whose name, 姓名 or unit's name these characters stand. An installation has
/// some thousands of users: they are walked by name until a page is full.
pub async fn list_users(
    q: &impl Queries,
    holding: Option<&str>,
    paging: &Paging,
) -> Result<Page<User>, StoreError> {
    let mut query = user::Entity::find();
    if let Some(holding) = holding.map(key).filter(|holding| !holding.is_empty()) {
        query = query.filter(holds(q, &holding, None));
    }
    by_name(q, query, paging).await
}

/// Users in whose name, 姓名 or unit's name (of one campaign, or of any) these characters stand. By place, not by pattern:
/// what is typed has no characters with a meaning of their own.
fn holds(q: &impl Queries, holding: &str, campaign: Option<CampaignId>) -> Condition {
    let place = if q.access().is_sqlite() { "instr" } else { "strpos" };
    let holds = |text: Expr| Expr::from(Func::cust(place).arg(text).arg(holding.to_owned())).gt(Expr::val(0));
    let lower = |column: Expr| Expr::from(Func::lower(column));
    let units = unit::Entity::find()
        .select_only()
        .columns([unit::Column::CampaignId, unit::Column::Id])
        .filter(holds(lower(Expr::col(unit::Column::Name))));
    let scope = [grant::Column::ScopeCampaignId, grant::Column::ScopeUnitId].map(Expr::col);
    let mut working = grant::Entity::find()
        .select_only()
        .column(grant::Column::UserId)
        .filter(Expr::tuple(scope).in_subquery(units.into_query()));
    if let Some(campaign) = campaign {
        working = working.filter(grant::Column::ScopeCampaignId.eq(campaign.0));
    }
    Condition::any()
        .add(holds(Expr::col(user::Column::NameKey)))
        .add(holds(lower(Expr::col(user::Column::DisplayName))))
        .add(user::Column::Id.in_subquery(working.into_query()))
}

async fn by_name(
    q: &impl Queries,
    mut query: sea_orm::Select<user::Entity>,
    paging: &Paging,
) -> Result<Page<User>, StoreError> {
    if let Some(cursor) = &paging.after {
        let [name] = cursor.parts()?;
        query = query.filter(user::Column::NameKey.gt(name));
    }
    let rows =
        query.order_by_asc(user::Column::NameKey).limit(paging.size() + 1).fetch_all(q.access()).await?;
    Ok(Page::cut(rows, paging.size(), |row| Cursor::of(&[&row.name_key])).map(from_user))
}

/// The users who hold a role in that campaign or over one of its units, by name; `holding`: as [`list_users`].
pub async fn list_users_of(
    q: &impl Queries,
    campaign: CampaignId,
    holding: Option<&str>,
    paging: &Paging,
) -> Result<Page<User>, StoreError> {
    let holders = grant::Entity::find()
        .select_only()
        .column(grant::Column::UserId)
        .filter(grant::Column::ScopeCampaignId.eq(campaign.0))
        .into_query();
    let mut query = user::Entity::find().filter(user::Column::Id.in_subquery(holders));
    if let Some(holding) = holding.map(key).filter(|holding| !holding.is_empty()) {
        query = query.filter(holds(q, &holding, Some(campaign)));
    }
    by_name(q, query, paging).await
}

/// # Errors
/// [`StoreError::Conflict`] `user_name` where the name is taken.
pub async fn add_user(tx: &Tx, user: &User) -> Result<User, StoreError> {
    let stored = cut_user(user);
    insert::<user::Entity>(tx, to_user(&stored)).await?;
    note_stored(tx, &stored);
    Ok(stored)
}

/// Stores the user under the next version, which it returns.
///
/// # Errors
/// [`StoreError::Stale`] where `user.version` is not the stored one, [`StoreError::Conflict`] `user_name`.
pub async fn save_user(tx: &Tx, user: &User) -> Result<User, StoreError> {
    let stored = User { version: user.version + 1, ..cut_user(user) };
    let mut row = to_user(&stored).into_active_model().reset_all();
    row.id = NotSet;
    let changed = user::Entity::update_many()
        .set(row)
        .filter(user::Column::Id.eq(user.id.0))
        .filter(user::Column::Version.eq(user.version))
        .execute(tx.access())
        .await?;
    one_changed(changed)?;
    note_stored(tx, &stored);
    Ok(stored)
}

fn cut_user(user: &User) -> User {
    User { created_at: cut(user.created_at), disabled_at: user.disabled_at.map(cut), ..user.clone() }
}

fn to_user(user: &User) -> user::Model {
    user::Model {
        id: user.id.0,
        name: user.name.clone(),
        name_key: key(&user.name),
        display_name: user.display_name.clone(),
        password_hash: user.password_hash.clone(),
        created_at: user.created_at,
        disabled_at: user.disabled_at,
        must_change_password: user.must_change_password,
        version: user.version,
    }
}

pub(crate) fn from_user(row: user::Model) -> User {
    User {
        id: UserId(row.id),
        name: row.name,
        display_name: row.display_name,
        password_hash: row.password_hash,
        created_at: row.created_at,
        disabled_at: row.disabled_at,
        must_change_password: row.must_change_password,
        version: row.version,
    }
}

/// The roles of one user.
pub async fn list_grants(q: &impl Queries, user: UserId) -> Result<Vec<Grant>, StoreError> {
    let rows = grant::Entity::find()
        .filter(grant::Column::UserId.eq(user.0))
        .order_by_asc(grant::Column::Id)
        .fetch_all(q.access())
        .await?;
    rows.iter().map(from_grant).collect()
}

/// The roles of several users, by user.
pub async fn list_grants_of(q: &impl Queries, users: &[UserId]) -> Result<Vec<Grant>, StoreError> {
    let rows = grant::Entity::find()
        .filter(grant::Column::UserId.is_in(users.iter().map(|user| user.0)))
        .order_by_asc(grant::Column::UserId)
        .order_by_asc(grant::Column::Id)
        .fetch_all(q.access())
        .await?;
    rows.iter().map(from_grant).collect()
}

/// All who hold this role anywhere: whether the last administrator is about to go.
pub async fn list_grants_of_role(q: &impl Queries, role: Role) -> Result<Vec<Grant>, StoreError> {
    let rows = grant::Entity::find()
        .filter(grant::Column::Role.eq(role.code()))
        .order_by_asc(grant::Column::Id)
        .fetch_all(q.access())
        .await?;
    rows.iter().map(from_grant).collect()
}

/// What everybody holds in a campaign or over one of its units whose account is not disabled.
pub async fn list_grants_in(q: &impl Queries, campaign: CampaignId) -> Result<Vec<Grant>, StoreError> {
    let disabled = user::Entity::find()
        .select_only()
        .column(user::Column::Id)
        .filter(user::Column::DisabledAt.is_not_null())
        .into_query();
    let rows = grant::Entity::find()
        .filter(grant::Column::ScopeCampaignId.eq(campaign.0))
        .filter(grant::Column::UserId.not_in_subquery(disabled))
        .order_by_asc(grant::Column::Id)
        .fetch_all(q.access())
        .await?;
    rows.iter().map(from_grant).collect()
}

/// The roles that people have over one unit.
pub async fn list_grants_over(
    q: &impl Queries,
    campaign: CampaignId,
    unit: UnitId,
) -> Result<Vec<Grant>, StoreError> {
    let rows = grant::Entity::find()
        .filter(grant::Column::ScopeCampaignId.eq(campaign.0))
        .filter(grant::Column::ScopeUnitId.eq(unit.0))
        .order_by_asc(grant::Column::Id)
        .fetch_all(q.access())
        .await?;
    rows.iter().map(from_grant).collect()
}

pub async fn add_grant(tx: &Tx, grant: &Grant) -> Result<(), StoreError> {
    let at = |handed: HandedOver| HandedOver { at: cut(handed.at), ..handed };
    let grant = &Grant { handed_over: grant.handed_over.map(at), ..grant.clone() };
    let row = grant::Model {
        id: grant.id.0,
        user_id: grant.user.0,
        role: grant.role.code().to_owned(),
        scope_campaign_id: grant.scope.campaign().map(|id| id.0),
        scope_unit_id: grant.scope.unit().map(|id| id.0),
        handed_over: grant.handed_over.as_ref().map(json),
    };
    insert::<grant::Entity>(tx, row).await?;
    note_stored(tx, grant);
    Ok(())
}

/// Takes the role away, and says whether it was there.
pub async fn remove_grant(tx: &Tx, grant: &Grant) -> Result<bool, StoreError> {
    let removed = grant::Entity::delete_by_id(grant.id.0).execute(tx.access()).await? == 1;
    if removed {
        let subject = Subject { kind: SubjectKind::Grant, campaign: grant.scope.campaign(), id: grant.id.0 };
        note_removed(tx, subject);
    }
    Ok(removed)
}

pub(crate) fn from_grant(row: &grant::Model) -> Result<Grant, StoreError> {
    let scope = scope_of(row.scope_campaign_id.map(CampaignId), row.scope_unit_id.map(UnitId));
    let scope = scope.ok_or_else(|| inconsistent("grant", "scope_unit_id", row.id))?;
    let role = Role::from_code(&row.role).ok_or_else(|| inconsistent("grant", "role", row.id))?;
    let handed_over = row.handed_over.as_deref().map(|text| from_json(text, "grant", "handed_over", row.id));
    let handed_over = handed_over.transpose()?;
    Ok(Grant { id: GrantId(row.id), user: UserId(row.user_id), role, scope, handed_over })
}

/// None for a unit of no campaign.
fn scope_of(campaign: Option<CampaignId>, unit: Option<UnitId>) -> Option<Scope> {
    match (campaign, unit) {
        (None, None) => Some(Scope::System),
        (Some(campaign), None) => Some(Scope::Campaign(campaign)),
        (Some(campaign), Some(unit)) => Some(Scope::Unit(campaign, unit)),
        (None, Some(_)) => None,
    }
}

/// The session with that token and who is behind it; None also for a disabled user. Whether it is still good at this
/// moment, the caller decides.
pub async fn lookup_session(
    q: &impl Queries,
    token_hash: &[u8; 32],
) -> Result<Option<(Session, Actor)>, StoreError> {
    // Every request asks this, so it is one statement, read by place.
    let sql = "SELECT s.id, s.user_id, s.created_at, s.seen_at, s.expires_at, s.user_agent, s.address, u.name, \
         u.display_name, u.must_change_password FROM session s JOIN \"user\" u ON u.id = s.user_id \
         WHERE s.token_hash = $1 AND u.disabled_at IS NULL";
    let db = q.access();
    let values = [token_hash.to_vec().into()];
    type At = DateTime<Utc>;
    type Row = (Uuid, Uuid, At, At, At, String, String, String, String, bool);
    let statement = Statement::from_sql_and_values(db.backend(), sql, values);
    let Some(row) = db.tuple::<Row>(statement).await? else { return Ok(None) };
    let (id, user, created_at, seen_at, expires_at, user_agent, address, name, display_name, must_change) =
        row;
    let user = UserId(user);
    let session = Session {
        id: SessionId(id),
        user,
        token_hash: *token_hash,
        created_at,
        seen_at,
        expires_at,
        user_agent,
        address,
    };
    let via = Via::Session(session.id);
    let grants = list_grants(q, user).await?;
    Ok(Some((session, Actor { user, name, display_name, grants, via, must_change_password: must_change })))
}

/// The user and all that they hold, as the program's own; None where there is no such user or it is disabled.
pub async fn lookup_actor(q: &impl Queries, user: UserId) -> Result<Option<Actor>, StoreError> {
    let row: Option<(String, String, bool)> = user::Entity::find_by_id(user.0)
        .filter(user::Column::DisabledAt.is_null())
        .select_only()
        .columns([user::Column::Name, user::Column::DisplayName, user::Column::MustChangePassword])
        .fetch_tuple(q.access())
        .await?;
    let Some((name, display_name, must_change_password)) = row else { return Ok(None) };
    let grants = list_grants(q, user).await?;
    Ok(Some(Actor { user, name, display_name, grants, via: Via::Program, must_change_password }))
}

/// The sessions of one user, the one used last first.
pub async fn list_sessions(q: &impl Queries, user: UserId) -> Result<Vec<Session>, StoreError> {
    let rows = session::Entity::find()
        .filter(session::Column::UserId.eq(user.0))
        .order_by_desc(session::Column::SeenAt)
        .fetch_all(q.access())
        .await?;
    rows.into_iter().map(from_session).collect()
}

pub async fn add_session(tx: &Tx, session: &Session) -> Result<(), StoreError> {
    let row = session::Model {
        id: session.id.0,
        token_hash: session.token_hash.to_vec(),
        user_id: session.user.0,
        created_at: cut(session.created_at),
        seen_at: cut(session.seen_at),
        expires_at: cut(session.expires_at),
        user_agent: session.user_agent.clone(),
        address: session.address.clone(),
    };
    insert::<session::Entity>(tx, row).await
}

/// The session was used: it lives on until `expires_at`.
pub async fn touch_session(
    tx: &Tx,
    id: SessionId,
    seen_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let row = session::ActiveModel {
        seen_at: Set(cut(seen_at)),
        expires_at: Set(cut(expires_at)),
        ..Default::default()
    };
    let changed = session::Entity::update_many()
        .set(row)
        .filter(session::Column::Id.eq(id.0))
        .execute(tx.access())
        .await?;
    Ok(changed == 1)
}

/// Ends one session of that user.
pub async fn remove_session(tx: &Tx, user: UserId, id: SessionId) -> Result<bool, StoreError> {
    let removed = session::Entity::delete_many()
        .filter(session::Column::Id.eq(id.0))
        .filter(session::Column::UserId.eq(user.0))
        .execute(tx.access())
        .await?;
    Ok(removed == 1)
}

/// Ends all sessions of that user but one, and says how many.
pub async fn remove_sessions_of(tx: &Tx, user: UserId, keep: Option<SessionId>) -> Result<u64, StoreError> {
    let mut query = session::Entity::delete_many().filter(session::Column::UserId.eq(user.0));
    if let Some(keep) = keep {
        query = query.filter(session::Column::Id.ne(keep.0));
    }
    query.execute(tx.access()).await
}

pub async fn remove_expired_sessions(tx: &Tx, now: DateTime<Utc>) -> Result<u64, StoreError> {
    let removed = session::Entity::delete_many()
        .filter(session::Column::ExpiresAt.lte(cut(now)))
        .execute(tx.access())
        .await?;
    Ok(removed)
}

fn from_session(row: session::Model) -> Result<Session, StoreError> {
    let token_hash = row.token_hash.try_into().map_err(|_| inconsistent("session", "token_hash", row.id))?;
    Ok(Session {
        id: SessionId(row.id),
        user: UserId(row.user_id),
        token_hash,
        created_at: row.created_at,
        seen_at: row.seen_at,
        expires_at: row.expires_at,
        user_agent: row.user_agent,
        address: row.address,
    })
}

/// Failed logins under one key; none: the default.
pub async fn lookup_attempts(q: &impl Queries, key: &str) -> Result<Attempts, StoreError> {
    let row = login_failure::Entity::find_by_id(key).fetch_one(q.access()).await?;
    Ok(row.map_or_else(Attempts::default, |row| Attempts {
        count: u32::try_from(row.count).unwrap_or(u32::MAX),
        first_at: row.first_at,
        locked_until: row.locked_until,
    }))
}

pub async fn save_attempts(tx: &Tx, key: &str, attempts: &Attempts) -> Result<(), StoreError> {
    use login_failure::Column as C;
    let row = login_failure::Model {
        key: key.to_owned(),
        count: i32::try_from(attempts.count).unwrap_or(i32::MAX),
        first_at: attempts.first_at.map(cut),
        locked_until: attempts.locked_until.map(cut),
    };
    login_failure::Entity::insert(row.into_active_model())
        .on_conflict(
            OnConflict::column(C::Key).update_columns([C::Count, C::FirstAt, C::LockedUntil]).to_owned(),
        )
        .execute(tx.access())
        .await?;
    Ok(())
}

/// After a good login.
pub async fn remove_attempts(tx: &Tx, keys: &[&str]) -> Result<(), StoreError> {
    login_failure::Entity::delete_many()
        .filter(login_failure::Column::Key.is_in(keys.iter().copied()))
        .execute(tx.access())
        .await?;
    Ok(())
}
