use std::collections::{HashMap, HashSet};

use chengjing_domain::{
    campaign::{Contact, Post, Unit, UnitKind},
    id::{CampaignId, UnitId, UserId},
    ledger::{Subject, SubjectKind},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, NotSet, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::{
    door::{Execute, Fetch, Queries, Tx},
    entity::{unit, unit_alias, unit_contact, unit_member},
    error::StoreError,
    ledger::{note_removed, note_stored},
    page::{Cursor, Page, Paging},
    people,
    row::{cut, inconsistent, insert_all, one_changed},
    search,
};

pub async fn lookup_unit(
    q: &impl Queries,
    campaign: CampaignId,
    id: UnitId,
) -> Result<Option<Unit>, StoreError> {
    Ok(load_units(q, campaign, &[id.0]).await?.pop())
}

/// The unit with this name or alias.
pub async fn lookup_unit_by_name(
    q: &impl Queries,
    campaign: CampaignId,
    name: &str,
) -> Result<Option<Unit>, StoreError> {
    let by_name: Option<Uuid> = unit::Entity::find()
        .filter(unit::Column::CampaignId.eq(campaign.0))
        .filter(unit::Column::Name.eq(name))
        .select_only()
        .column(unit::Column::Id)
        .fetch_tuple(q.access())
        .await?;
    let id = match by_name {
        Some(id) => Some(id),
        None => unit_alias::Entity::find_by_id((campaign.0, name.to_owned()))
            .fetch_one(q.access())
            .await?
            .map(|alias| alias.unit_id),
    };
    match id {
        Some(id) => lookup_unit(q, campaign, UnitId(id)).await,
        None => Ok(None),
    }
}

/// The units of a campaign, by name.
pub async fn list_units(
    q: &impl Queries,
    campaign: CampaignId,
    paging: &Paging,
) -> Result<Page<Unit>, StoreError> {
    let mut query = unit::Entity::find().filter(unit::Column::CampaignId.eq(campaign.0));
    if let Some(cursor) = &paging.after {
        let [name] = cursor.parts()?;
        query = query.filter(unit::Column::Name.gt(name));
    }
    let rows = query.order_by_asc(unit::Column::Name).limit(paging.size() + 1).fetch_all(q.access()).await?;
    let page = Page::cut(rows, paging.size(), |row| Cursor::of(&[&row.name]));
    let ids: Vec<Uuid> = page.items.iter().map(|row| row.id).collect();
    let children = load_children(q, campaign, Some(&ids)).await?;
    page.try_map(|row| from_unit(row, &children))
}

/// All units of a campaign, by name: what matching the names of a plan needs. A campaign has hundreds of them.
pub async fn all_units(q: &impl Queries, campaign: CampaignId) -> Result<Vec<Unit>, StoreError> {
    let rows = unit::Entity::find()
        .filter(unit::Column::CampaignId.eq(campaign.0))
        .order_by_asc(unit::Column::Name)
        .fetch_all(q.access())
        .await?;
    let children = load_children(q, campaign, None).await?;
    rows.into_iter().map(|row| from_unit(row, &children)).collect()
}

/// The units with these ids, whole, by name.
pub async fn lookup_units(
    q: &impl Queries,
    campaign: CampaignId,
    ids: &[UnitId],
) -> Result<Vec<Unit>, StoreError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    load_units(q, campaign, &ids).await
}

/// The names alone of a campaign's units.
pub(super) async fn unit_names(
    q: &impl Queries,
    campaign: CampaignId,
) -> Result<Vec<(UnitId, String)>, StoreError> {
    let query = unit::Entity::find().filter(unit::Column::CampaignId.eq(campaign.0));
    let names: Vec<(Uuid, String)> =
        query.select_only().columns([unit::Column::Id, unit::Column::Name]).fetch_tuples(q.access()).await?;
    Ok(names.into_iter().map(|(id, name)| (UnitId(id), name)).collect())
}

/// The units of a campaign that are no more.
pub async fn closed_units(q: &impl Queries, campaign: CampaignId) -> Result<HashSet<UnitId>, StoreError> {
    let closed: Vec<Uuid> = unit::Entity::find()
        .filter(unit::Column::CampaignId.eq(campaign.0))
        .filter(unit::Column::ClosedAt.is_not_null())
        .select_only()
        .column(unit::Column::Id)
        .fetch_tuples(q.access())
        .await?;
    Ok(closed.into_iter().map(UnitId).collect())
}

