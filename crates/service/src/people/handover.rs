//! One person leaves a campaign, or changes their post, and another takes their work over.

use chengjing_domain::{
    campaign::Unit,
    id::{CampaignId, GrantId, HandoverRequestId, InvitationId, UnitId, UserId},
    ledger::{Subject, SubjectKind},
    people::{
        Grant, HandedOver, HandoverRequest, Invitation, InvitationState, Role, TakenRole, Takeover, User,
        policy::{self, Action, Resource},
    },
};
use chengjing_store::{
    Queries, Tx, campaign as campaigns, ledger, people as store, plan,
    task::{self, Counted},
};
use chrono::Duration;
use serde_json::json;

use super::{InvitationView, hex, invitation_view, secret_hash};
use crate::{
    App, Caller, Refusal,
    refusal::{self, Faults},
};

/// What somebody holds in a campaign and leaves open when they go.
#[derive(Debug, Clone)]
pub struct Leaving {
    pub user: User,
    pub roles: Vec<LeavingRole>,
    /// What waits for the office to decide; of an office's person alone.
    pub decisions: u64,
    /// Plan documents that they brought and nobody has adopted.
    pub imports: Vec<String>,
    /// Tokens that work in this campaign.
    pub tokens: Vec<String>,
    pub sessions: usize,
    /// Whom they invited to this campaign and who has not come.
    pub invitations: Vec<String>,
}

/// A role, and how much is open under it.
#[derive(Debug, Clone)]
pub struct LeavingRole {
    pub grant: Grant,
    pub unit: Option<String>,
    /// Tasks of the unit that have not ended.
    pub tasks: u64,
    /// Nobody else has this role there.
    pub alone: bool,
}

/// Who takes it over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Successor {
    User(UserId),
    /// Somebody who is no user yet and comes by a link that works so many days.
    Invited {
        display_name: String,
        days: i64,
    },
}

/// What was done; with the invitation and the secret of its link where the successor is invited.
#[derive(Debug, Clone)]
pub struct HandOver {
    pub leaving: Leaving,
    pub invitation: Option<(InvitationView, String)>,
}

/// What a person holds in a campaign and would leave open, for whoever manages its people.
pub async fn look(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    user: UserId,
) -> Result<Leaving, Refusal> {
    caller.may(Action::ManagePeople, Resource::Campaign(campaign))?;
    let now = caller.now;
    let found = app.store.read(|q| async move { leaving(&q, campaign, user, now).await });
    found.await?.ok_or(Refusal::NotFound)
}

/// Gives all roles that a person holds in a campaign to a successor, ends the person's sessions, the tokens that work
/// there and the invitations that they made, in one act. The second of two who do it at the same time is told.
///
/// A request of the person's that waits is confirmed by it. Whoever names the request that they act on (`request`) does
/// nothing where it waits no more.
pub async fn hand_over(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    user: UserId,
    successor: Successor,
    request: Option<HandoverRequestId>,
) -> Result<HandOver, Refusal> {
    caller.may(Action::ManagePeople, Resource::Campaign(campaign))?;
    let successor = checked(successor, user)?;
    let secret = hex(&caller.ids.secret());
    let given = std::sync::Arc::new((caller.clone(), successor, secret.clone()));
    let done = app.store.write(move |tx| {
        let given = std::sync::Arc::clone(&given);
        async move {
            let (caller, successor, secret) = &*given;
            let asked = asked(&tx, campaign, user, request).await?;
            let leaving = leaving(&tx, campaign, user, caller.now).await?.ok_or_else(gone)?;
            // Whoever could not take each of the roles away can't give it to somebody else either.
            for role in &leaving.roles {
                refusal::obey(policy::may_give(&caller.actor, role.grant.role, role.grant.scope))?;
            }
            let to = to_whom(&tx, caller, campaign, successor).await?;
            for role in &leaving.roles {
                if !store::remove_grant(&tx, &role.grant).await? {
                    return Err(gone());
                }
            }
            let invitation = match (&to, successor) {
                (Some(to), _) => {
                    take(&tx, caller, &leaving, to.id).await?;
                    None
                }
                (None, Successor::Invited { display_name, days }) => {
                    let invitation = invitation(caller, &leaving, display_name, *days, secret)?;
                    let stored = store::add_invitation(&tx, &invitation).await?;
                    Some(invitation_view(&tx, stored, caller.now).await?)
                }
                (None, Successor::User(_)) => return Err(Refusal::Internal("a successor who is nobody")),
            };
            let contacts = move_contacts(&tx, campaign, user, to.as_ref()).await?;
            end_access(&tx, caller, campaign, user).await?;
            if let Some(asked) = asked {
                let to = called(to.as_ref(), successor);
                let confirmed = asked.confirm(caller.actor.user, caller.now, to)?;
                store::save_handover_request(&tx, &confirmed).await?;
            }
            let act = told(caller, campaign, &leaving, to.as_ref(), successor, contacts);
            ledger::record(&tx, act).await?;
            Ok((leaving, invitation))
        }
    });
    let (leaving, invitation) = done.await?;
    app.sessions.clear();
    Ok(HandOver { leaving, invitation: invitation.map(|view| (view, secret)) })
}

