//! Sends what is due.

use chengjing_domain::{
    clock::day_of,
    id::LetterId,
    people::{Mailbox, policy::Action},
};
use chengjing_store::{
    mail::{self as store, Claimed, LetterState},
    people,
};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{
    PostOffice,
    compose::{self, Text},
    smtp::{NotSent, send},
};
use crate::{
    App, Caller, Refusal,
    people::handover_request::tell,
    remind::list::{NoticeView, views_of},
};

/// Whoever sends a letter has it so long; longer than all steps together can take.
const LEASE: TimeDelta = TimeDelta::minutes(10);
/// A person gets no second letter sooner.
const GAP: TimeDelta = TimeDelta::minutes(10);
/// After so many attempts, over two days, it is given up.
const ATTEMPTS: u32 = 9;

/// After so many letters that were not taken a round ends.
const MOST_REFUSALS: u64 = 3;

/// What came of a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Delivered {
    pub sent: u64,
    /// To be tried again.
    pub later: u64,
    /// Given up, or nobody knows: waits in the app.
    pub in_app: u64,
}

/// Puts what is due into letters, and sends those that are; one after the other, so that a server which hangs holds up
/// no more than this.
pub async fn deliver(app: &App) -> Result<Delivered, Refusal> {
    let Some(office) = app.post_office.clone() else { return Ok(Delivered::default()) };
    let mut done = Delivered::default();
    let now = app.now();
    let lost = app.store.write_unrecorded("letters whose sender died", move |tx| async move {
        store::give_up_handed_over(&tx, now, LEASE, "the program ended while it was being sent").await
    });
    done.in_app += lost.await?;
    gather(app, now).await?;
    let worker = app.ids.uuid(now);
    while let Some(claimed) = claim(app, worker).await? {
        match one(app, &office, claimed).await? {
            LetterState::Sent => done.sent += 1,
            LetterState::Waiting => {
                done.later += 1;
                // The mail server is away or has enough; the others are not made to wait for it one by one.
                if done.later >= MOST_REFUSALS {
                    break;
                }
            }
            LetterState::Failed | LetterState::Unknown => done.in_app += 1,
            LetterState::Empty | LetterState::Sending | LetterState::HandingOver => {}
        }
    }
    Ok(done)
}

async fn gather(app: &App, now: DateTime<Utc>) -> Result<(), Refusal> {
    const PEOPLE: u64 = 500;
    let due = app.store.read(|q| async move { store::users_due(&q, now, PEOPLE).await }).await?;
    for user in due {
        let id = LetterId(app.ids.uuid(now));
        let put = move |tx| async move { store::gather(&tx, id, user, now, GAP).await };
        app.store.write_unrecorded("notices get their letter", put).await?;
    }
    Ok(())
}

async fn claim(app: &App, worker: Uuid) -> Result<Option<Claimed>, Refusal> {
    let now = app.now();
    let take = move |tx| async move { store::claim(&tx, worker, now, LEASE).await };
    Ok(app.store.write_unrecorded("a letter is claimed", take).await?)
}

/// Sends one letter, and says where it is then.
async fn one(app: &App, office: &PostOffice, claimed: Claimed) -> Result<LetterState, Refusal> {
    let (mailbox, text) = written(app, office, &claimed).await?;
    let Some(mailbox) = mailbox else {
        return settle(app, claimed, LetterState::Failed, Some("no proven address".into()), None).await;
    };
    let Some(text) = text else {
        return settle(app, claimed, LetterState::Empty, None, None).await;
    };
    let Some(message) = compose::message(office, &mailbox.address, (claimed.id, app.now()), &text) else {
        return settle(app, claimed, LetterState::Failed, Some("not an address".into()), None).await;
    };
    let hand_over = || async {
        let mark = move |tx| async move { store::hand_over(&tx, &claimed).await };
        // Where even that can't be stored, nothing is sent: it is claimed again later.
        app.store.write_unrecorded("a letter is handed over", mark).await.unwrap_or(false)
    };
    match send(office, &mailbox.address, &message, hand_over).await {
        Ok(()) => settle(app, claimed, LetterState::Sent, None, None).await,
        Err(NotSent::NotOurs) => Ok(LetterState::Sending),
        Err(NotSent::Unknown { reason }) => {
            settle(app, claimed, LetterState::Unknown, Some(reason), None).await
        }
        Err(NotSent::Refused { reason, for_good }) if for_good || claimed.attempts >= ATTEMPTS => {
            settle(app, claimed, LetterState::Failed, Some(reason), None).await
        }
        Err(NotSent::Refused { reason, .. }) => {
            let again = app.now() + pause(claimed.attempts);
            settle(app, claimed, LetterState::Waiting, Some(reason), Some(again)).await
        }
    }
}

/// One, two, four … minutes, half a day at most.
fn pause(attempts: u32) -> TimeDelta {
    let minutes = 1_i64 << attempts.saturating_sub(1).min(10);
    TimeDelta::minutes((minutes * 3).min(12 * 60))
}

async fn settle(
    app: &App,
    claimed: Claimed,
    state: LetterState,
    reason: Option<String>,
    again: Option<DateTime<Utc>>,
) -> Result<LetterState, Refusal> {
    let now = app.now();
    let keep = move |tx| {
        let reason = reason.clone();
        async move { store::settle(&tx, &claimed, state, reason.as_deref(), now, again).await }
    };
    app.store.write_unrecorded("how a letter went", keep).await?;
    Ok(state)
}

/// Where a letter goes, and what it has to say that its reader may still see and has not read in the app; None: nothing.
async fn written(
    app: &App,
    office: &PostOffice,
    claimed: &Claimed,
) -> Result<(Option<Mailbox>, Option<Text>), Refusal> {
    let (id, user, app_here, office) = (claimed.id, claimed.user, app.clone(), office.clone());
    app.store
        .read(|q| async move {
            let mailbox =
                store::lookup_mailbox(&q, user).await?.filter(|mailbox| mailbox.verified_at.is_some());
            let Some(mailbox) = mailbox else { return Ok((None, None)) };
            let Some(actor) = people::lookup_actor(&q, user).await? else { return Ok((None, None)) };
            let caller = Caller::new(&app_here, std::sync::Arc::new(actor), None);
            if let Some(letter) = people::lookup_handover_letter(&q, id).await? {
                let said = tell::said(&q, &caller, &letter).await?;
                let text = said.map(|request| compose::handover(&office, mailbox.language, &request));
                return Ok((Some(mailbox), text));
            }
            let mut told = store::notices_of(&q, id).await?;
            told.retain(|told| told.read_at.is_none());
            let views =
                if caller.may(Action::SeeNotices, chengjing_domain::people::policy::Resource::System).is_ok()
                {
                    most_urgent(views_of(&app_here, &q, &caller, &told).await?)
                } else {
                    Vec::new()
                };
            let text = (!views.is_empty())
                .then(|| compose::digest(&office, mailbox.language, &views, day_of(app_here.now())));
            Ok((Some(mailbox), text))
        })
        .await
}

/// Of each task and material only its most urgent news, and that first.
fn most_urgent(mut views: Vec<NoticeView>) -> Vec<NoticeView> {
    views.sort_by_key(|view| (view.told.kind, view.told.due_on, view.told.about));
    let mut seen = std::collections::HashSet::new();
    views.retain(|view| seen.insert(view.told.about));
    views
}
