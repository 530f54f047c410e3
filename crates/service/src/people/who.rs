use std::sync::Arc;

use chengjing_domain::{
    id::{SessionId, TokenId},
    people::Actor,
};
use chengjing_store::people as store;
use chrono::{DateTime, Duration, Utc};

use super::secret_hash;
use crate::{App, Refusal};

/// What is marked as used, at most once a minute.
enum Used {
    Session(SessionId, DateTime<Utc>),
    Token(TokenId),
}

/// Who is behind a session's or a token's secret; None where it is unknown, ended, or the user is disabled.
pub async fn who(app: &App, secret: &str) -> Result<Option<Arc<Actor>>, Refusal> {
    find(app, secret, Asks::Somebody).await
}

/// As [`who`], asked by a page that stands open: nobody need sit before it, so that the session ends as if it had not.
pub async fn still(app: &App, secret: &str) -> Result<Option<Arc<Actor>>, Refusal> {
    find(app, secret, Asks::OpenPage).await
}

/// Who wants to know.
#[derive(PartialEq, Eq)]
enum Asks {
    Somebody,
    OpenPage,
}

async fn find(app: &App, secret: &str, asks: Asks) -> Result<Option<Arc<Actor>>, Refusal> {
    let now = app.now();
    let hash = secret_hash(secret);
    if let Some(actor) = app.sessions.get(&hash, now) {
        return Ok(Some(actor));
    }
    let read_at = app.sessions.age();
    let rules = app.login_rules.clone();
    let found = app
        .store
        .read(|q| async move {
            let a_while_ago = |at: DateTime<Utc>| now - at > Duration::minutes(1);
            if let Some((session, actor)) = store::lookup_session(&q, &hash).await? {
                let used = Used::Session(session.id, session.expires_at);
                let alive = rules.is_alive(&session, now);
                return Ok::<_, Refusal>(
                    alive.then_some((actor, a_while_ago(session.seen_at).then_some(used))),
                );
            }
            // The link of a calendar logs nobody in.
            let token = store::lookup_token(&q, &hash).await?;
            let token = token.filter(|(token, _)| token.works(now) && !token.limits.calendar);
            Ok(token.map(|(token, actor)| {
                (actor, token.used_at.is_none_or(a_while_ago).then_some(Used::Token(token.id)))
            }))
        })
        .await?;
    let Some((actor, used)) = found else { return Ok(None) };
    let actor = Arc::new(actor);
    if let Some(used) = used.filter(|_| asks == Asks::Somebody) {
        let used = Arc::new(used);
        let touch = move |tx| {
            let used = Arc::clone(&used);
            async move {
                match *used {
                    Used::Session(id, end) => store::touch_session(&tx, id, now, end).await.map(drop),
                    Used::Token(id) => store::touch_token(&tx, id, now).await,
                }
            }
        };
        // That somebody was seen is worth no refusal of what they ask.
        if let Err(error) = app.store.write_unrecorded("a session or a token was used", touch).await {
            tracing::warn!(%error, "a session could not be marked as seen");
        }
    }
    if asks == Asks::OpenPage {
        // Who was not marked as seen must not be remembered: the next request would not mark them either.
        return Ok(Some(actor));
    }
    app.sessions.put(hash, Arc::clone(&actor), now, read_at);
    Ok(Some(actor))
}