/// The parent of each unit that has one: the campaign's tree without its leaves.
pub async fn unit_parents(
    q: &impl Queries,
    campaign: CampaignId,
) -> Result<HashMap<UnitId, UnitId>, StoreError> {
    let pairs: Vec<(Uuid, Option<Uuid>)> = unit::Entity::find()
        .filter(unit::Column::CampaignId.eq(campaign.0))
        .filter(unit::Column::ParentId.is_not_null())
        .select_only()
        .columns([unit::Column::Id, unit::Column::ParentId])
        .fetch_tuples(q.access())
        .await?;
    Ok(pairs.into_iter().filter_map(|(id, parent)| Some((UnitId(id), UnitId(parent?)))).collect())
}

/// These units and all below them in the tree: what a grant over them covers.
pub async fn list_units_below(
    q: &impl Queries,
    campaign: CampaignId,
    units: &[UnitId],
) -> Result<Vec<UnitId>, StoreError> {
    let mut found: Vec<Uuid> = units.iter().map(|unit| unit.0).collect();
    let mut above = found.clone();
    while !above.is_empty() {
        let below: Vec<Uuid> = unit::Entity::find()
            .filter(unit::Column::CampaignId.eq(campaign.0))
            .filter(unit::Column::ParentId.is_in(above))
            .select_only()
            .column(unit::Column::Id)
            .fetch_tuples(q.access())
            .await?;
        // A ring of parents, which no use case makes, must not turn for ever.
        above = below.into_iter().filter(|id| !found.contains(id)).collect();
        found.extend(&above);
    }
    Ok(found.into_iter().map(UnitId).collect())
}

/// The users who hold that post in these units, as far as they can log in and still belong to the campaign.
pub async fn list_post_holders(
    q: &impl Queries,
    campaign: CampaignId,
    units: &[UnitId],
    post: Post,
) -> Result<Vec<(UnitId, UserId)>, StoreError> {
    use unit_contact::Column as C;
    let held: Vec<(Uuid, Option<Uuid>)> = unit_contact::Entity::find()
        .filter(C::CampaignId.eq(campaign.0))
        .filter(C::UnitId.is_in(units.iter().map(|unit| unit.0)))
        .filter(C::Post.eq(post.code()))
        .filter(C::UserId.in_subquery(people::able_in(campaign)))
        .order_by_asc(C::UnitId)
        .order_by_asc(C::Ordinal)
        .select_only()
        .columns([C::UnitId, C::UserId])
        .fetch_tuples(q.access())
        .await?;
    Ok(held.into_iter().filter_map(|(unit, user)| Some((UnitId(unit), UserId(user?)))).collect())
}

/// Adds units; those that others name (parents, members) come first or in the same call.
///
/// # Errors
/// [`StoreError::Conflict`] `unit_name` or `unit_alias_name` where a name is taken.
pub async fn add_units(tx: &Tx, units: &[Unit]) -> Result<(), StoreError> {
    let units: &[Unit] = &units.iter().map(cut_unit).collect::<Vec<_>>();
    let by_depth = parents_first(units);
    insert_all::<unit::Entity>(tx, by_depth.iter().map(|unit| to_unit(unit)).collect()).await?;
    add_children(tx, units).await?;
    for unit in units {
        index(tx, unit).await?;
        note_stored(tx, unit);
    }
    Ok(())
}

/// A unit's parent must be stored before it.
fn parents_first(units: &[Unit]) -> Vec<&Unit> {
    let mut sorted: Vec<&Unit> = Vec::with_capacity(units.len());
    let mut rest: Vec<&Unit> = units.iter().collect();
    while !rest.is_empty() {
        let waits =
            |unit: &&Unit| unit.parent.is_some_and(|parent| rest.iter().any(|other| other.id == parent));
        let (later, now): (Vec<_>, Vec<_>) = rest.iter().copied().partition(waits);
        if now.is_empty() {
            // A ring: the engine's foreign key refuses it.
            sorted.extend(later);
            break;
        }
        sorted.extend(now);
        rest = later;
    }
    sorted
}

