use chengjing_domain::{
    attachment::AttachedTo,
    id::{CampaignId, EvidenceId},
    photo::Uncompared,
    standard::FilingKind,
};
use chengjing_store::{attachment as files, photo as store};

use super::must_look_into;
use crate::{
    App, Caller, Refusal,
    attachment::{self, AttachmentView},
};

/// The photographs of a material's newest version whose look was compared with no other, in the order in which they arrived, and
/// why; of other kinds of material none, since those are not compared.
pub async fn uncompared(
    app: &App,
    caller: &Caller,
    (campaign, id): (CampaignId, EvidenceId),
) -> Result<Vec<(AttachmentView, Uncompared)>, Refusal> {
    let caller = caller.clone();
    app.store
        .read(|q| async move {
            let (evidence, _) = must_look_into(&q, &caller, (campaign, id)).await?;
            let mut all = Vec::new();
            if evidence.kind != FilingKind::Photo {
                return Ok(all);
            }
            let shown = &evidence.latest().content.files;
            let mut attached = files::list_of(&q, campaign, AttachedTo::Evidence(id)).await?;
            attached.retain(|one| shown.contains(&one.id));
            for one in attached {
                let look = store::lookup(&q, campaign, one.id).await?.and_then(|photo| photo.look);
                if let Some(why) = Uncompared::of(&one.picture, look.as_ref()) {
                    all.push((attachment::view(&q, one).await?, why));
                }
            }
            Ok(all)
        })
        .await
}
