use chengjing_domain::people::policy::{Action, Resource};
use chengjing_store::people as store;

use super::{TokenView, token_view};
use crate::{App, Caller, Refusal};

/// One's own tokens that work, newest first.
pub async fn list_tokens(app: &App, caller: &Caller) -> Result<Vec<TokenView>, Refusal> {
    caller.may(Action::SecureOwnAccount, Resource::System)?;
    let (user, now) = (caller.actor.user, caller.now);
    app.store
        .read(|q| async move {
            let mut views = Vec::new();
            for token in store::list_tokens(&q, user).await?.into_iter().filter(|token| token.works(now)) {
                views.push(token_view(&q, token).await?);
            }
            Ok(views)
        })
        .await
}
