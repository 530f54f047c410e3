use chengjing_domain::{
    id::TokenId,
    ledger::{Subject, SubjectKind},
    people::{
        ApiToken,
        policy::{Action, Resource},
    },
};
use chengjing_store::{ledger, people as store};
use serde_json::json;

use crate::{App, Caller, Refusal};

/// Ends one of one's own tokens, at once and for ever.
pub async fn revoke_token(app: &App, caller: &Caller, id: TokenId) -> Result<(), Refusal> {
    caller.may(Action::SecureOwnAccount, Resource::System)?;
    let (caller, user, now) = (caller.clone(), caller.actor.user, caller.now);
    let revoked = app.store.write(move |tx| {
        let caller = caller.clone();
        async move {
            let token = store::lookup_token_by_id(&tx, id).await?.filter(|token| token.user == user);
            let token = token.ok_or(Refusal::NotFound)?;
            if token.revoked_at.is_some() {
                return Ok(());
            }
            let token = store::save_token(&tx, &ApiToken { revoked_at: Some(now), ..token }).await?;
            let subject = Subject::installed(SubjectKind::Token, id.0);
            let act = caller.act_named("token.revoke", subject, json!({ "name": token.name }));
            ledger::record(&tx, act).await?;
            Ok::<_, Refusal>(())
        }
    });
    revoked.await?;
    app.sessions.clear();
    Ok(())
}
