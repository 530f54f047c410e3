use chengjing_domain::{
    duty::remind::Choices,
    ledger::{Subject, SubjectKind},
    people::policy::{Action, Resource},
};
use chengjing_store::{ledger, setting};
use serde_json::json;

use super::{choices_key, load};
use crate::{App, Caller, Refusal, difference::Difference};

/// What the caller wants to hear and how, and the version of that; 0 where they never chose.
pub async fn look_up(app: &App, caller: &Caller) -> Result<(Choices, i64), Refusal> {
    caller.may(Action::UseOwnAccount, Resource::System)?;
    let key = choices_key(caller.actor.user);
    app.store.read(|q| async move { load(&q, &key).await }).await
}

/// Changes what the caller wants to hear; what the office demands reaches them all the same.
pub async fn choose(
    app: &App,
    caller: &Caller,
    seen: i64,
    choices: Choices,
) -> Result<(Choices, i64), Refusal> {
    caller.may(Action::ChooseNotices, Resource::System)?;
    let caller = caller.clone();
    app.store
        .write(move |tx| {
            let (caller, choices) = (caller.clone(), choices.clone());
            async move {
                let key = choices_key(caller.actor.user);
                let (before, version): (Choices, i64) = load(&tx, &key).await?;
                if version != seen {
                    return Err(Refusal::Stale);
                }
                let value = serde_json::to_string(&choices);
                let value = value.map_err(|_| Refusal::Internal("choices can't be written as JSON"))?;
                setting::save(&tx, &key, &value).await?;
                let mut difference = Difference::default();
                difference.of("kinds", &before.kinds, &choices.kinds, |kinds| json!(kinds));
                difference.of("channels", &before.channels, &choices.channels, |channels| json!(channels));
                difference.of("pace", &before.pace, &choices.pace, |pace| json!(pace));
                let subject = Subject::installed(SubjectKind::User, caller.actor.user.0);
                let act = caller.act(Action::ChooseNotices, subject, difference.details());
                ledger::record(&tx, act).await?;
                Ok((choices, version + 1))
            }
        })
        .await
}
