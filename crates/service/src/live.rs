//! What open pages hear of while they are open: that something changed, and that somebody was told something.
//!
//! One task of the process follows the ledger's blocks ([`spread`]) and hands what they say to all who listen, with the
//! units that it concerns. Each listener lets through what its own person may see, as of now. Who is too slow misses the
//! oldest and is told so; nobody waits for them.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chengjing_domain::{
    attachment::AttachedTo,
    duty::{
        DutyUnit,
        task::{Circle, with_those_above},
    },
    id::{
        AskingId, AttachmentId, CampaignId, DoubtId, DutyId, EvidenceId, EvidenceLinkId, InitiativeId,
        RemarkId, TaskId, UnitId, UserId,
    },
    ledger::SubjectKind,
    people::{
        Actor, Via,
        policy::{self, Action, Decision, Resource},
    },
    photo::Doubt,
};
use chengjing_store::{
    Queries, attachment as files, campaign as campaigns, duty,
    evidence::{self, asking, link as links, remark as remarks},
    initiative as initiatives,
    notice::{self, Done, Inbox},
    photo::doubt as doubts,
    task as tasks,
};
use tokio::sync::{broadcast, watch};
use uuid::Uuid;

use crate::{App, Refusal, photo::judge};

/// What is kept for a listener who is a moment behind.
const KEPT: usize = 64;
/// Blocks that somebody who comes back is told of; who was away longer looks at everything anew.
const MOST_BLOCKS: i64 = 200;
/// Blocks read in one go.
const BLOCKS: u64 = 50;

/// Who listens, and how far they were told.
pub struct Live {
    news: broadcast::Sender<Arc<News>>,
    over: watch::Sender<bool>,
    listeners: Mutex<Listeners>,
}

#[derive(Default)]
struct Listeners {
    /// How many streams each person has open, and the inbox that they were told of.
    people: HashMap<UserId, (usize, Inbox)>,
    /// The last block that was spread; None before the first look.
    height: Option<i64>,
}

/// What was spread at once.
#[derive(Debug, Clone, Default)]
struct News {
    /// The block up to which this tells.
    height: i64,
    changes: Vec<Change>,
    inboxes: Vec<(UserId, Inbox)>,
}

/// What a change is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Task,
    Duty,
    /// A material, its reviews, or what was said of it.
    Evidence,
    /// What is doubtful about the photographs of a material, whose id it has.
    Doubts,
    /// Which units are asked for a requirement's materials.
    Asking,
}

/// A thing that is not what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Change {
    campaign: CampaignId,
    kind: Kind,
    id: Uuid,
    version: i64,
    /// Whose it is, with the units above.
    units: Vec<UnitId>,
    /// Who leads its initiative, with the units above.
    leader: Vec<UnitId>,
}

/// Things by their ids, with the versions that they have now.
pub type Versions = Vec<(Uuid, i64)>;

/// What changed in a campaign, as far as somebody may see it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changed {
    pub tasks: Versions,
    pub duties: Versions,
    /// Materials, each once: their reviews, and what was said of them, have versions of their own.
    pub evidence: Vec<Uuid>,
    /// Other units are asked for some materials than were.
    pub asked: bool,
}

/// What a listener hears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// These changed in a campaign; `height` is where to go on after a broken connection.
    Changed { height: i64, campaign: CampaignId, changed: Changed },
    /// So many notices are unread now.
    Unread(u64),
    /// More happened than can be told: everything is to be looked at anew.
    LookAnew { height: i64 },
}

impl Default for Live {
    fn default() -> Self {
        Self { news: broadcast::channel(KEPT).0, over: watch::channel(false).0, listeners: Mutex::default() }
    }
}

impl std::fmt::Debug for Live {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Live").field("listeners", &self.news.receiver_count()).finish_non_exhaustive()
    }
}

impl Live {
    fn listeners(&self) -> MutexGuard<'_, Listeners> {
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends all streams: the server stops, and waits for none of them.
    pub fn end(&self) {
        self.over.send_replace(true);
    }
}

/// One open stream.
#[derive(Debug)]
pub struct Listener {
    app: App,
    actor: Arc<Actor>,
    news: broadcast::Receiver<Arc<News>>,
    over: watch::Receiver<bool>,
    /// Heard and not yet handed out.
    waiting: std::collections::VecDeque<Heard>,
    /// What was told before this stream was opened.
    from: i64,
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut listeners = self.app.live.listeners();
        if let Some((streams, _)) = listeners.people.get_mut(&self.actor.user) {
            *streams -= 1;
            if *streams == 0 {
                listeners.people.remove(&self.actor.user);
            }
        }
    }
}

/// The most streams that one person has open: a page has one, and people have many pages.
pub const MOST_STREAMS: usize = 20;

