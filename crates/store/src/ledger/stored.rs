//! What stands in the rows, kind by kind, as the ledger's hashes see it.

use std::collections::HashSet;

use chengjing_domain::{
    id::CampaignId,
    ledger::{Hash, Subject, SubjectKind},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Statement, Value};
use uuid::Uuid;

use super::{Aggregate, SettingRow};
use crate::{
    attachment::from_attachment,
    campaign::{from_campaign, from_phase, load_units},
    door::{Fetch, Read},
    duty,
    entity::{
        assessed, attachment, bulletin, campaign, catalogue, edition, figure, grant, handover_request,
        invitation, oidc_link, phase, plan_import, saved_view, second_factor, setting, standard, template,
        token, user, webhook,
    },
    error::StoreError,
    evidence,
    figure::from_figure,
    initiative, observation,
    people::{
        from_grant, from_handover_request, from_invitation, from_oidc_link, from_second_factor, from_token,
        from_user,
    },
    photo,
    plan::from_import,
    publication::{bulletin::from_bulletin, template::from_template},
    result, site,
    standard::{
        assessed::from_assessed, catalogue::from_catalogue, edition::from_edition, from_standard,
        owner::load as load_owners,
    },
    task,
    view::from_view,
    webhook::from_webhook,
};

/// A row's key: its campaign where it has one, and its id; or, of a setting, its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Key {
    Of(Uuid, Uuid),
    Id(Uuid),
    Name(String),
}

/// Where the rows of a kind stand; None for the installation, which has none.
fn table(kind: SubjectKind) -> Option<(&'static str, Shape)> {
    Some(match kind {
        SubjectKind::Installation => return None,
        SubjectKind::Setting => ("setting", Shape::Named),
        SubjectKind::User => ("\"user\"", Shape::Global),
        SubjectKind::Grant => ("\"grant\"", Shape::Global),
        SubjectKind::Token => ("token", Shape::Global),
        SubjectKind::Campaign => ("campaign", Shape::Global),
        SubjectKind::Unit => ("unit", Shape::Scoped),
        SubjectKind::Phase => ("phase", Shape::Scoped),
        SubjectKind::Initiative => ("initiative", Shape::Scoped),
        SubjectKind::PlanImport => ("plan_import", Shape::Scoped),
        SubjectKind::Duty => ("duty", Shape::Scoped),
        SubjectKind::Task => ("task", Shape::Scoped),
        SubjectKind::Attachment => ("attachment", Shape::Scoped),
        SubjectKind::Figure => ("figure", Shape::Scoped),
        SubjectKind::SecondFactor => ("second_factor", Shape::Global),
        SubjectKind::OidcLink => ("oidc_link", Shape::Global),
        SubjectKind::Invitation => ("invitation", Shape::Global),
        SubjectKind::Template => ("template", Shape::Scoped),
        SubjectKind::Bulletin => ("bulletin", Shape::Scoped),
        SubjectKind::Webhook => ("webhook", Shape::Scoped),
        SubjectKind::View => ("saved_view", Shape::Scoped),
        SubjectKind::Assessed => ("assessed", Shape::Scoped),
        SubjectKind::Site => ("site", Shape::Scoped),
        SubjectKind::Observation => ("observation", Shape::Scoped),
        SubjectKind::Standard => ("standard", Shape::Global),
        SubjectKind::Edition => ("edition", Shape::Global),
        SubjectKind::Catalogue => ("catalogue", Shape::Global),
        SubjectKind::HandoverRequest => ("handover_request", Shape::Scoped),
        SubjectKind::Evidence => ("evidence", Shape::Scoped),
        SubjectKind::EvidenceLink => ("evidence_link", Shape::Scoped),
        SubjectKind::Remark => ("remark", Shape::Scoped),
        SubjectKind::Asking => ("asking", Shape::Scoped),
        SubjectKind::LeafOwners => ("leaf_owners", Shape::Scoped),
        SubjectKind::AssessmentResult => ("assessment_result", Shape::Scoped),
        SubjectKind::Doubt => ("doubt", Shape::Scoped),
    })
}

#[derive(Clone, Copy)]
enum Shape {
    Named,
    Global,
    Scoped,
}

