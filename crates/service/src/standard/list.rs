use chengjing_domain::people::policy::{self, Action, Resource, Where};
use chengjing_store::{
    Page, Paging,
    standard::{self as store, edition},
};

use super::{StandardSeen, may_edit};
use crate::{App, Caller, Refusal};

/// The standards that the caller sees on shelves, the newest first: the installation's, and those of campaigns whose office
/// they are.
pub async fn list(app: &App, caller: &Caller, paging: Paging) -> Result<Page<StandardSeen>, Refusal> {
    let reach = policy::reach_of(&caller.actor, Action::BrowseStandards);
    if reach == Where::In(Vec::new()) {
        caller.may(Action::BrowseStandards, Resource::System)?;
    }
    let caller = caller.clone();
    app.store
        .read(|q| async move {
            let page = store::list(&q, &reach, &paging).await?;
            let ids: Vec<_> = page.items.iter().map(|kept| kept.id).collect();
            let mut editions = edition::list(&q, &ids).await?;
            let seen = |kept: chengjing_domain::standard::edition::Kept| StandardSeen {
                editions: editions.remove(&kept.id).unwrap_or_default(),
                editable: may_edit(&caller, kept.owner).is_ok(),
                kept,
            };
            Ok(Page { items: page.items.into_iter().map(seen).collect(), next: page.next })
        })
        .await
}