/// Begins to listen. `after`: the block that the last stream ended with, so that nothing between the two is missed.
pub async fn listen(app: &App, actor: Arc<Actor>, after: Option<i64>) -> Result<Listener, Refusal> {
    if policy::decide(Some(&actor), Action::SeeNotices, Resource::System) != Decision::Allowed {
        return Err(Refusal::Forbidden);
    }
    let user = actor.user;
    {
        let mut listeners = app.live.listeners();
        let streams = &mut listeners.people.entry(user).or_default().0;
        if *streams >= MOST_STREAMS {
            return Err(Refusal::Busy);
        }
        *streams += 1;
    }
    // From here on the listener's end takes it out again; and it hears all that comes after what is read now.
    let (news, over) = (app.live.news.subscribe(), app.live.over.subscribe());
    let mut listener = Listener {
        app: app.clone(),
        actor,
        news,
        over,
        waiting: std::collections::VecDeque::new(),
        from: -1,
    };
    let (newest, inbox) = app
        .store
        .read(|q| async move {
            let newest = chengjing_store::ledger::newest_block(&q).await?;
            let newest = newest.and_then(|block| i64::try_from(block.height).ok()).unwrap_or(-1);
            Ok::<_, Refusal>((newest, notice::inbox(&q, user).await?))
        })
        .await?;
    listener.from = newest;
    if let Some((streams, told)) = app.live.listeners().people.get_mut(&user)
        && *streams == 1
    {
        // An older page of theirs would have to hear of it too.
        *told = inbox;
    }
    let missed = match after {
        // Before the first block there is none: -1. Whatever a client makes up is not counted with before it is known to be one.
        Some(after) if (-1..=newest).contains(&after) && newest - after <= MOST_BLOCKS => {
            changes_after(app, after, newest).await?
        }
        // Another database, or too long ago.
        Some(_) => {
            listener.waiting.push_back(Heard::LookAnew { height: newest });
            Vec::new()
        }
        None => Vec::new(),
    };
    listener.take(&News { height: newest, changes: missed, inboxes: Vec::new() });
    listener.tell_unread(inbox);
    Ok(listener)
}

impl Listener {
    /// The block up to which this stream tells.
    pub fn height(&self) -> i64 {
        self.from
    }

    /// The next thing to hear; None: the server stops.
    pub async fn hear(&mut self) -> Option<Heard> {
        loop {
            if *self.over.borrow() {
                return None;
            }
            if let Some(heard) = self.waiting.pop_front() {
                return Some(heard);
            }
            tokio::select! {
                _ = self.over.changed() => return None,
                news = self.news.recv() => match news {
                    Ok(news) => self.take(&news),
                    Err(broadcast::error::RecvError::Lagged(_)) => {
                        let height = self.app.live.listeners().height.unwrap_or(self.from);
                        return Some(Heard::LookAnew { height });
                    }
                    Err(broadcast::error::RecvError::Closed) => return None,
                },
            }
        }
    }

    /// Whether this person may still what they might when they began.
    pub fn is_still(&self, actor: &Actor) -> bool {
        self.actor.grants == actor.grants
    }

    /// Goes on as whoever this person is now; what they may see has changed, so that they look at everything anew.
    pub fn become_of(&mut self, actor: Arc<Actor>) {
        if !self.is_still(&actor) {
            self.waiting.push_back(Heard::LookAnew { height: self.from });
        }
        self.actor = actor;
    }

    fn sees(&self, change: &Change) -> bool {
        let led = Resource::Led(change.campaign, &change.units, &change.leader);
        let own = Resource::Units(change.campaign, &change.units);
        let may = |action, resource| policy::decide(Some(&self.actor), action, resource) == Decision::Allowed;
        match change.kind {
            Kind::Task => may(Action::SeeTasks, led),
            Kind::Duty => may(Action::SeeDuties, led),
            Kind::Evidence | Kind::Asking => may(Action::SeeEvidence, own),
            // Whoever filed it is not told that there is something to be looked at.
            Kind::Doubts => may(Action::SeeEvidence, own) && may(Action::SeeDoubts, own),
        }
    }

    fn take(&mut self, news: &News) {
        let mut by_campaign: BTreeMap<CampaignId, Changed> = BTreeMap::new();
        for change in news.changes.iter().filter(|change| self.sees(change)) {
            let changed = by_campaign.entry(change.campaign).or_default();
            match change.kind {
                Kind::Task => changed.tasks.push((change.id, change.version)),
                Kind::Duty => changed.duties.push((change.id, change.version)),
                Kind::Asking => changed.asked = true,
                Kind::Evidence | Kind::Doubts => {
                    if !changed.evidence.contains(&change.id) {
                        changed.evidence.push(change.id);
                    }
                }
            }
        }
        let height = news.height;
        self.from = self.from.max(height);
        let heard = |(campaign, changed)| Heard::Changed { height, campaign, changed };
        self.waiting.extend(by_campaign.into_iter().map(heard));
        if let Some((_, inbox)) = news.inboxes.iter().find(|(user, _)| *user == self.actor.user) {
            self.tell_unread(*inbox);
        }
    }

