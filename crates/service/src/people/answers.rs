//! Answers already given, for requests that are sent again under the same key.

use chengjing_domain::{id::UserId, ledger::Hash};
use chengjing_store::idempotency as store;
pub use store::Answer;

use crate::{App, Refusal};

/// The answer to that user's request under that key.
pub async fn recall(app: &App, user: UserId, key: &str) -> Result<Option<Answer>, Refusal> {
    let key = key.to_owned();
    app.store.read(|q| async move { Ok(store::lookup(&q, user, &key).await?) }).await
}

/// Keeps an answer. Whoever kept one first is right.
pub async fn keep(
    app: &App,
    user: UserId,
    key: &str,
    operation: &str,
    fingerprint: Hash,
    status: u16,
    response: String,
) -> Result<(), Refusal> {
    let answer = Answer {
        user,
        key: key.to_owned(),
        operation: operation.to_owned(),
        fingerprint,
        status,
        response,
        created_at: app.now(),
    };
    app.store
        .write_unrecorded("an answer is kept", move |tx| {
            let answer = answer.clone();
            async move {
                if store::lookup(&tx, answer.user, &answer.key).await?.is_none() {
                    store::add(&tx, &answer).await?;
                }
                Ok::<_, Refusal>(())
            }
        })
        .await
}
