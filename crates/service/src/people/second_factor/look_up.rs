use chengjing_domain::people::{
    SecondFactor,
    policy::{Action, Resource},
};
use chengjing_store::people as store;

use crate::{App, Caller, Refusal};

/// One's own second factor; None where it is not on.
pub async fn look_up(app: &App, caller: &Caller) -> Result<Option<SecondFactor>, Refusal> {
    caller.may(Action::SecureOwnAccount, Resource::System)?;
    let user = caller.actor.user;
    let factor = app.store.read(|q| async move { store::lookup_second_factor(&q, user).await }).await?;
    Ok(factor.filter(|factor| factor.confirmed_at.is_some()))
}
