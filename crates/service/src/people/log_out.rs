use chengjing_domain::ledger::{Subject, SubjectKind};
use chengjing_store::{ledger, people as store};
use serde_json::json;

use super::secret_hash;
use crate::{App, Caller, Refusal};

/// Ends the session with that secret.
pub async fn log_out(app: &App, caller: &Caller, secret: &str) -> Result<(), Refusal> {
    let hash = secret_hash(secret);
    let subject = Subject::installed(SubjectKind::User, caller.actor.user.0);
    let act = caller.act_named("session.close", subject, json!({}));
    app.store
        .write(move |tx| {
            let act = act.clone();
            async move {
                if let Some((session, _)) = store::lookup_session(&tx, &hash).await? {
                    store::remove_session(&tx, session.user, session.id).await?;
                }
                ledger::record(&tx, act).await?;
                Ok::<_, Refusal>(())
            }
        })
        .await?;
    app.sessions.clear();
    Ok(())
}
