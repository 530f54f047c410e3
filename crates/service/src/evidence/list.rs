use chengjing_domain::{
    evidence::review::StateKind,
    id::{CampaignId, UnitId},
    standard::FilingKind,
};
use chengjing_store::{Page, Paging, evidence as store};

use super::{EvidenceRow, Of, rows, scope};
use crate::{App, Caller, Refusal, duty::Names};

/// Which materials are wanted; all that is given must hold.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub unit: Option<UnitId>,
    pub kind: Option<FilingKind>,
    pub of: Option<Of>,
    pub state: Option<StateKind>,
    /// Only what is filed for nothing.
    pub unlinked: bool,
    pub text: Option<String>,
}

/// The materials of a campaign that the caller may see, what was filed last first.
pub async fn list(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    wanted: Wanted,
    paging: Paging,
) -> Result<(Page<EvidenceRow>, Names), Refusal> {
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .read(|q| async move {
            let filter = store::EvidenceFilter {
                unit: wanted.unit,
                any_unit: scope(&q, &caller, campaign).await?,
                kind: wanted.kind,
                of: wanted.of,
                state: wanted.state,
                unlinked: wanted.unlinked,
                text: wanted.text,
            };
            let page = store::list(&q, campaign, &filter, &paging).await?;
            let items = rows(&here, &q, campaign, page.items).await?;
            Ok((Page { items, next: page.next }, Names::load(&q, campaign).await?))
        })
        .await
}
