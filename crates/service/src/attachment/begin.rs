use chengjing_domain::{
    attachment::upload::{MOST_AT_A_TIME, Upload, Wish},
    id::{CampaignId, UploadId},
    ledger::Hash,
    people::policy::{Action, Resource},
};
use chengjing_store::{attachment::upload as store, campaign as campaigns};

use super::{UploadView, too_many, view_upload};
use crate::{App, Caller, Fault, Refusal};

/// What somebody wants to upload.
#[derive(Debug, Clone)]
pub struct NewUpload {
    pub name: String,
    /// In bytes.
    pub size: u64,
    /// What its bytes must turn out to have.
    pub hash: Option<Hash>,
    /// The most bytes that the installation takes.
    pub limit: u64,
}

/// Begins an upload. The same request again finds the one that it began, however far that is.
pub async fn begin(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    new: NewUpload,
) -> Result<UploadView, Refusal> {
    caller.may(Action::UploadFiles, Resource::Campaign(campaign))?;
    let (id, by): (UploadId, _) = (caller.id("upload"), caller.actor.user);
    let wish = Wish { name: &new.name, size: new.size, hash: new.hash, limit: new.limit };
    let upload = Upload::begin(campaign, id, by, &wish, caller.now)
        .map_err(|faults| Refusal::Invalid(faults.into_iter().map(Fault::from).collect()))?;
    app.store
        .write_unrecorded("a file sets out", move |tx| {
            let upload = upload.clone();
            async move {
                campaigns::lookup(&tx, campaign).await?.ok_or(Refusal::NotFound)?;
                if let Some(there) = store::lookup(&tx, campaign, id).await? {
                    return view_upload(&tx, there).await;
                }
                if store::count_open(&tx, campaign, by).await? >= MOST_AT_A_TIME {
                    return Err(too_many());
                }
                let upload = store::add(&tx, &upload).await?;
                view_upload(&tx, upload).await
            }
        })
        .await
}