/// Stores the unit with its aliases and members under the next version, which it returns.
///
/// # Errors
/// [`StoreError::Stale`], and [`StoreError::Conflict`] `unit_name` or `unit_alias_name`.
pub async fn save_unit(tx: &Tx, unit: &Unit) -> Result<Unit, StoreError> {
    let stored = Unit { version: unit.version + 1, ..cut_unit(unit) };
    let mut row = to_unit(&stored).into_active_model().reset_all();
    (row.campaign_id, row.id) = (NotSet, NotSet);
    let changed = unit::Entity::update_many()
        .set(row)
        .filter(unit::Column::CampaignId.eq(unit.campaign.0))
        .filter(unit::Column::Id.eq(unit.id.0))
        .filter(unit::Column::Version.eq(unit.version))
        .execute(tx.access())
        .await?;
    one_changed(changed)?;
    remove_children(tx, unit.campaign, unit.id).await?;
    add_children(tx, std::slice::from_ref(&stored)).await?;
    index(tx, &stored).await?;
    note_stored(tx, &stored);
    Ok(stored)
}

/// Removes the unit, and says whether it was there.
///
/// # Errors
/// [`StoreError::Conflict`] `foreign_key` where a duty, a grant, a group or another unit names it.
pub async fn remove_unit(tx: &Tx, campaign: CampaignId, id: UnitId) -> Result<bool, StoreError> {
    remove_children(tx, campaign, id).await?;
    let removed = unit::Entity::delete_by_id((campaign.0, id.0)).execute(tx.access()).await? == 1;
    if removed {
        search::remove(tx, campaign, SubjectKind::Unit, id.0).await?;
        note_removed(tx, Subject::of(campaign, SubjectKind::Unit, id.0));
    }
    Ok(removed)
}

/// Puts these units into the search index anew.
pub(crate) async fn index_units(tx: &Tx, units: &[Unit]) -> Result<(), StoreError> {
    for unit in units {
        index(tx, unit).await?;
    }
    Ok(())
}

async fn index(tx: &Tx, unit: &Unit) -> Result<(), StoreError> {
    let names = std::iter::once(&unit.name).chain(&unit.aliases).map(String::as_str);
    search::index(tx, unit.campaign, SubjectKind::Unit, unit.id.0, &names.collect::<Vec<_>>()).await
}

async fn add_children(tx: &Tx, units: &[Unit]) -> Result<(), StoreError> {
    let (mut aliases, mut members, mut contacts) = (Vec::new(), Vec::new(), Vec::new());
    for unit in units {
        aliases.extend(unit.aliases.iter().zip(0..).map(|(name, ordinal)| unit_alias::Model {
            campaign_id: unit.campaign.0,
            name: name.clone(),
            unit_id: unit.id.0,
            ordinal,
        }));
        members.extend(unit.members.iter().zip(0..).map(|(member, ordinal)| unit_member::Model {
            campaign_id: unit.campaign.0,
            group_id: unit.id.0,
            member_id: member.0,
            ordinal,
        }));
        contacts.extend(unit.contacts.iter().zip(0..).map(|(contact, ordinal)| unit_contact::Model {
            campaign_id: unit.campaign.0,
            unit_id: unit.id.0,
            ordinal,
            post: contact.post.code().to_owned(),
            name: contact.name.clone(),
            duty_title: contact.duty_title.clone(),
            phone: contact.phone.clone(),
            user_id: contact.user.map(|user| user.0),
        }));
    }
    insert_all::<unit_alias::Entity>(tx, aliases).await?;
    insert_all::<unit_member::Entity>(tx, members).await?;
    insert_all::<unit_contact::Entity>(tx, contacts).await
}

async fn remove_children(tx: &Tx, campaign: CampaignId, id: UnitId) -> Result<(), StoreError> {
    unit_alias::Entity::delete_many()
        .filter(unit_alias::Column::CampaignId.eq(campaign.0))
        .filter(unit_alias::Column::UnitId.eq(id.0))
        .execute(tx.access())
        .await?;
    unit_member::Entity::delete_many()
        .filter(unit_member::Column::CampaignId.eq(campaign.0))
        .filter(unit_member::Column::GroupId.eq(id.0))
        .execute(tx.access())
        .await?;
    unit_contact::Entity::delete_many()
        .filter(unit_contact::Column::CampaignId.eq(campaign.0))
        .filter(unit_contact::Column::UnitId.eq(id.0))
        .execute(tx.access())
        .await?;
    Ok(())
}

