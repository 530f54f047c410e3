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

#[derive(Debug, Default)]
struct Known {
    /// By the secret's hash: who, and since when we know it.
    actors: HashMap<[u8; 32], (Arc<Actor>, DateTime<Utc>)>,
    /// How often it was emptied.
    age: Age,
}

/// A time between two emptyings.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Age(u64);

impl SessionCache {
    const AGE: Duration = Duration::seconds(5);
    const MOST: usize = 20_000;

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Taken before the database is asked for what is then put.
    pub(crate) fn age(&self) -> Age {
        self.lock().age
    }

    pub(crate) fn get(&self, hash: &[u8; 32], now: DateTime<Utc>) -> Option<Arc<Actor>> {
        let (actor, since) = self.lock().actors.get(hash).cloned()?;
        (now - since < Self::AGE && now >= since).then_some(actor)
    }

    /// Remembers what the database said, unless it was emptied since: what was read then may hold no longer.
    pub(crate) fn put(&self, hash: [u8; 32], actor: Arc<Actor>, now: DateTime<Utc>, read_at: Age) {
        let mut known = self.lock();
        if known.age != read_at {
            return;
        }
        if known.actors.len() >= Self::MOST {
            known.actors.clear();
        }
        known.actors.insert(hash, (actor, now));
    }

    pub(crate) fn clear(&self) {
        let mut known = self.lock();
        known.actors.clear();
        known.age.0 += 1;
    }
}

#[cfg(test)]
mod tests {
    use chengjing_domain::{id::UserId, people::Via};

    use super::*;

    #[test]
    fn what_was_read_before_a_session_ended_is_not_remembered_after_it() {
        let cache = SessionCache::default();
        let (name, user) = (String::new(), UserId(uuid::Uuid::nil()));
        let actor = Arc::new(Actor {
            user,
            display_name: name.clone(),
            name,
            grants: Vec::new(),
            via: Via::Program,
            must_change_password: false,
        });
        let now = DateTime::from_timestamp(1_778_029_200, 0).expect("a moment");
        let read_at = cache.age();
        cache.clear();
        cache.put([1; 32], Arc::clone(&actor), now, read_at);
        assert_eq!(cache.get(&[1; 32], now), None);
        cache.put([1; 32], Arc::clone(&actor), now, cache.age());
        assert_eq!(cache.get(&[1; 32], now), Some(actor));
        assert_eq!(cache.get(&[1; 32], now + SessionCache::AGE), None);
    }
}
