//! Invitations by link.

use chengjing_domain::{
    id::{CampaignId, InvitationId, UnitId, UserId},
    people::{HandedOver, Invitation, InvitationState, Role, TakenRole, Takeover},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, NotSet, QueryFilter, QueryOrder, QuerySelect,
};

use super::scope_of;
use crate::{
    door::{Execute, Fetch, Queries, Tx},
    entity::invitation,
    error::StoreError,
    ledger::note_stored,
    page::{Cursor, Page, Paging, part},
    row::{cut, from_json, inconsistent, insert, json, one_changed},
};

pub async fn lookup_invitation(q: &impl Queries, id: InvitationId) -> Result<Option<Invitation>, StoreError> {
    let row = invitation::Entity::find_by_id(id.0).fetch_one(q.access()).await?;
    row.map(from_invitation).transpose()
}

pub async fn lookup_invitation_by_token(
    q: &impl Queries,
    token_hash: &[u8; 32],
) -> Result<Option<Invitation>, StoreError> {
    let row = invitation::Entity::find()
        .filter(invitation::Column::TokenHash.eq(token_hash.to_vec()))
        .fetch_one(q.access())
        .await?;
    row.map(from_invitation).transpose()
}

/// The invitations to a campaign (None: to any, and to the whole installation) that are neither accepted nor revoked,
/// newest first.
pub async fn list_invitations(
    q: &impl Queries,
    campaign: Option<CampaignId>,
    paging: &Paging,
) -> Result<Page<Invitation>, StoreError> {
    use invitation::Column as C;
    let mut query = invitation::Entity::find().filter(C::AcceptedAt.is_null()).filter(C::RevokedAt.is_null());
    if let Some(campaign) = campaign {
        query = query.filter(C::ScopeCampaignId.eq(campaign.0));
    }
    if let Some(cursor) = &paging.after {
        let [id] = cursor.parts()?;
        query = query.filter(C::Id.lt(part::<uuid::Uuid>(id)?));
    }
    let rows = query.order_by_desc(C::Id).limit(paging.size() + 1).fetch_all(q.access()).await?;
    Page::cut(rows, paging.size(), |row| Cursor::of(&[&row.id])).try_map(from_invitation)
}

/// The invitations to work for one unit that are neither accepted nor revoked.
pub async fn list_invitations_over(
    q: &impl Queries,
    campaign: CampaignId,
    unit: UnitId,
) -> Result<Vec<Invitation>, StoreError> {
    use invitation::Column as C;
    let open = invitation::Entity::find()
        .filter(C::ScopeCampaignId.eq(campaign.0))
        .filter(C::AcceptedAt.is_null())
        .filter(C::RevokedAt.is_null())
        .filter(C::ScopeUnitId.eq(unit.0))
        .order_by_asc(C::Id)
        .fetch_all(q.access())
        .await?;
    open.into_iter().map(from_invitation).collect()
}

/// The invitations that this user made and that are neither accepted nor revoked; within one campaign, or all.
pub async fn list_invitations_by(
    q: &impl Queries,
    user: UserId,
    campaign: Option<CampaignId>,
) -> Result<Vec<Invitation>, StoreError> {
    use invitation::Column as C;
    let mut query = invitation::Entity::find()
        .filter(C::AcceptedAt.is_null())
        .filter(C::RevokedAt.is_null())
        .filter(C::CreatedBy.eq(user.0));
    if let Some(campaign) = campaign {
        query = query.filter(C::ScopeCampaignId.eq(campaign.0));
    }
    let open = query.order_by_asc(C::Id).fetch_all(q.access()).await?;
    open.into_iter().map(from_invitation).collect()
}

pub async fn add_invitation(tx: &Tx, invitation: &Invitation) -> Result<Invitation, StoreError> {
    let stored = cut_invitation(invitation);
    insert::<invitation::Entity>(tx, to_invitation(&stored)).await?;
    note_stored(tx, &stored);
    Ok(stored)
}