/// The units with these ids, whole, by name.
pub(crate) async fn load_units(
    q: &impl Queries,
    campaign: CampaignId,
    ids: &[Uuid],
) -> Result<Vec<Unit>, StoreError> {
    let rows = unit::Entity::find()
        .filter(unit::Column::CampaignId.eq(campaign.0))
        .filter(unit::Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(unit::Column::Name)
        .fetch_all(q.access())
        .await?;
    let children = load_children(q, campaign, Some(ids)).await?;
    rows.into_iter().map(|row| from_unit(row, &children)).collect()
}

/// What belongs to units, each in its order.
struct Children {
    aliases: Vec<unit_alias::Model>,
    members: Vec<unit_member::Model>,
    contacts: Vec<unit_contact::Model>,
}

/// Aliases, members and contacts of these units, or of all.
async fn load_children(
    q: &impl Queries,
    campaign: CampaignId,
    ids: Option<&[Uuid]>,
) -> Result<Children, StoreError> {
    let mut aliases = unit_alias::Entity::find().filter(unit_alias::Column::CampaignId.eq(campaign.0));
    let mut members = unit_member::Entity::find().filter(unit_member::Column::CampaignId.eq(campaign.0));
    let mut contacts = unit_contact::Entity::find().filter(unit_contact::Column::CampaignId.eq(campaign.0));
    if let Some(ids) = ids {
        aliases = aliases.filter(unit_alias::Column::UnitId.is_in(ids.iter().copied()));
        members = members.filter(unit_member::Column::GroupId.is_in(ids.iter().copied()));
        contacts = contacts.filter(unit_contact::Column::UnitId.is_in(ids.iter().copied()));
    }
    let aliases = aliases.order_by_asc(unit_alias::Column::Ordinal).fetch_all(q.access()).await?;
    let members = members.order_by_asc(unit_member::Column::Ordinal).fetch_all(q.access()).await?;
    let contacts = contacts.order_by_asc(unit_contact::Column::Ordinal).fetch_all(q.access()).await?;
    Ok(Children { aliases, members, contacts })
}

fn cut_unit(unit: &Unit) -> Unit {
    Unit { closed_at: unit.closed_at.map(cut), ..unit.clone() }
}

fn to_unit(unit: &Unit) -> unit::Model {
    unit::Model {
        campaign_id: unit.campaign.0,
        id: unit.id.0,
        name: unit.name.clone(),
        kind: unit.kind.code().to_owned(),
        parent_id: unit.parent.map(|parent| parent.0),
        confirmed: unit.confirmed,
        closed_at: unit.closed_at,
        version: unit.version,
    }
}

fn from_unit(row: unit::Model, children: &Children) -> Result<Unit, StoreError> {
    let kind = UnitKind::from_code(&row.kind).ok_or_else(|| inconsistent("unit", "kind", row.id))?;
    let aliases = children.aliases.iter().filter(|alias| alias.unit_id == row.id);
    let members = children.members.iter().filter(|member| member.group_id == row.id);
    let contacts = children.contacts.iter().filter(|contact| contact.unit_id == row.id);
    Ok(Unit {
        campaign: CampaignId(row.campaign_id),
        id: UnitId(row.id),
        name: row.name,
        kind,
        parent: row.parent_id.map(UnitId),
        aliases: aliases.map(|alias| alias.name.clone()).collect(),
        members: members.map(|member| UnitId(member.member_id)).collect(),
        confirmed: row.confirmed,
        contacts: contacts.map(from_contact).collect::<Result<_, _>>()?,
        closed_at: row.closed_at,
        version: row.version,
    })
}

fn from_contact(row: &unit_contact::Model) -> Result<Contact, StoreError> {
    Ok(Contact {
        post: Post::from_code(&row.post).ok_or_else(|| inconsistent("unit_contact", "post", row.unit_id))?,
        name: row.name.clone(),
        duty_title: row.duty_title.clone(),
        phone: row.phone.clone(),
        user: row.user_id.map(UserId),
    })
}
