use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chengjing_domain::people::Actor;
use chrono::{DateTime, Duration, Utc};

/// Who is behind a secret, remembered for a moment: a page asks ten things at once.
///
/// Whatever changes a user, a grant or a session in this process empties it. Another process on the same PostgreSQL
/// sees the change after [`SessionCache::AGE`] at the latest.
#[derive(Debug, Default)]
pub(crate) struct SessionCache(Mutex<Known>);

/// By the secret's hash: who, and since when we know it.
type Known = HashMap<[u8; 32], (Arc<Actor>, DateTime<Utc>)>;

impl SessionCache {
    const AGE: Duration = Duration::seconds(5);
    const MOST: usize = 20_000;

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn get(&self, hash: &[u8; 32], now: DateTime<Utc>) -> Option<Arc<Actor>> {
        let (actor, since) = self.lock().get(hash).cloned()?;
        (now - since < Self::AGE && now >= since).then_some(actor)
    }

    pub(crate) fn put(&self, hash: [u8; 32], actor: Arc<Actor>, now: DateTime<Utc>) {
        let mut cache = self.lock();
        if cache.len() >= Self::MOST {
            cache.clear();
        }
        cache.insert(hash, (actor, now));
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }
}
