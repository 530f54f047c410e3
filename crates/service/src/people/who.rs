use std::sync::Arc;

use chengjing_domain::people::Actor;
use chengjing_store::people as store;
use chrono::Duration;

use super::secret_hash;
use crate::{App, Refusal};

/// Who is behind a session's or a token's secret; None where it is unknown, ended, or the user is disabled.
pub async fn who(app: &App, secret: &str) -> Result<Option<Arc<Actor>>, Refusal> {
    let now = app.now();
    let hash = secret_hash(secret);
    if let Some(actor) = app.sessions.get(&hash, now) {
        return Ok(Some(actor));
    }
    let idle = app.login_rules.idle;
    let found = app
        .store
        .read(|q| async move {
            if let Some((session, actor)) = store::lookup_session(&q, &hash).await? {
                let over = session.expires_at <= now || session.seen_at + idle <= now;
                return Ok::<_, Refusal>((!over).then_some((actor, Some(session))));
            }
            let token = store::lookup_token(&q, &hash).await?;
            Ok(token
                .filter(|(token, _)| {
                    token.revoked_at.is_none() && token.expires_at.is_none_or(|end| end > now)
                })
                .map(|(_, actor)| (actor, None)))
        })
        .await?;
    let Some((actor, session)) = found else { return Ok(None) };
    let actor = Arc::new(actor);
    if let Some(session) = session.filter(|session| now - session.seen_at > Duration::minutes(1)) {
        let (id, end) = (session.id, session.expires_at);
        let touch = move |tx| async move { store::touch_session(&tx, id, now, end).await };
        // That somebody was seen is worth no refusal of what they ask.
        if let Err(error) = app.store.write_unrecorded("a session was seen", touch).await {
            tracing::warn!(%error, "a session could not be marked as seen");
        }
    }
    app.sessions.put(hash, Arc::clone(&actor), now);
    Ok(Some(actor))
}
