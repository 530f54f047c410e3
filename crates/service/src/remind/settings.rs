use chengjing_domain::{
    duty::remind::{MOST_DAYS, MOST_ENTRIES, ReminderSettings, SettingsFault},
    id::CampaignId,
    ledger::{Subject, SubjectKind},
    people::policy::{Action, Resource},
};
use chengjing_store::{campaign as campaigns, ledger, setting};
use serde_json::json;

use super::{calendar, load, settings_key};
use crate::{App, Caller, Refusal, difference::Difference, refusal::Faults};

/// How a campaign reminds, and the version of that; 0 where nobody has changed it.
pub async fn look_up(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
) -> Result<(ReminderSettings, i64), Refusal> {
    caller.may(Action::SeeReminders, Resource::Campaign(campaign))?;
    app.store
        .read(|q| async move {
            campaigns::lookup(&q, campaign).await?.ok_or(Refusal::NotFound)?;
            load(&q, &settings_key(campaign)).await
        })
        .await
}

/// Changes how a campaign reminds; `seen`: the version that the caller saw. What is due by the new settings is told soon.
pub async fn edit(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    seen: i64,
    settings: ReminderSettings,
) -> Result<(ReminderSettings, i64), Refusal> {
    caller.may(Action::EditReminders, Resource::Campaign(campaign))?;
    check(&settings)?;
    let caller = caller.clone();
    let app_here = app.clone();
    app.store
        .write(move |tx| {
            let (app, caller, settings) = (app_here.clone(), caller.clone(), settings.clone());
            async move {
                campaigns::lookup(&tx, campaign).await?.ok_or(Refusal::NotFound)?;
                let key = settings_key(campaign);
                let (before, version): (ReminderSettings, i64) = load(&tx, &key).await?;
                if version != seen {
                    return Err(Refusal::Stale);
                }
                let value = serde_json::to_string(&settings);
                let value = value.map_err(|_| Refusal::Internal("reminders can't be written as JSON"))?;
                setting::save(&tx, &key, &value).await?;
                calendar::order(&tx, &app, campaign, caller.now).await?;
                let subject = Subject::of(campaign, SubjectKind::Campaign, campaign.0);
                let details = difference(&before, &settings).details();
                ledger::record(&tx, caller.act(Action::EditReminders, subject, details)).await?;
                Ok((settings, version + 1))
            }
        })
        .await
}

fn difference(before: &ReminderSettings, after: &ReminderSettings) -> Difference {
    let mut difference = Difference::default();
    difference.of("before", &before.before, &after.before, |days| json!(days));
    difference.of("after", &before.after, &after.after, |days| json!(days));
    difference.of("escalation", &before.escalation, &after.escalation, |steps| json!(steps));
    difference.of("quiet", &before.quiet, &after.quiet, |quiet| json!(quiet));
    difference.of("minimum", &before.minimum, &after.minimum, |minimum| json!(minimum));
    difference
}

fn check(settings: &ReminderSettings) -> Result<(), Refusal> {
    let mut faults = Faults::default();
    for fault in settings.faults() {
        match fault {
            SettingsFault::Days { field, days, least } => faults.add(
                field.code(),
                format!("{days}天不行，应为{least}至{MOST_DAYS}天"),
                format!("{days} days; expected {least} to {MOST_DAYS}"),
            ),
            SettingsFault::Twice { field, days } => {
                faults.add(
                    field.code(),
                    format!("{days}天写了两次"),
                    format!("{days} days stand there twice"),
                );
            }
            SettingsFault::TooMany { field, .. } => faults.add(
                field.code(),
                format!("最多{MOST_ENTRIES}条"),
                format!("at most {MOST_ENTRIES} entries"),
            ),
            SettingsFault::NoHours(_) => {
                faults.add("quiet", "起止时间不能相同", "must not begin when it ends");
            }
        }
    }
    faults.end()
}
