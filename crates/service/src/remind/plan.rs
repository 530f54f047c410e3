//! From news to what each person is told.

use std::collections::{BTreeSet, HashMap};

use chengjing_domain::{
    clock::{day_of, local, universal},
    duty::{
        DutyUnit,
        remind::{Channel, Notice, ReminderSettings, deliveries},
    },
    id::{CampaignId, DutyId, NoticeId, UserId},
};
use chengjing_store::{
    Queries, StoreError, Tx, duty,
    mail::{self, NewDelivery},
    notice::{self as store, Told},
};
use chrono::{DateTime, Utc};

use super::{choices_of, recipients::People, settings_of};
use crate::{App, Refusal};

/// A piece of news, and who made it and knows it already.
pub(super) struct News {
    pub(super) notice: Notice,
    pub(super) by: Option<UserId>,
}

impl From<Notice> for News {
    fn from(notice: Notice) -> Self {
        Self { notice, by: None }
    }
}

/// What somebody is to be told, and when at the earliest by mail; None: not by mail.
#[derive(Debug, Clone)]
pub(super) struct Planned {
    pub(super) told: Told,
    pub(super) not_before: Option<DateTime<Utc>>,
}

/// Keeps what was not told yet, with its mail, and returns it.
pub(super) async fn keep_within(tx: &Tx, all: &[Planned]) -> Result<Vec<Told>, StoreError> {
    let told: Vec<Told> = all.iter().map(|planned| planned.told.clone()).collect();
    let fresh = store::add_many(tx, &told).await?;
    let by_mail: HashMap<NoticeId, DateTime<Utc>> =
        all.iter().filter_map(|planned| Some((planned.told.id, planned.not_before?))).collect();
    let delivery = |told: &Told| {
        let not_before = *by_mail.get(&told.id)?;
        Some(NewDelivery { campaign: told.campaign, notice: told.id, user: told.user, not_before })
    };
    let deliveries: Vec<NewDelivery> = fresh.iter().filter_map(delivery).collect();
    mail::add_deliveries(tx, &deliveries).await?;
    Ok(fresh)
}

/// What a campaign's planning needs to know, read once for many pieces of news.
pub(super) struct Planner {
    campaign: CampaignId,
    people: People,
    pub(super) settings: ReminderSettings,
}

impl Planner {
    pub(super) async fn load(q: &impl Queries, campaign: CampaignId) -> Result<Self, Refusal> {
        let people = People::load(q, campaign).await?;
        Ok(Self { campaign, people, settings: settings_of(q, campaign).await? })
    }

    /// What each person is to be told of that news, as of now.
    pub(super) async fn lay_out(
        &self,
        q: &impl Queries,
        app: &App,
        news: Vec<News>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Planned>, Refusal> {
        let units = units_of(q, self.campaign, &news).await?;
        let none: &[DutyUnit] = &[];
        let mut to: Vec<(UserId, Notice)> = Vec::new();
        for News { notice, by } in news {
            let units = notice.about.duty().and_then(|duty| units.get(&duty)).map_or(none, Vec::as_slice);
            let people = self.people.behind(notice.to, units).into_iter().filter(|user| Some(*user) != by);
            to.extend(people.map(|user| (user, notice.clone())));
        }
        let users: Vec<UserId> =
            to.iter().map(|(user, _)| *user).collect::<BTreeSet<_>>().into_iter().collect();
        let choices = choices_of(q, &users).await?;
        let reached: BTreeSet<UserId> = match app.post_office {
            Some(_) => {
                mail::list_mailboxes(q, &users).await?.into_iter().map(|mailbox| mailbox.user).collect()
            }
            None => BTreeSet::new(),
        };
        let mut all = Vec::with_capacity(to.len());
        for (user, notice) in to {
            let Some(choices) = choices.get(&user) else { continue };
            let ways = deliveries(&notice, user, choices, &self.settings, local(now));
            if ways.is_empty() {
                continue;
            }
            let by_mail = ways.iter().find(|way| way.channel == Channel::Mail && reached.contains(&user));
            // Whoever no mail reaches finds it in the app.
            let in_app = by_mail.is_none() || ways.iter().any(|way| way.channel == Channel::InApp);
            let not_before = by_mail.map(|way| universal(way.not_before));
            all.push(Planned { told: told(app, self.campaign, user, &notice, in_app, now), not_before });
        }
        Ok(all)
    }
}

fn told(
    app: &App,
    campaign: CampaignId,
    user: UserId,
    notice: &Notice,
    in_app: bool,
    now: DateTime<Utc>,
) -> Told {
    Told {
        campaign,
        id: NoticeId(app.ids.uuid(now)),
        user,
        news: notice.news().to_owned(),
        kind: notice.kind,
        about: notice.about,
        unit: notice.unit,
        due_on: notice.due_on,
        deed: notice.deed,
        made_on: day_of(now),
        made_at: now,
        in_app,
        read_at: None,
    }
}

async fn units_of(
    q: &impl Queries,
    campaign: CampaignId,
    news: &[News],
) -> Result<HashMap<DutyId, Vec<DutyUnit>>, Refusal> {
    let ids: BTreeSet<DutyId> = news.iter().filter_map(|news| news.notice.about.duty()).collect();
    let ids: Vec<DutyId> = ids.into_iter().collect();
    let mut units = HashMap::with_capacity(ids.len());
    for some in ids.chunks(500) {
        let briefs = duty::briefs(q, campaign, some).await?;
        units.extend(briefs.into_iter().map(|(id, brief)| (id, brief.units)));
    }
    Ok(units)
}

/// How many notices one write adds: others write meanwhile.
const AT_A_TIME: usize = 500;

/// Keeps what is to be told and was not told yet; says how much that was. Asked again it adds nothing.
pub(super) async fn keep(app: &App, all: Vec<Planned>) -> Result<usize, Refusal> {
    let mut added = 0;
    for some in all.chunks(AT_A_TIME) {
        let some = some.to_vec();
        let result = app.store.write_unrecorded("people are told what the ledger tells", move |tx| {
            let some = some.clone();
            async move { keep_within(&tx, &some).await }
        });
        added += match result.await {
            Ok(fresh) => fresh.len(),
            // Another server tells the same at this moment.
            Err(error) if error.constraint() == Some("notice_news") => return Err(Refusal::Busy),
            Err(error) => return Err(error.into()),
        };
    }
    Ok(added)
}