/// The next keys of a kind, in order.
pub(super) async fn keys_after(
    r: &Read,
    kind: SubjectKind,
    after: Option<&Key>,
    limit: u64,
) -> Result<Vec<Key>, StoreError> {
    let Some((table, shape)) = table(kind) else { return Ok(Vec::new()) };
    let columns = match shape {
        Shape::Named => "key",
        Shape::Global => "id",
        Shape::Scoped => "campaign_id, id",
    };
    let (condition, values): (_, Vec<Value>) = match after {
        None => ("", Vec::new()),
        Some(Key::Name(name)) => ("WHERE key > $1", vec![name.clone().into()]),
        Some(Key::Id(id)) => ("WHERE id > $1", vec![(*id).into()]),
        Some(Key::Of(campaign, id)) => {
            ("WHERE (campaign_id, id) > ($1, $2)", vec![(*campaign).into(), (*id).into()])
        }
    };
    let sql = format!("SELECT {columns} FROM {table} {condition} ORDER BY {columns} LIMIT {limit}");
    let db = r.access();
    let statement = Statement::from_sql_and_values(db.backend(), sql, values);
    Ok(match shape {
        Shape::Named => db.tuples(statement).await?.into_iter().map(Key::Name).collect(),
        Shape::Global => db.tuples(statement).await?.into_iter().map(Key::Id).collect(),
        Shape::Scoped => {
            let keys: Vec<(Uuid, Uuid)> = db.tuples(statement).await?;
            keys.into_iter().map(|(campaign, id)| Key::Of(campaign, id)).collect()
        }
    })
}

/// The subjects and hashes of the rows with these keys, as they stand.
pub(super) async fn hashes_of(
    r: &Read,
    kind: SubjectKind,
    keys: &[Key],
) -> Result<Vec<(Subject, Hash)>, StoreError> {
    let ids = || {
        keys.iter().filter_map(|key| match key {
            Key::Of(_, id) | Key::Id(id) => Some(*id),
            Key::Name(_) => None,
        })
    };
    let db = r.access();
    Ok(match kind {
        SubjectKind::Installation => Vec::new(),
        SubjectKind::Setting => {
            let names = keys.iter().filter_map(|key| match key {
                Key::Name(name) => Some(name.as_str()),
                Key::Of(..) | Key::Id(_) => None,
            });
            let rows =
                setting::Entity::find().filter(setting::Column::Key.is_in(names)).fetch_all(db).await?;
            let settings =
                rows.iter().map(|row| SettingRow { key: &row.key, value: &row.value, version: row.version });
            hashed(settings)
        }
        SubjectKind::User => {
            let rows = user::Entity::find().filter(user::Column::Id.is_in(ids())).fetch_all(db).await?;
            hashed(rows.into_iter().map(from_user))
        }
        SubjectKind::Grant => {
            let rows = grant::Entity::find().filter(grant::Column::Id.is_in(ids())).fetch_all(db).await?;
            hashed(rows.iter().map(from_grant).collect::<Result<Vec<_>, _>>()?)
        }
        SubjectKind::Token => {
            let rows = token::Entity::find().filter(token::Column::Id.is_in(ids())).fetch_all(db).await?;
            hashed(rows.into_iter().map(from_token).collect::<Result<Vec<_>, _>>()?)
        }
        SubjectKind::Campaign => {
            let rows =
                campaign::Entity::find().filter(campaign::Column::Id.is_in(ids())).fetch_all(db).await?;
            hashed(rows.into_iter().map(from_campaign))
        }
        SubjectKind::SecondFactor => {
            let rows = second_factor::Entity::find()
                .filter(second_factor::Column::Id.is_in(ids()))
                .fetch_all(db)
                .await?;
            hashed(rows.into_iter().map(from_second_factor).collect::<Result<Vec<_>, _>>()?)
        }
        SubjectKind::OidcLink => {
            let rows =
                oidc_link::Entity::find().filter(oidc_link::Column::Id.is_in(ids())).fetch_all(db).await?;
            hashed(rows.into_iter().map(from_oidc_link).collect::<Result<Vec<_>, _>>()?)
        }
        SubjectKind::Invitation => {
            let rows =
                invitation::Entity::find().filter(invitation::Column::Id.is_in(ids())).fetch_all(db).await?;
            hashed(rows.into_iter().map(from_invitation).collect::<Result<Vec<_>, _>>()?)
        }
        SubjectKind::Standard => {
            let rows =
                standard::Entity::find().filter(standard::Column::Id.is_in(ids())).fetch_all(db).await?;
            hashed(rows.iter().map(from_standard).collect::<Result<Vec<_>, _>>()?)
        }
        SubjectKind::Edition => {
            let mut all = Vec::with_capacity(keys.len());
            // One by one: an edition holds a whole standard.
            for id in ids() {
                let row = edition::Entity::find_by_id(id).fetch_one(db).await?;
                all.extend(hashed(row.map(from_edition).transpose()?));
            }
            all
        }
        SubjectKind::Catalogue => {
            let rows =
                catalogue::Entity::find().filter(catalogue::Column::Id.is_in(ids())).fetch_all(db).await?;
            hashed(rows.iter().map(from_catalogue).collect::<Result<Vec<_>, _>>()?)
        }
        SubjectKind::Unit
        | SubjectKind::Phase
        | SubjectKind::Initiative
        | SubjectKind::PlanImport
        | SubjectKind::Duty
        | SubjectKind::Task
        | SubjectKind::Attachment
        | SubjectKind::Figure
        | SubjectKind::Template
        | SubjectKind::Bulletin
        | SubjectKind::Webhook
        | SubjectKind::View
        | SubjectKind::Assessed
        | SubjectKind::Site
        | SubjectKind::Observation
        | SubjectKind::Evidence
        | SubjectKind::EvidenceLink
        | SubjectKind::Remark
        | SubjectKind::Asking
        | SubjectKind::LeafOwners
        | SubjectKind::AssessmentResult
        | SubjectKind::Doubt
        | SubjectKind::HandoverRequest => {
            let mut all = Vec::with_capacity(keys.len());
            for (campaign, ids) in by_campaign(keys) {
                all.extend(of_campaign(r, kind, campaign, &ids).await?);
            }
            all
        }
    })
}

