use chengjing_domain::{
    id::NoticeId,
    people::policy::{Action, Resource},
};
use chengjing_store::notice::{self as store, Which};
use chrono::{DateTime, Utc};

use super::count::{count, only};
use crate::{App, Caller, Refusal, refusal::Faults};

/// The most notices that are named in one request.
pub const MOST: usize = 200;

/// Marks as read what the caller was told: these, or all until a moment. Says how many are unread now.
pub async fn read(
    app: &App,
    caller: &Caller,
    these: Option<Vec<NoticeId>>,
    until: Option<DateTime<Utc>>,
) -> Result<u64, Refusal> {
    caller.may(Action::ReadNotices, Resource::System)?;
    let mut faults = Faults::default();
    let which = match (these, until) {
        (Some(these), None) if these.len() <= MOST => Some(Which::These(these)),
        (None, Some(until)) => Some(Which::Until(until)),
        (Some(_), None) => {
            faults.add("ids", format!("一次最多{MOST}条"), format!("at most {MOST} at a time"));
            None
        }
        (None, None) | (Some(_), Some(_)) => {
            faults.add("", "请给出 ids 或 until 之一", "give either ids or until");
            None
        }
    };
    faults.end()?;
    let Some(which) = which else { return count(app, caller).await };
    let (user, campaign, now) = (caller.actor.user, only(caller), caller.now);
    let mark = move |tx| {
        let which = which.clone();
        async move { store::mark_read(&tx, user, &which, campaign, now).await }
    };
    app.store.write_unrecorded("somebody read what they were told", mark).await?;
    count(app, caller).await
}