    /// Whoever comes with a token for one campaign is not told how much waits in the others.
    fn tell_unread(&mut self, inbox: Inbox) {
        let limited = matches!(self.actor.via, Via::Token(limits) if limits.campaign.is_some());
        if !limited {
            self.waiting.push_back(Heard::Unread(inbox.unread));
        }
    }
}

/// Tells those who listen what the ledger's newest blocks say, and whose inbox changed.
pub async fn spread(app: &App) -> Result<(), Refusal> {
    let (from, known) = {
        let listeners = app.live.listeners();
        let known: HashMap<UserId, Inbox> =
            listeners.people.iter().map(|(user, (_, inbox))| (*user, *inbox)).collect();
        (listeners.height, known)
    };
    let users: Vec<UserId> = known.keys().copied().collect();
    let (newest, inboxes) = app
        .store
        .read(|q| async move {
            let newest = chengjing_store::ledger::newest_block(&q).await?;
            let newest = newest.and_then(|block| i64::try_from(block.height).ok()).unwrap_or(-1);
            Ok::<_, Refusal>((newest, notice::inboxes(&q, &users).await?))
        })
        .await?;
    let from = from.unwrap_or(newest);
    // Without anybody to hear it, it is not even looked up.
    let changes = match known.is_empty() || newest <= from {
        true => Vec::new(),
        false => changes_after(app, from.max(newest - MOST_BLOCKS), newest).await?,
    };
    let inboxes: Vec<(UserId, Inbox)> =
        inboxes.into_iter().filter(|(user, inbox)| known.get(user) != Some(inbox)).collect();
    {
        let mut listeners = app.live.listeners();
        listeners.height = Some(newest);
        for (user, inbox) in &inboxes {
            if let Some(person) = listeners.people.get_mut(user) {
                person.1 = *inbox;
            }
        }
    }
    if !changes.is_empty() || !inboxes.is_empty() {
        // That nobody listens any more is no fault.
        app.live.news.send(Arc::new(News { height: newest, changes, inboxes })).ok();
    }
    Ok(())
}

/// What changed in the blocks after the one and up to the other.
async fn changes_after(app: &App, after: i64, to: i64) -> Result<Vec<Change>, Refusal> {
    let (mut at, mut acts) = (after, Vec::new());
    while at < to {
        let next = app.store.read(|q| async move { notice::next_blocks(&q, at, BLOCKS).await }).await?;
        let Some((height, some)) = next else { break };
        at = height;
        acts.extend(some);
    }
    changes_of(app, acts).await
}

/// What acts were about in a campaign.
#[derive(Debug, Default, PartialEq, Eq)]
struct Touched {
    tasks: Vec<TaskId>,
    duties: Vec<DutyId>,
    evidence: BTreeSet<EvidenceId>,
    links: Vec<EvidenceLinkId>,
    remarks: Vec<RemarkId>,
    doubts: Vec<DoubtId>,
    /// Photographs that were looked into.
    photos: Vec<AttachmentId>,
    askings: BTreeSet<AskingId>,
}

async fn changes_of(app: &App, acts: Vec<Done>) -> Result<Vec<Change>, Refusal> {
    let mut by_campaign: BTreeMap<CampaignId, Touched> = BTreeMap::new();
    for act in acts {
        let Some(campaign) = act.subject.campaign else { continue };
        let id = act.subject.id;
        let touched = by_campaign.entry(campaign).or_default();
        match act.subject.kind {
            SubjectKind::Task => touched.tasks.push(TaskId(id)),
            SubjectKind::Duty => touched.duties.push(DutyId(id)),
            SubjectKind::Evidence => {
                touched.evidence.insert(EvidenceId(id));
            }
            SubjectKind::EvidenceLink => touched.links.push(EvidenceLinkId(id)),
            SubjectKind::Remark => touched.remarks.push(RemarkId(id)),
            SubjectKind::Doubt => touched.doubts.push(DoubtId(id)),
            SubjectKind::Attachment if act.action == judge::KIND => touched.photos.push(AttachmentId(id)),
            SubjectKind::Asking => {
                touched.askings.insert(AskingId(id));
            }
            _ => {}
        }
    }
    let mut all = Vec::new();
    for (campaign, touched) in by_campaign {
        if touched == Touched::default() {
            continue;
        }
        let of = app.store.read(|q| async move {
            let parents = campaigns::unit_parents(&q, campaign).await?;
            let mut all = materials_in(&q, campaign, &touched, &parents).await?;
            all.extend(work_in(&q, campaign, touched, &parents).await?);
            Ok::<_, Refusal>(all)
        });
        all.extend(of.await?);
    }
    Ok(all)
}

