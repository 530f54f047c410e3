use chengjing_domain::{
    id::{AttachmentId, CampaignId},
    photo::{Album, Fingerprint, Twin},
};
use chengjing_store::{Store, StoreError, photo as store};
use tokio::sync::Mutex;

/// What the photographs look like of the campaigns that were asked for last. A photograph takes about two kilobytes.
#[derive(Debug, Default)]
pub(crate) struct Albums(Mutex<Vec<Kept>>);

#[derive(Debug)]
struct Kept {
    campaign: CampaignId,
    /// The number of the last photograph that is in it.
    last: i64,
    album: Album<AttachmentId>,
}

impl Albums {
    /// Campaigns whose albums are kept.
    const MOST: usize = 2;
    /// Photographs that are fetched together.
    const SOME: u64 = 500;

    /// The photographs of a campaign that show the same shot, the likest first: of all that were compared before, by whichever
    /// server.
    pub(super) async fn twins(
        &self,
        store: &Store,
        campaign: CampaignId,
        of: &Fingerprint,
    ) -> Result<Vec<Twin<AttachmentId>>, StoreError> {
        let mut albums = self.0.lock().await;
        let mut kept = match albums.iter().position(|kept| kept.campaign == campaign) {
            Some(at) => albums.remove(at),
            None => Kept { campaign, last: 0, album: Album::new() },
        };
        let brought_up = bring_up(store, &mut kept).await;
        let twins = kept.album.twins(of);
        albums.insert(0, kept);
        albums.truncate(Self::MOST);
        brought_up.map(|()| twins)
    }
}

/// Adds what was compared since.
async fn bring_up(store: &Store, kept: &mut Kept) -> Result<(), StoreError> {
    loop {
        let (campaign, last) = (kept.campaign, kept.last);
        let some = store
            .read(|q| async move { store::list_compared(&q, campaign, last, Albums::SOME).await })
            .await?;
        for photo in &some {
            if let Some(look) = &photo.look {
                kept.album.add(photo.id, look);
            }
            kept.last = photo.number.unwrap_or(kept.last);
        }
        if (some.len() as u64) < Albums::SOME {
            return Ok(());
        }
    }
}