/// # Errors
/// [`StoreError::Stale`] where it is gone.
pub async fn save_invitation(tx: &Tx, invitation: &Invitation) -> Result<Invitation, StoreError> {
    let stored = cut_invitation(invitation);
    let mut row = to_invitation(&stored).into_active_model().reset_all();
    row.id = NotSet;
    let changed = invitation::Entity::update_many()
        .set(row)
        .filter(invitation::Column::Id.eq(stored.id.0))
        .execute(tx.access())
        .await?;
    one_changed(changed)?;
    note_stored(tx, &stored);
    Ok(stored)
}

fn cut_invitation(invitation: &Invitation) -> Invitation {
    let state = match invitation.state {
        InvitationState::Open => InvitationState::Open,
        InvitationState::Accepted { by, at } => InvitationState::Accepted { by, at: cut(at) },
        InvitationState::Revoked { at } => InvitationState::Revoked { at: cut(at) },
    };
    Invitation {
        created_at: cut(invitation.created_at),
        expires_at: cut(invitation.expires_at),
        state,
        takeover: invitation.takeover.clone().map(cut_takeover),
        ..invitation.clone()
    }
}

fn cut_takeover(takeover: Takeover) -> Takeover {
    let at = |role: TakenRole| {
        let handed_over = HandedOver { at: cut(role.handed_over.at), ..role.handed_over };
        TakenRole { handed_over, ..role }
    };
    Takeover { roles: takeover.roles.into_iter().map(at).collect() }
}

fn to_invitation(invitation: &Invitation) -> invitation::Model {
    let (accepted, revoked_at) = match invitation.state {
        InvitationState::Open => (None, None),
        InvitationState::Accepted { by, at } => (Some((by.0, at)), None),
        InvitationState::Revoked { at } => (None, Some(at)),
    };
    invitation::Model {
        id: invitation.id.0,
        token_hash: invitation.token_hash.to_vec(),
        display_name: invitation.display_name.clone(),
        role: invitation.role.code().to_owned(),
        scope_campaign_id: invitation.scope.campaign().map(|id| id.0),
        scope_unit_id: invitation.scope.unit().map(|id| id.0),
        created_by: invitation.created_by.0,
        created_at: invitation.created_at,
        expires_at: invitation.expires_at,
        accepted_by: accepted.map(|(by, _)| by),
        accepted_at: accepted.map(|(_, at)| at),
        revoked_at,
        handed_over: invitation.takeover.as_ref().map(json),
    }
}

pub(crate) fn from_invitation(row: invitation::Model) -> Result<Invitation, StoreError> {
    const TABLE: &str = "invitation";
    let state = match (row.accepted_by, row.accepted_at, row.revoked_at) {
        (None, None, None) => InvitationState::Open,
        (Some(by), Some(at), None) => InvitationState::Accepted { by: UserId(by), at },
        (None, None, Some(at)) => InvitationState::Revoked { at },
        _ => return Err(inconsistent(TABLE, "accepted_at", row.id)),
    };
    let scope = scope_of(row.scope_campaign_id.map(CampaignId), row.scope_unit_id.map(UnitId));
    let takeover = row.handed_over.as_deref().map(|text| from_json(text, TABLE, "handed_over", row.id));
    Ok(Invitation {
        id: InvitationId(row.id),
        token_hash: row.token_hash.try_into().map_err(|_| inconsistent(TABLE, "token_hash", row.id))?,
        display_name: row.display_name,
        role: Role::from_code(&row.role).ok_or_else(|| inconsistent(TABLE, "role", row.id))?,
        scope: scope.ok_or_else(|| inconsistent(TABLE, "scope_unit_id", row.id))?,
        created_by: UserId(row.created_by),
        created_at: row.created_at,
        expires_at: row.expires_at,
        state,
        takeover: takeover.transpose()?,
    })
}
