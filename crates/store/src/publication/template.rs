//! Versions of templates; their bytes lie in [`crate::file`].

use chengjing_domain::{
    id::{CampaignId, TemplateId, UserId},
    ledger::Hash,
    publication::{Form, Paper, template::Template},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, NotSet, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Expr,
};

use crate::{
    door::{Execute, Fetch, Queries, Tx},
    entity::template,
    error::StoreError,
    ledger::note_stored,
    page::{Cursor, Page, Paging, part},
    row::{cut, inconsistent, insert, one_changed},
};

pub async fn lookup(
    q: &impl Queries,
    campaign: CampaignId,
    id: TemplateId,
) -> Result<Option<Template>, StoreError> {
    let row = template::Entity::find_by_id((campaign.0, id.0)).fetch_one(q.access()).await?;
    row.as_ref().map(from_template).transpose()
}

/// The one that is used for a paper in a form; None: the built-in one is.
pub async fn lookup_in_use(
    q: &impl Queries,
    campaign: CampaignId,
    paper: Paper,
    form: Form,
) -> Result<Option<Template>, StoreError> {
    use template::Column as C;
    let row = template::Entity::find()
        .filter(C::CampaignId.eq(campaign.0))
        .filter(C::Paper.eq(paper.code()))
        .filter(C::Form.eq(form.code()))
        // Written out as the partial index is, so that SQLite knows it again.
        .filter(Expr::cust("in_use"))
        .fetch_one(q.access())
        .await?;
    row.as_ref().map(from_template).transpose()
}

/// The versions of a paper's template in a form, the newest first.
pub async fn list(
    q: &impl Queries,
    campaign: CampaignId,
    paper: Paper,
    form: Form,
    paging: &Paging,
) -> Result<Page<Template>, StoreError> {
    use template::Column as C;
    let mut query = template::Entity::find()
        .filter(C::CampaignId.eq(campaign.0))
        .filter(C::Paper.eq(paper.code()))
        .filter(C::Form.eq(form.code()));
    if let Some(cursor) = &paging.after {
        let [number] = cursor.parts()?;
        query = query.filter(C::Number.lt(part::<i32>(number)?));
    }
    let rows = query.order_by_desc(C::Number).limit(paging.size() + 1).fetch_all(q.access()).await?;
    Page::cut(rows, paging.size(), |row| Cursor::of(&[&row.number])).try_map(|row| from_template(&row))
}

pub async fn add(tx: &Tx, new: &Template) -> Result<Template, StoreError> {
    let stored = Template { created_at: cut(new.created_at), ..new.clone() };
    insert::<template::Entity>(tx, to_template(&stored)).await?;
    note_stored(tx, &stored);
    Ok(stored)
}

/// Stores a changed template under the next version, which it returns.
///
/// # Errors
/// [`StoreError::Stale`] where it is not what is stored any more.
pub async fn save(tx: &Tx, changed: &Template) -> Result<Template, StoreError> {
    let stored =
        Template { created_at: cut(changed.created_at), version: changed.version + 1, ..changed.clone() };
    let mut row = to_template(&stored).into_active_model().reset_all();
    (row.campaign_id, row.id) = (NotSet, NotSet);
    let rows = template::Entity::update_many()
        .set(row)
        .filter(template::Column::CampaignId.eq(changed.campaign.0))
        .filter(template::Column::Id.eq(changed.id.0))
        .filter(template::Column::Version.eq(changed.version))
        .execute(tx.access())
        .await?;
    one_changed(rows)?;
    note_stored(tx, &stored);
    Ok(stored)
}

fn to_template(stored: &Template) -> template::Model {
    template::Model {
        campaign_id: stored.campaign.0,
        id: stored.id.0,
        paper: stored.paper.code().to_owned(),
        form: stored.form.code().to_owned(),
        number: stored.number,
        name: stored.name.clone(),
        file_hash: stored.hash.0.to_vec(),
        size: i64::try_from(stored.size).unwrap_or(i64::MAX),
        uploaded_by: stored.uploaded_by.0,
        created_at: stored.created_at,
        in_use: stored.in_use,
        version: stored.version,
    }
}

pub(crate) fn from_template(row: &template::Model) -> Result<Template, StoreError> {
    let fault = |column| inconsistent("template", column, row.id);
    Ok(Template {
        campaign: CampaignId(row.campaign_id),
        id: TemplateId(row.id),
        paper: Paper::from_code(&row.paper).ok_or_else(|| fault("paper"))?,
        form: Form::from_code(&row.form).ok_or_else(|| fault("form"))?,
        number: row.number,
        name: row.name.clone(),
        hash: Hash::from_slice(&row.file_hash).ok_or_else(|| fault("file_hash"))?,
        size: u64::try_from(row.size).map_err(|_| fault("size"))?,
        uploaded_by: UserId(row.uploaded_by),
        created_at: row.created_at,
        in_use: row.in_use,
        version: row.version,
    })
}
