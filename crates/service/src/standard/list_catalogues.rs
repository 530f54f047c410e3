use chengjing_domain::{
    people::policy::{self, Action, Resource, Where},
    standard::edition::KeptCatalogue,
};
use chengjing_store::{Page, Paging, standard::catalogue};

use crate::{App, Caller, Refusal};

/// The catalogues that the caller sees on shelves, the newest first. Those that come with the program are not among them.
pub async fn list_catalogues(
    app: &App,
    caller: &Caller,
    paging: Paging,
) -> Result<Page<KeptCatalogue>, Refusal> {
    let reach = policy::reach_of(&caller.actor, Action::BrowseStandards);
    if reach == Where::In(Vec::new()) {
        caller.may(Action::BrowseStandards, Resource::System)?;
    }
    Ok(app.store.read(|q| async move { catalogue::list(&q, &reach, &paging).await }).await?)
}