/// Materials that were filed, reviewed or talked about, and who is asked for some.
async fn materials_in(
    q: &impl Queries,
    campaign: CampaignId,
    touched: &Touched,
    parents: &HashMap<UnitId, UnitId>,
) -> Result<Vec<Change>, Refusal> {
    let mut filed = touched.evidence.clone();
    for link in &touched.links {
        filed.extend(links::lookup(q, campaign, *link).await?.map(|link| link.evidence));
    }
    for remark in &touched.remarks {
        filed.extend(remarks::lookup(q, campaign, *remark).await?.map(|remark| remark.evidence));
    }
    let mut found: Vec<Doubt> = Vec::new();
    for doubt in &touched.doubts {
        found.extend(doubts::lookup(q, campaign, *doubt).await?);
    }
    let mut doubted = BTreeSet::new();
    for photo in &touched.photos {
        found.extend(doubts::list_of_photo(q, campaign, *photo).await?);
        // One that holds no more is gone, and with it its twin's name.
        let own = files::lookup(q, campaign, *photo).await?;
        if let Some(AttachedTo::Evidence(id)) = own.and_then(|own| own.subject) {
            doubted.insert(id);
        }
    }
    doubted.extend(found.iter().flat_map(|doubt| [doubt.evidence, doubt.twin_evidence]).flatten());
    let ids: Vec<EvidenceId> = filed.union(&doubted).copied().collect();
    let materials = evidence::list_of(q, campaign, &ids).await?;
    let change = |kind, (id, version): (Uuid, i64), units: &[UnitId]| {
        let units = with_those_above(units.iter().copied(), parents);
        Change { campaign, kind, id, version, units, leader: Vec::new() }
    };
    let mut all = Vec::new();
    for (kind, some) in [(Kind::Evidence, &filed), (Kind::Doubts, &doubted)] {
        let some = some.iter().filter_map(|id| materials.get(id));
        all.extend(some.map(|one| change(kind, (one.id.0, one.version), &[one.unit])));
    }
    if !touched.askings.is_empty() {
        let askings = asking::list(q, campaign).await?;
        let some = askings.iter().filter(|one| touched.askings.contains(&one.id));
        all.extend(some.map(|one| change(Kind::Asking, (one.id.0, one.version), &one.units)));
    }
    Ok(all)
}

async fn work_in(
    q: &impl Queries,
    campaign: CampaignId,
    touched: Touched,
    parents: &HashMap<UnitId, UnitId>,
) -> Result<Vec<Change>, Refusal> {
    let Touched { tasks: mut ids, duties: mut own, .. } = touched;
    if ids.is_empty() && own.is_empty() {
        return Ok(Vec::new());
    }
    ids.sort_unstable();
    ids.dedup();
    own.sort_unstable();
    own.dedup();
    let found = tasks::lookup_many(q, campaign, &ids).await?;
    let mut duties = own.clone();
    duties.extend(found.iter().map(|task| task.owed.duty));
    duties.sort_unstable();
    duties.dedup();
    let mut briefs = HashMap::with_capacity(duties.len());
    for some in duties.chunks(500) {
        briefs.extend(duty::briefs(q, campaign, some).await?);
    }
    let none: &[DutyUnit] = &[];
    let leaders = initiatives::leaders(q, campaign).await?;
    let leader = |initiative: Option<InitiativeId>| leaders.get(&initiative?).copied();
    let of_task = |task: &chengjing_domain::duty::task::Task| {
        let units = briefs.get(&task.owed.duty).map_or(none, |brief| &brief.units);
        let circle = Circle::of(task, units, parents).led_by(leader(task.owed.initiative), parents);
        Change {
            campaign,
            kind: Kind::Task,
            id: task.id.0,
            version: task.version,
            units: circle.units(),
            leader: circle.leader().to_vec(),
        }
    };
    let mut all: Vec<Change> = found.iter().map(of_task).collect();
    for (id, version) in duty::versions(q, campaign, &own).await? {
        let (units, initiative) =
            briefs.get(&id).map_or((none, None), |brief| (&brief.units, brief.initiative));
        let units = with_those_above(units.iter().map(|unit| unit.unit), parents);
        let leader = with_those_above(leader(initiative), parents);
        all.push(Change { campaign, kind: Kind::Duty, id: id.0, version, units, leader });
    }
    Ok(all)
}
