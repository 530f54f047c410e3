use chengjing_domain::id::CampaignId;

use crate::{campaign, door::Store, duty, error::StoreError, evidence, page::Paging, plan};

/// Things indexed in one write.
const SOME: u64 = 200;

/// Indexes everything anew: after a restore, which brings no index, and for `chengjing doctor`.
pub async fn rebuild(store: &Store) -> Result<(), StoreError> {
    let mut campaigns = Paging::first(SOME);
    loop {
        let asked = campaigns.clone();
        let page = store.read(|r| async move { campaign::list(&r, None, &asked).await }).await?;
        for campaign in page.items {
            rebuild_campaign(store, campaign.id).await?;
        }
        let Some(next) = page.next else { return Ok(()) };
        campaigns = Paging::after(next, SOME);
    }
}

async fn rebuild_campaign(store: &Store, here: CampaignId) -> Result<(), StoreError> {
    let mut paging = Some(Paging::first(SOME));
    while let Some(asked) = paging {
        let next = store.write_unrecorded("indexing anew", move |tx| {
            let asked = asked.clone();
            async move {
                let page = campaign::list_units(&tx, here, &asked).await?;
                campaign::index_units(&tx, &page.items).await?;
                Ok::<_, StoreError>(page.next)
            }
        });
        paging = next.await?.map(|next| Paging::after(next, SOME));
    }
    let mut paging = Some(Paging::first(SOME));
    while let Some(asked) = paging {
        let next = store.write_unrecorded("indexing anew", move |tx| {
            let asked = asked.clone();
            async move {
                let page = plan::list(&tx, here, &asked).await?;
                for summary in &page.items {
                    if let Some(import) = plan::lookup(&tx, here, summary.id).await? {
                        plan::index(&tx, &import).await?;
                    }
                }
                Ok::<_, StoreError>(page.next)
            }
        });
        paging = next.await?.map(|next| Paging::after(next, SOME));
    }
    let mut after = None;
    loop {
        let last = store.write_unrecorded("indexing anew", move |tx| async move {
            let duties = duty::load_after(&tx, here, after, SOME).await?;
            for duty in &duties {
                duty::index(&tx, duty).await?;
            }
            Ok::<_, StoreError>(duties.last().map(|duty| duty.id))
        });
        match last.await? {
            Some(last) => after = Some(last),
            None => break,
        }
    }
    let mut after = None;
    loop {
        let last = store.write_unrecorded("indexing anew", move |tx| async move {
            let materials = evidence::load_after(&tx, here, after, SOME).await?;
            for one in &materials {
                evidence::index(&tx, one).await?;
            }
            Ok::<_, StoreError>(materials.last().map(|one| one.id))
        });
        match last.await? {
            Some(last) => after = Some(last),
            None => return Ok(()),
        }
    }
}
