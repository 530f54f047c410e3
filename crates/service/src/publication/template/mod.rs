//! Templates that offices bring in place of the built-in ones.

pub mod download;
pub mod fields;
pub mod list;
pub mod preview;
pub mod upload;
pub mod use_built_in;
pub mod use_version;

use chengjing_domain::{
    id::CampaignId,
    publication::{Form, Paper, template::Template},
};
use chengjing_store::{StoreError, Tx, publication::template as store};

/// Puts the version that is used out of use.
async fn put_away(
    tx: &Tx,
    campaign: CampaignId,
    paper: Paper,
    form: Form,
) -> Result<Option<Template>, StoreError> {
    match store::lookup_in_use(tx, campaign, paper, form).await? {
        Some(used) => Ok(Some(store::save(tx, &Template { in_use: false, ..used }).await?)),
        None => Ok(None),
    }
}
