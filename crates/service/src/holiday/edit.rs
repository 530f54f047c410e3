use chengjing_domain::{
    ledger::{Subject, SubjectKind},
    people::policy::{Action, Resource},
};
use chengjing_store::{ledger, setting};
use serde_json::json;
use uuid::Uuid;

use super::{Stored, YearSeen, key, read, seen as as_seen};
use crate::{App, Caller, Refusal, daily, task::dates};

/// Puts a year's holidays in, or goes back to those that came with the program (None). `seen`: the version that the
/// caller saw. The coming dates of recurring duties follow soon, in every campaign.
pub async fn edit(
    app: &App,
    caller: &Caller,
    year: i32,
    seen: i64,
    file: Option<String>,
) -> Result<YearSeen, Refusal> {
    caller.may(Action::EditHolidays, Resource::System)?;
    let file = file.map(|file| read(year, &file)).transpose()?.map(|told| told.file());
    let caller = caller.clone();
    let app_here = app.clone();
    app.store
        .write(move |tx| {
            let (app, caller, file) = (app_here.clone(), caller.clone(), file.clone());
            async move {
                let before = as_seen(&tx, year).await?;
                if before.version != seen {
                    return Err(Refusal::Stale);
                }
                let told = file.is_some();
                if !told && !matches!(before.origin, super::Origin::Own { .. }) {
                    return Err(Refusal::NotFound);
                }
                let stored = Stored { file, changed_by: caller.actor.user, changed_at: caller.now };
                let value = serde_json::to_string(&stored);
                let value = value.map_err(|_| Refusal::Internal("holidays can't be written as JSON"))?;
                setting::save(&tx, &key(year), &value).await?;
                daily::order_all_in(&tx, &*app.ids, dates::KIND, caller.now).await?;
                let after = as_seen(&tx, year).await?;
                let named = |seen: &YearSeen| seen.holidays.as_ref().map(|year| year.source.clone());
                let details = json!({
                    "year": year,
                    "source": { "before": named(&before), "after": named(&after) },
                    "days_off": after.holidays.as_ref().map(|year| year.lengths().0),
                    "working": after.holidays.as_ref().map(|year| year.lengths().1),
                });
                let subject = Subject::installed(SubjectKind::Installation, Uuid::nil());
                let action = if told { "holiday.edit" } else { "holiday.reset" };
                ledger::record(&tx, caller.act_named(action, subject, details)).await?;
                Ok(after)
            }
        })
        .await
}