async fn of_campaign(
    r: &Read,
    kind: SubjectKind,
    campaign: CampaignId,
    ids: &[Uuid],
) -> Result<Vec<(Subject, Hash)>, StoreError> {
    Ok(match kind {
        SubjectKind::Unit => hashed(load_units(r, campaign, ids).await?),
        SubjectKind::Initiative => hashed(initiative::load(r, campaign, ids).await?),
        SubjectKind::Duty => hashed(duty::load(r, campaign, ids).await?),
        SubjectKind::Task => hashed(task::load(r, campaign, ids).await?),
        SubjectKind::Attachment => {
            let rows = attachment::Entity::find()
                .filter(attachment::Column::CampaignId.eq(campaign.0))
                .filter(attachment::Column::Id.is_in(ids.iter().copied()))
                .fetch_all(r.access())
                .await?;
            hashed(rows.iter().map(from_attachment).collect::<Result<Vec<_>, _>>()?)
        }
        SubjectKind::Assessed => {
            let rows = assessed::Entity::find()
                .filter(assessed::Column::CampaignId.eq(campaign.0))
                .filter(assessed::Column::Id.is_in(ids.iter().copied()))
                .fetch_all(r.access())
                .await?;
            hashed(rows.iter().map(from_assessed).collect::<Result<Vec<_>, _>>()?)
        }
        SubjectKind::Site => hashed(site::load(r, campaign, ids).await?),
        SubjectKind::Observation => hashed(observation::load(r, campaign, ids).await?),
        SubjectKind::Evidence => hashed(evidence::load(r, campaign, ids).await?),
        SubjectKind::EvidenceLink => hashed(evidence::link::load(r, campaign, ids).await?),
        SubjectKind::Remark => hashed(evidence::remark::load(r, campaign, ids).await?),
        SubjectKind::Asking => hashed(evidence::asking::load(r, campaign, ids).await?),
        SubjectKind::LeafOwners => hashed(load_owners(r, campaign, ids).await?),
        SubjectKind::AssessmentResult => hashed(result::load(r, campaign, ids).await?),
        SubjectKind::Doubt => hashed(photo::doubt::load(r, campaign, ids).await?),
        SubjectKind::Figure => {
            let rows = figure::Entity::find()
                .filter(figure::Column::CampaignId.eq(campaign.0))
                .filter(figure::Column::Id.is_in(ids.iter().copied()))
                .fetch_all(r.access())
                .await?;
            hashed(rows.into_iter().map(from_figure).collect::<Result<Vec<_>, _>>()?)
        }
        SubjectKind::Template => {
            let rows = template::Entity::find()
                .filter(template::Column::CampaignId.eq(campaign.0))
                .filter(template::Column::Id.is_in(ids.iter().copied()))
                .fetch_all(r.access())
                .await?;
            hashed(rows.iter().map(from_template).collect::<Result<Vec<_>, _>>()?)
        }
        SubjectKind::Bulletin => {
            let rows = bulletin::Entity::find()
                .filter(bulletin::Column::CampaignId.eq(campaign.0))
                .filter(bulletin::Column::Id.is_in(ids.iter().copied()))
                .fetch_all(r.access())
                .await?;
            hashed(rows.iter().map(from_bulletin).collect::<Result<Vec<_>, _>>()?)
        }
        SubjectKind::Webhook => {
            let rows = webhook::Entity::find()
                .filter(webhook::Column::CampaignId.eq(campaign.0))
                .filter(webhook::Column::Id.is_in(ids.iter().copied()))
                .fetch_all(r.access())
                .await?;
            hashed(rows.iter().map(from_webhook).collect::<Result<Vec<_>, _>>()?)
        }
        SubjectKind::View => {
            let rows = saved_view::Entity::find()
                .filter(saved_view::Column::CampaignId.eq(campaign.0))
                .filter(saved_view::Column::Id.is_in(ids.iter().copied()))
                .fetch_all(r.access())
                .await?;
            hashed(rows.iter().map(from_view).collect::<Result<Vec<_>, _>>()?)
        }
        SubjectKind::HandoverRequest => {
            let rows = handover_request::Entity::find()
                .filter(handover_request::Column::CampaignId.eq(campaign.0))
                .filter(handover_request::Column::Id.is_in(ids.iter().copied()))
                .fetch_all(r.access())
                .await?;
            hashed(rows.into_iter().map(from_handover_request).collect::<Result<Vec<_>, _>>()?)
        }
        SubjectKind::Phase => {
            let rows = phase::Entity::find()
                .filter(phase::Column::CampaignId.eq(campaign.0))
                .filter(phase::Column::Id.is_in(ids.iter().copied()))
                .fetch_all(r.access())
                .await?;
            hashed(rows.into_iter().map(from_phase).collect::<Result<Vec<_>, _>>()?)
        }
        SubjectKind::PlanImport => {
            let mut all = Vec::with_capacity(ids.len());
            // One by one: a plan document holds its whole text.
            for id in ids {
                let row = plan_import::Entity::find_by_id((campaign.0, *id)).fetch_one(r.access()).await?;
                all.extend(hashed(row.map(from_import).transpose()?));
            }
            all
        }
        SubjectKind::Installation
        | SubjectKind::Setting
        | SubjectKind::User
        | SubjectKind::Grant
        | SubjectKind::Token
        | SubjectKind::Campaign
        | SubjectKind::SecondFactor
        | SubjectKind::OidcLink
        | SubjectKind::Invitation
        | SubjectKind::Standard
        | SubjectKind::Edition
        | SubjectKind::Catalogue => Vec::new(),
    })
}

