use chengjing_domain::people::policy::{Action, Resource};

use super::{YearSeen, seen};
use crate::{App, Caller, Refusal};

/// What is known of a year's holidays; nothing is an answer, too.
pub async fn look_up(app: &App, caller: &Caller, year: i32) -> Result<YearSeen, Refusal> {
    caller.may(Action::SeeHolidays, Resource::System)?;
    app.store.read(|q| async move { seen(&q, year).await }).await
}
