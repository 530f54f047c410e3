use chengjing_domain::{
    ledger::{Subject, SubjectKind},
    people::{
        SecondFactor,
        policy::{Action, Resource},
    },
};
use chengjing_store::{ledger, people as store};
use serde_json::json;

use super::new_codes;
use crate::{App, Caller, Refusal, people::password};

/// Ten new recovery codes in place of those that are left, given once.
pub async fn renew_codes(app: &App, caller: &Caller, typed: &str) -> Result<Vec<String>, Refusal> {
    caller.may(Action::SecureOwnAccount, Resource::System)?;
    password::must_be_own(app, caller, "password", typed).await?;
    let user = caller.actor.user;
    let (codes, recovery) = new_codes(app);
    let subject = Subject::installed(SubjectKind::SecondFactor, user.0);
    let act = caller.act_named("second_factor.renew", subject, json!({}));
    let saved = app.store.write(move |tx| {
        let (recovery, act) = (recovery.clone(), act.clone());
        async move {
            let factor = store::lookup_second_factor(&tx, user).await?;
            let factor = factor.filter(|factor| factor.confirmed_at.is_some());
            let factor = factor
                .ok_or_else(|| Refusal::conflict("还没有开启两步验证", "The second factor is not on"))?;
            store::save_second_factor(&tx, &SecondFactor { recovery, ..factor }).await?;
            ledger::record(&tx, act).await?;
            Ok::<_, Refusal>(())
        }
    });
    saved.await?;
    Ok(codes)
}
