use chengjing_domain::people::policy::{Action, Resource};
use chengjing_store::{Page, Paging, people as store};

use super::{UserView, view};
use crate::{App, Caller, Refusal};

/// The users of the installation, by name; `holding`: only those in whose name, 姓名 or unit's name these
/// characters stand.
pub async fn list_users(
    app: &App,
    caller: &Caller,
    holding: Option<String>,
    paging: Paging,
) -> Result<Page<UserView>, Refusal> {
    caller.may(Action::ManageUsers, Resource::System)?;
    app.store
        .read(|q| async move {
            let page = store::list_users(&q, holding.as_deref(), &paging).await?;
            let mut items = Vec::with_capacity(page.items.len());
            for user in page.items {
                items.push(view(&q, user).await?);
            }
            Ok(Page { items, next: page.next })
        })
        .await
}
