use chengjing_domain::{
    ledger::{Subject, SubjectKind},
    people::Via,
};
use chengjing_store::{ledger, people as store};
use serde_json::json;

use crate::{App, Caller, Refusal};

/// Ends the session that asks. A token has none: it is revoked, not logged out.
pub async fn log_out(app: &App, caller: &Caller) -> Result<(), Refusal> {
    let Via::Session(id) = caller.actor.via else { return Err(Refusal::Forbidden) };
    let user = caller.actor.user;
    let subject = Subject::installed(SubjectKind::User, caller.actor.user.0);
    let act = caller.act_named("session.close", subject, json!({}));
    app.store
        .write(move |tx| {
            let act = act.clone();
            async move {
                store::remove_session(&tx, user, id).await?;
                ledger::record(&tx, act).await?;
                Ok::<_, Refusal>(())
            }
        })
        .await?;
    app.sessions.clear();
    Ok(())
}
