use chengjing_domain::{
    ledger::{Subject, SubjectKind},
    people::{
        SecondFactor,
        policy::{Action, Resource},
    },
};
use chengjing_store::{ledger, people as store};
use serde_json::json;

use super::{new_codes, prove};
use crate::{App, Caller, Refusal};

/// Turns the second factor on by a first code of the phone, and gives the recovery codes, once.
pub async fn confirm(app: &App, caller: &Caller, code: &str) -> Result<Vec<String>, Refusal> {
    caller.may(Action::SecureOwnAccount, Resource::System)?;
    let (user, now) = (caller.actor.user, caller.now);
    let factor = app.store.read(|q| async move { store::lookup_second_factor(&q, user).await }).await?;
    let factor = factor.filter(|factor| factor.confirmed_at.is_none());
    let factor = factor.ok_or_else(|| {
        Refusal::conflict("请先开始设置两步验证", "Begin setting up the second factor first")
    })?;
    let Some(proof) = prove(app, &factor, code).await? else {
        let (zh, en) = ("验证码不正确，请看手机上现在的", "not the code that the phone shows now");
        return Err(Refusal::invalid("code", zh, en));
    };
    let (codes, recovery) = new_codes(app);
    let confirmed = SecondFactor { recovery, confirmed_at: Some(now), ..factor.clone().used(proof) };
    let subject = Subject::installed(SubjectKind::SecondFactor, user.0);
    let act = caller.act_named("second_factor.add", subject, json!({}));
    let saved = app.store.write(move |tx| {
        let (before, confirmed, act) = (factor.clone(), confirmed.clone(), act.clone());
        async move {
            // Begun anew or confirmed in the meantime: that code proved something else.
            if store::lookup_second_factor(&tx, user).await? != Some(before) {
                return Err(Refusal::Stale);
            }
            store::save_second_factor(&tx, &confirmed).await?;
            ledger::record(&tx, act).await?;
            Ok(())
        }
    });
    saved.await?;
    Ok(codes)
}
