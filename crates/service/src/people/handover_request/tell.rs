//! Who is written to about a request, and what the letter says. In the app it waits where it is decided, and in the account
//! of who asked; a notice tells of a task, and this is of none.

use std::collections::BTreeSet;

use chengjing_domain::{
    duty::remind::Channel,
    id::{CampaignId, HandoverRequestId, LetterId, UserId},
    people::{HandoverRequestState, Role, Scope, policy::Decision},
};
use chengjing_store::{
    Queries, mail,
    people::{self as store, HandoverLetter, HandoverNews},
};
use chrono::{DateTime, Utc};

use super::{HandoverRequestView, held_in, may_decide, view};
use crate::{App, Caller, Refusal, remind};

/// A letter to be, and when it may leave.
pub(crate) type Planned = (HandoverLetter, DateTime<Utc>);

/// Whom to write to of a request as it stands: of one that waits those who may decide it and want mail, of one that was
/// decided who made it, who waits for the answer. Nobody without an address.
pub(crate) async fn plan(
    q: &impl Queries,
    app: &App,
    campaign: CampaignId,
    id: HandoverRequestId,
) -> Result<Vec<Planned>, Refusal> {
    let Some(request) = store::lookup_handover_request(q, campaign, id).await? else { return Ok(Vec::new()) };
    let (news, to) = match request.state {
        HandoverRequestState::Waiting => (HandoverNews::Asked, deciders(q, campaign, request.user).await?),
        HandoverRequestState::Refused { .. } | HandoverRequestState::Confirmed { .. } => {
            (HandoverNews::Decided, vec![request.user])
        }
        HandoverRequestState::Withdrawn { .. } => return Ok(Vec::new()),
    };
    let choices = remind::choices_of(q, &to).await?;
    let wants = |user: &UserId| {
        let by_mail = choices.get(user).is_some_and(|own| own.channels.contains(&Channel::Mail));
        news == HandoverNews::Decided || by_mail
    };
    let now = app.now();
    let not_before = remind::out_of_quiet_hours(q, campaign, now).await?;
    let letter = |user: UserId| {
        let letter = LetterId(app.ids.uuid(now));
        (HandoverLetter { campaign, request: id, news, user, letter }, not_before)
    };
    let to: Vec<UserId> = to.into_iter().filter(wants).collect();
    let reached = mail::list_mailboxes(q, &to).await?;
    Ok(reached.into_iter().map(|mailbox| letter(mailbox.user)).collect())
}

/// Who may decide of that person: the office, or the administrators where it may not.
async fn deciders(q: &impl Queries, campaign: CampaignId, user: UserId) -> Result<Vec<UserId>, Refusal> {
    let held = held_in(q, campaign, user).await?;
    let mut able = Vec::new();
    for role in [Role::Office, Role::SystemAdmin] {
        let grants = store::list_grants_of_role(q, role).await?;
        let here = |scope: Scope| matches!(scope, Scope::System) || scope == Scope::Campaign(campaign);
        let of_role: BTreeSet<UserId> =
            grants.into_iter().filter(|grant| here(grant.scope)).map(|grant| grant.user).collect();
        for one in of_role {
            let Some(actor) = store::lookup_actor(q, one).await? else { continue };
            if may_decide(&actor, campaign, user, &held) == Decision::Allowed {
                able.push(one);
            }
        }
        if !able.is_empty() {
            break;
        }
    }
    Ok(able)
}

/// Writes the letters; asked again it adds none.
pub(crate) async fn keep(app: &App, all: Vec<Planned>) -> Result<usize, Refusal> {
    if all.is_empty() {
        return Ok(0);
    }
    let now = app.now();
    let result = app.store.write_unrecorded("people are written to of what the ledger tells", move |tx| {
        let all = all.clone();
        async move { store::add_handover_letters(&tx, &all, now).await }
    });
    // A key that is there: another server writes the same at this moment, and it is tried again.
    Ok(result.await?)
}

/// What a letter has to say, as its reader may see it now; None: nothing any more.
pub(crate) async fn said(
    q: &impl Queries,
    reader: &Caller,
    letter: &HandoverLetter,
) -> Result<Option<HandoverRequestView>, Refusal> {
    let Some(request) = store::lookup_handover_request(q, letter.campaign, letter.request).await? else {
        return Ok(None);
    };
    let seen = view(q, reader, request).await?;
    let still = match letter.news {
        HandoverNews::Asked => seen.may_decide,
        HandoverNews::Decided => seen.request.user == reader.actor.user && seen.request.waits().is_err(),
    };
    Ok(still.then_some(seen))
}
