use chengjing_domain::{
    id::UserId,
    people::policy::{Action, Resource},
};
use chengjing_store::people as store;

use super::{UserView, view};
use crate::{App, Caller, Refusal};

/// One user.
pub async fn look_up_user(app: &App, caller: &Caller, id: UserId) -> Result<UserView, Refusal> {
    caller.may(Action::ManageUsers, Resource::System)?;
    app.store
        .read(|q| async move {
            let user = store::lookup_user(&q, id).await?.ok_or(Refusal::NotFound)?;
            Ok(view(&q, user).await?)
        })
        .await
}