/// A role of the caller's that came from somebody who left.
#[derive(Debug, Clone)]
pub struct TakenOver {
    pub grant: Grant,
    pub handed_over: HandedOver,
    pub from: String,
    pub unit: Option<String>,
}

/// Days for which people are told of a hand-over: the successor whose work it is, whoever asked what became of it.
pub(super) const TOLD_FOR: i64 = 31;

/// What the caller took over in a campaign lately, newest first.
pub async fn taken_over(app: &App, caller: &Caller, campaign: CampaignId) -> Result<Vec<TakenOver>, Refusal> {
    caller.may(Action::UseOwnAccount, Resource::System)?;
    let held = caller.actor.grants.iter().filter(|grant| grant.scope.campaign() == Some(campaign));
    let mut taken: Vec<(Grant, HandedOver)> =
        held.filter_map(|grant| Some((grant.clone(), grant.handed_over?))).collect();
    let since = caller.now - Duration::days(TOLD_FOR);
    taken.retain(|(_, handed_over)| handed_over.at > since);
    if taken.is_empty() {
        return Ok(Vec::new());
    }
    taken.sort_by_key(|(_, handed_over)| std::cmp::Reverse(handed_over.at));
    app.store
        .read(|q| async move {
            let from: Vec<UserId> = taken.iter().map(|(_, handed_over)| handed_over.from).collect();
            let people = store::display_names(&q, &from).await?;
            let names = campaigns::names(&q, campaign).await?;
            let told = taken.into_iter().map(|(grant, handed_over)| TakenOver {
                from: people.get(&handed_over.from).cloned().unwrap_or_default(),
                unit: grant.scope.unit().and_then(|unit| names.units.get(&unit).cloned()),
                grant,
                handed_over,
            });
            Ok::<_, Refusal>(told.collect())
        })
        .await
}

/// The request that this confirms: the one that is named, which must wait still, or the one that waits.
async fn asked(
    tx: &Tx,
    campaign: CampaignId,
    user: UserId,
    named: Option<HandoverRequestId>,
) -> Result<Option<HandoverRequest>, Refusal> {
    let Some(named) = named else {
        return Ok(store::lookup_waiting_handover_request(tx, campaign, user).await?);
    };
    let found = store::lookup_handover_request(tx, campaign, named).await?;
    let Some(found) = found.filter(|found| found.user == user) else {
        return Err(Refusal::invalid("request_id", "此人没有这个交接申请", "no request of this person's"));
    };
    found.waits()?;
    Ok(Some(found))
}

fn gone() -> Refusal {
    Refusal::conflict(
        "此人在本项目已没有身份，可能刚被别人交接",
        "This person holds no role in this campaign any more; somebody may have just handed it over",
    )
}

fn checked(successor: Successor, user: UserId) -> Result<Successor, Refusal> {
    let mut faults = Faults::default();
    let successor = match successor {
        Successor::User(to) => {
            if to == user {
                faults.add("to.user.id", "接手的人不能是本人", "nobody takes over from themselves");
            }
            Successor::User(to)
        }
        Successor::Invited { display_name, days } => {
            let display_name = faults.text("to.invite.display_name", &display_name, 50);
            let (_, most) = Invitation::DAYS;
            if !(1..=most).contains(&days) {
                faults.add("to.invite.days", format!("有效期为1到{most}天"), format!("1 to {most} days"));
            }
            Successor::Invited { display_name, days }
        }
    };
    faults.end()?;
    Ok(successor)
}

