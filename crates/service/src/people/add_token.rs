use chengjing_domain::{
    id::TokenId,
    ledger::{Subject, SubjectKind},
    people::ApiToken,
};
use chengjing_store::{ledger, people as store};
use chrono::Duration;
use serde_json::json;

use super::{hex, secret_hash};
use crate::{App, Caller, Refusal, refusal::Faults};

/// A token for programs, for oneself. The secret is given back once and kept nowhere.
pub async fn add_token(app: &App, caller: &Caller, name: &str, days: Option<i64>) -> Result<String, Refusal> {
    let mut faults = Faults::default();
    let name = faults.text("name", name, 50);
    if days.is_some_and(|days| !(1..=3650).contains(&days)) {
        faults.add("days", "有效期为1到3650天", "1 to 3650 days");
    }
    faults.end()?;
    let secret = hex(&caller.ids.secret());
    let token = ApiToken {
        id: TokenId(caller.ids.uuid(caller.now)),
        user: caller.actor.user,
        name,
        token_hash: secret_hash(&secret),
        created_at: caller.now,
        expires_at: days.map(|days| caller.now + Duration::days(days)),
        revoked_at: None,
    };
    let details = json!({ "name": token.name, "expires_at": token.expires_at });
    let act = caller.act_named("token.add", Subject::installed(SubjectKind::Token, token.id.0), details);
    app.store
        .write(move |tx| {
            let (token, act) = (token.clone(), act.clone());
            async move {
                store::add_token(&tx, &token).await?;
                ledger::record(&tx, act).await?;
                Ok::<_, Refusal>(())
            }
        })
        .await?;
    Ok(secret)
}