fn hashed<A: Aggregate>(values: impl IntoIterator<Item = A>) -> Vec<(Subject, Hash)> {
    values.into_iter().map(|value| (value.subject(), value.hashed())).collect()
}

fn by_campaign(keys: &[Key]) -> Vec<(CampaignId, Vec<Uuid>)> {
    let mut groups: Vec<(CampaignId, Vec<Uuid>)> = Vec::new();
    for key in keys {
        let Key::Of(campaign, id) = key else { continue };
        match groups.last_mut() {
            Some((last, ids)) if last.0 == *campaign => ids.push(*id),
            _ => groups.push((CampaignId(*campaign), vec![*id])),
        }
    }
    groups
}

/// Those of these subjects that have a row, readable or not.
pub(super) async fn present(
    r: &Read,
    kind: SubjectKind,
    subjects: &[Subject],
) -> Result<HashSet<Subject>, StoreError> {
    let Some((table, shape)) = table(kind) else { return Ok(subjects.iter().copied().collect()) };
    if subjects.is_empty() {
        return Ok(HashSet::new());
    }
    if matches!(shape, Shape::Named) {
        return present_settings(r).await;
    }
    let places: Vec<String> = (1..=subjects.len()).map(|n| format!("${n}")).collect();
    let columns = match shape {
        Shape::Scoped => "id, campaign_id",
        Shape::Global | Shape::Named => "id",
    };
    let sql = format!("SELECT {columns} FROM {table} WHERE id IN ({})", places.join(", "));
    let values: Vec<Value> = subjects.iter().map(|subject| subject.id.into()).collect();
    let db = r.access();
    let statement = Statement::from_sql_and_values(db.backend(), sql, values);
    let rows: Vec<(Uuid, Option<Uuid>)> = match shape {
        Shape::Scoped => db.tuples(statement).await?,
        Shape::Global | Shape::Named => {
            db.tuples(statement).await?.into_iter().map(|id| (id, None)).collect()
        }
    };
    let mut found = HashSet::new();
    for (id, campaign) in rows {
        let same = |subject: &&Subject| {
            subject.id == id && campaign.is_none_or(|own| subject.campaign == Some(CampaignId(own)))
        };
        found.extend(subjects.iter().filter(same));
    }
    Ok(found)
}

/// A setting's subject does not tell its name; there are few of them.
async fn present_settings(r: &Read) -> Result<HashSet<Subject>, StoreError> {
    let rows = setting::Entity::find().fetch_all(r.access()).await?;
    let subject = |row: &setting::Model| {
        SettingRow { key: &row.key, value: &row.value, version: row.version }.subject()
    };
    Ok(rows.iter().map(subject).collect())
}