/// None where they hold no role in the campaign.
async fn leaving(
    q: &impl Queries,
    campaign: CampaignId,
    id: UserId,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Option<Leaving>, Refusal> {
    campaigns::lookup(q, campaign).await?.ok_or(Refusal::NotFound)?;
    let Some(user) = store::lookup_user(q, id).await? else { return Ok(None) };
    let grants = store::list_grants(q, id).await?;
    let held: Vec<Grant> =
        grants.into_iter().filter(|grant| grant.scope.campaign() == Some(campaign)).collect();
    if held.is_empty() {
        return Ok(None);
    }
    let names = campaigns::names(q, campaign).await?;
    let mut roles = Vec::with_capacity(held.len());
    for grant in held {
        let (tasks, alone) = match grant.scope.unit() {
            None => (0, false),
            Some(unit) => {
                let others = store::list_grants_over(q, campaign, unit).await?;
                let alone = !others.iter().any(|other| other.user != id && other.role == grant.role);
                (open_tasks(q, campaign, Some(unit)).await?, alone)
            }
        };
        let unit = grant.scope.unit().and_then(|unit| names.units.get(&unit).cloned());
        roles.push(LeavingRole { grant, unit, tasks, alone });
    }
    let decides = roles.iter().any(|role| role.grant.role == Role::Office);
    let decisions = if decides { to_decide(q, campaign).await? } else { 0 };
    let tokens = store::list_tokens(q, id).await?.into_iter();
    let works_here = |token: &chengjing_domain::people::ApiToken| {
        token.works(now) && token.limits.campaign.is_none_or(|own| own == campaign)
    };
    Ok(Some(Leaving {
        decisions,
        imports: plan::list_open_names_by(q, campaign, id).await?,
        tokens: tokens.filter(works_here).map(|token| token.name).collect(),
        sessions: store::list_sessions(q, id).await?.into_iter().filter(|own| own.expires_at > now).count(),
        invitations: store::list_invitations_by(q, id, Some(campaign))
            .await?
            .into_iter()
            .map(|invitation| invitation.display_name)
            .collect(),
        user,
        roles,
    }))
}

/// How many tasks of a unit, or of the campaign, have not ended: from the counters.
async fn open_tasks(q: &impl Queries, campaign: CampaignId, unit: Option<UnitId>) -> Result<u64, Refusal> {
    let counts = task::counts(q, campaign, unit).await?;
    let open = counts.iter().filter(|count| matches!(count.counted, Counted::In(state) if !state.is_ended()));
    Ok(open.map(|count| count.n).sum())
}

async fn to_decide(q: &impl Queries, campaign: CampaignId) -> Result<u64, Refusal> {
    use chengjing_domain::duty::task::StateKind as S;
    let counts = task::counts(q, campaign, None).await?;
    let waits = |counted: Counted| match counted {
        Counted::In(state) => matches!(state, S::Reported | S::Returned),
        Counted::AsksTime => true,
    };
    Ok(counts.iter().filter(|count| waits(count.counted)).map(|count| count.n).sum())
}

/// The successor, where it is a user: for a campaign's office one who belongs to it, since it knows of no others.
async fn to_whom(
    tx: &Tx,
    caller: &Caller,
    campaign: CampaignId,
    successor: &Successor,
) -> Result<Option<User>, Refusal> {
    let Successor::User(to) = successor else { return Ok(None) };
    let nobody = || Refusal::invalid("to.user.id", "没有这个用户", "there is no such user");
    let user = store::lookup_user(tx, *to).await?;
    let user = user.filter(|user| user.disabled_at.is_none()).ok_or_else(nobody)?;
    let knows_all = caller.may(Action::ManageUsers, Resource::System).is_ok();
    if !knows_all && !store::list_belonging(tx, campaign, &[*to]).await?.contains(to) {
        return Err(nobody());
    }
    Ok(Some(user))
}

/// Gives the roles to the successor. One that they hold already is given anew, so that it tells from whom it came too.
async fn take(tx: &Tx, caller: &Caller, leaving: &Leaving, to: UserId) -> Result<(), Refusal> {
    let held = store::list_grants(tx, to).await?;
    for role in &leaving.roles {
        let same = |own: &&Grant| own.role == role.grant.role && own.scope == role.grant.scope;
        if let Some(own) = held.iter().find(same) {
            store::remove_grant(tx, own).await?;
        }
        let id = GrantId(caller.ids.uuid(caller.now));
        let handed_over = Some(handed(caller, leaving, role));
        let new = Grant { handed_over, ..Grant::new(id, to, role.grant.role, role.grant.scope) };
        store::add_grant(tx, &new).await?;
    }
    Ok(())
}

fn handed(caller: &Caller, leaving: &Leaving, role: &LeavingRole) -> HandedOver {
    HandedOver { from: leaving.user.id, at: caller.now, tasks: role.tasks }
}

fn invitation(
    caller: &Caller,
    leaving: &Leaving,
    display_name: &str,
    days: i64,
    secret: &str,
) -> Result<Invitation, Refusal> {
    let first = leaving.roles.first().ok_or_else(gone)?;
    let roles = leaving.roles.iter().map(|role| TakenRole {
        role: role.grant.role,
        scope: role.grant.scope,
        handed_over: handed(caller, leaving, role),
    });
    Ok(Invitation {
        id: caller.id::<InvitationId>("handover"),
        token_hash: secret_hash(secret),
        display_name: display_name.to_owned(),
        role: first.grant.role,
        scope: first.grant.scope,
        created_by: caller.actor.user,
        created_at: caller.now,
        expires_at: caller.now + Duration::days(days),
        state: InvitationState::Open,
        takeover: Some(Takeover { roles: roles.collect() }),
    })
}

/// Units that name the leaver as somebody to call name the successor, whose phone is not known yet; of one who is still
/// to come they keep name and phone, without the user. Says how many units.
async fn move_contacts(
    tx: &Tx,
    campaign: CampaignId,
    from: UserId,
    to: Option<&User>,
) -> Result<usize, Refusal> {
    let mut moved = 0;
    for unit in campaigns::all_units(tx, campaign).await? {
        if !unit.contacts.iter().any(|contact| contact.user == Some(from)) {
            continue;
        }
        let mut contacts = unit.contacts.clone();
        for contact in contacts.iter_mut().filter(|contact| contact.user == Some(from)) {
            contact.user = to.map(|to| to.id);
            if let Some(to) = to {
                contact.name.clone_from(&to.display_name);
                contact.phone = None;
            }
        }
        campaigns::save_unit(tx, &Unit { contacts, ..unit }).await?;
        moved += 1;
    }
    Ok(moved)
}

/// Ends sessions, the tokens that work in the campaign, and invitations to it. A token for everything ends only where
/// its user holds nothing more.
async fn end_access(tx: &Tx, caller: &Caller, campaign: CampaignId, user: UserId) -> Result<(), Refusal> {
    store::remove_sessions_of(tx, user, None).await?;
    let holds_nothing = store::list_grants(tx, user).await?.is_empty();
    for mut token in store::list_tokens(tx, user).await? {
        let here = token.limits.campaign == Some(campaign);
        if token.revoked_at.is_none() && (here || holds_nothing) {
            token.revoked_at = Some(caller.now);
            store::save_token(tx, &token).await?;
        }
    }
    for invitation in store::list_invitations_by(tx, user, Some(campaign)).await? {
        store::save_invitation(tx, &invitation.revoke(caller.now)?).await?;
    }
    Ok(())
}

/// What the successor is called.
fn called(to: Option<&User>, successor: &Successor) -> String {
    match (to, successor) {
        (Some(to), _) => to.display_name.clone(),
        (None, Successor::Invited { display_name, .. }) => display_name.clone(),
        (None, Successor::User(_)) => String::new(),
    }
}

/// One entry with the whole list.
fn told(
    caller: &Caller,
    campaign: CampaignId,
    leaving: &Leaving,
    to: Option<&User>,
    successor: &Successor,
    contacts: usize,
) -> chengjing_domain::ledger::Act {
    let roles: Vec<_> = leaving
        .roles
        .iter()
        .map(|role| json!({ "role": role.grant.role.code(), "unit": role.unit, "tasks": role.tasks }))
        .collect();
    let details = json!({
        "name": leaving.user.display_name,
        "from": leaving.user.id,
        "to": to.map(|to| to.id),
        "to_name": called(to, successor),
        "invited": to.is_none(),
        "roles": roles,
        "decisions": leaving.decisions,
        "imports": leaving.imports,
        "tokens": leaving.tokens,
        "invitations_revoked": leaving.invitations.len(),
        "contacts": contacts,
    });
    let subject = Subject::of(campaign, SubjectKind::Campaign, campaign.0);
    caller.act_named("people.hand_over", subject, details)
}
