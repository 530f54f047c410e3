use chengjing_domain::people::policy::{Action, Resource};
use chengjing_store::{Page, Paging, mail as store};
pub use store::{Letter, LetterState};

use crate::{App, Caller, Refusal, people::display_name};

/// A letter, and what its reader is called.
#[derive(Debug, Clone)]
pub struct LetterView {
    pub letter: Letter,
    pub name: String,
}

/// All letters, the newest first: what was sent, what waits, what failed and why.
pub async fn list(app: &App, caller: &Caller, paging: Paging) -> Result<Page<LetterView>, Refusal> {
    caller.may(Action::ManageUsers, Resource::System)?;
    app.store
        .read(|q| async move {
            let page = store::list_letters(&q, &paging).await?;
            let mut items = Vec::with_capacity(page.items.len());
            for letter in page.items {
                let name = display_name(&q, letter.user).await?;
                items.push(LetterView { letter, name });
            }
            Ok(Page { items, next: page.next })
        })
        .await
}
