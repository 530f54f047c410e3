//! Which observation stands in a cell, and how many cells stand how: kept in the write that changes it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chengjing_domain::{
    id::{CampaignId, ObservationId, SiteId},
    observation::{Cell, KeptObservation, Standing, counted, standing, superseded},
    score::{Counters, FactKind, Scope, month_of},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, sea_query::Expr};
use uuid::Uuid;

use super::{from_observation, load};
use crate::{
    door::{Execute, Fetch, Queries, Store, Texts, Tx},
    entity::{observation, observation_count, site, standing as stands},
    error::StoreError,
    recount::{Miscount, compare, compare_each},
    row::{count_up, inconsistent, insert_all, json},
};

/// Observations of which something else may stand, or count, after a change.
pub(super) struct Touched {
    campaign: CampaignId,
    all: Vec<KeptObservation>,
    /// What their answers were counted as before it.
    before: Counters,
}

impl Touched {
    /// What is new was not counted before.
    pub(super) fn new(campaign: CampaignId, all: Vec<KeptObservation>) -> Self {
        Self { campaign, all, before: Counters::new() }
    }

    /// An observation before it is changed, and what it supersedes.
    pub(super) async fn with_what_it_supersedes(tx: &Tx, one: &KeptObservation) -> Result<Self, StoreError> {
        use observation::Column as C;
        let mut all = vec![one.clone()];
        let mut seen: HashSet<Uuid> = [one.id.0].into();
        let mut last: Vec<Uuid> = vec![one.id.0];
        // What was corrected more than once stands or falls with the last correction.
        while !last.is_empty() {
            let rows = observation::Entity::find()
                .filter(C::CampaignId.eq(one.campaign.0))
                .filter(C::SupersededBy.is_in(last))
                .filter(C::SupersededBy.is_not_null())
                .fetch_all(tx.access())
                .await?;
            last = rows.iter().map(|row| row.id).filter(|id| seen.insert(*id)).collect();
            for row in rows {
                all.push(from_observation(row)?);
            }
        }
        let before = answers(tx, one.campaign, &all).await?;
        Ok(Self { campaign: one.campaign, all, before })
    }

    /// Looks at them as they are stored now.
    pub(super) async fn settle(self, tx: &Tx) -> Result<(), StoreError> {
        let mut moves = Moves::default();
        moves.take(self.before, -1);
        moves.take(answers(tx, self.campaign, &self.all).await?, 1);
        let cells: BTreeSet<Cell> = self.all.iter().filter_map(KeptObservation::cell).collect();
        let mut histories = Histories::default();
        for cell in &cells {
            stand(tx, self.campaign, cell, (&mut histories, &mut moves)).await?;
        }
        moves.keep(tx, self.campaign).await
    }
}

/// Looks anew what stands in these cells.
pub(super) async fn settle_cells(
    tx: &Tx,
    campaign: CampaignId,
    cells: &BTreeSet<Cell>,
) -> Result<(), StoreError> {
    let mut moves = Moves::default();
    let mut histories = Histories::default();
    for cell in cells {
        stand(tx, campaign, cell, (&mut histories, &mut moves)).await?;
    }
    moves.keep(tx, campaign).await
}

/// A site was closed: nothing stands there.
pub(crate) async fn settle_site(tx: &Tx, campaign: CampaignId, site: SiteId) -> Result<(), StoreError> {
    use observation::Column as C;
    let criteria: Vec<String> = observation::Entity::find()
        .filter(C::CampaignId.eq(campaign.0))
        .filter(C::SiteId.eq(site.0))
        .select_only()
        .column(C::About)
        .distinct()
        .fetch_tuples(tx.access())
        .await?;
    let mut moves = Moves::default();
    for about in criteria {
        let cell = Cell { kind: FactKind::Visit, about, place: site.0.to_string() };
        stand(tx, campaign, &cell, (&mut Histories::default(), &mut moves)).await?;
    }
    moves.keep(tx, campaign).await
}

/// What the answers among these count now.
async fn answers(tx: &Tx, campaign: CampaignId, among: &[KeptObservation]) -> Result<Counters, StoreError> {
    let ids: Vec<Uuid> = among.iter().filter(|one| one.cell().is_none()).map(|one| one.id.0).collect();
    let mut sum = Counters::new();
    for some in ids.chunks(200) {
        let now = load(tx, campaign, some).await?;
        for one in counting(tx, campaign, now).await? {
            for (key, times) in counted(&one, &Scope::Round(one.round.clone())) {
                *sum.entry(key).or_default() += times;
            }
        }
    }
    Ok(sum)
}

/// Those of these that count and say something, and are not superseded by what does count.
pub(super) async fn counting(
    q: &impl Queries,
    campaign: CampaignId,
    all: Vec<KeptObservation>,
) -> Result<Vec<KeptObservation>, StoreError> {
    let with = with_successors(q, campaign, all.clone()).await?;
    let gone = superseded(&with, KeptObservation::counts);
    Ok(all.into_iter().filter(|one| one.counts() && !one.withdraws && !gone.contains(&one.id)).collect())
}

/// These, with what supersedes them, what supersedes that, and so on.
pub(super) async fn with_successors(
    q: &impl Queries,
    campaign: CampaignId,
    mut all: Vec<KeptObservation>,
) -> Result<Vec<KeptObservation>, StoreError> {
    let mut known: HashSet<ObservationId> = all.iter().map(|one| one.id).collect();
    let mut from = 0;
    while from < all.len() {
        let next: Vec<ObservationId> =
            all[from..].iter().filter_map(|one| one.superseded_by).filter(|id| known.insert(*id)).collect();
        from = all.len();
        all.extend(super::list_of(q, campaign, &next).await?);
    }
    Ok(all)
}

/// Looks what stands in a cell now, and notes what changes by it.
async fn stand(
    tx: &Tx,
    campaign: CampaignId,
    cell: &Cell,
    (histories, moves): (&mut Histories, &mut Moves),
) -> Result<(), StoreError> {
    use stands::Column as C;
    let in_cell = || {
        Condition::all()
            .add(C::CampaignId.eq(campaign.0))
            .add(C::Kind.eq(cell.kind.code()))
            .add(C::About.eq(&cell.about))
            .add(C::Place.eq(&cell.place))
    };
    let before = stands::Entity::find().filter(in_cell()).fetch_all(tx.access()).await?;
    let history = histories.of(tx, campaign, cell).await?;
    let after = if is_closed(tx, campaign, cell).await? { Vec::new() } else { history.standing(cell) };
    let find = |id: Uuid| {
        let found = history.all.get(&ObservationId(id));
        found.ok_or_else(|| inconsistent("standing", "observation_id", id))
    };
    let mut gone: BTreeMap<String, Uuid> =
        before.into_iter().map(|row| (row.scope, row.observation_id)).collect();
    let mut new = Vec::new();
    for Standing { scope, id, at } in after {
        let code = scope.code();
        match gone.get(&code) {
            Some(stood) if *stood == id.0 => {
                gone.remove(&code);
            }
            _ => {
                moves.take(counted(find(id.0)?, &scope), 1);
                new.push(stands::Model {
                    campaign_id: campaign.0,
                    kind: cell.kind.code().to_owned(),
                    about: cell.about.clone(),
                    place: cell.place.clone(),
                    scope: code,
                    observation_id: id.0,
                    month: month_of(at),
                });
            }
        }
    }
    if !gone.is_empty() {
        for (code, id) in &gone {
            let scope = Scope::from_code(code).ok_or_else(|| inconsistent("standing", "scope", *id))?;
            moves.take(counted(find(*id)?, &scope), -1);
        }
        stands::Entity::delete_many()
            .filter(in_cell())
            .filter(C::Scope.is_in(gone.into_keys()))
            .execute(tx.access())
            .await?;
    }
    insert_all::<stands::Entity>(tx, new).await
}

/// What was observed of things, each read once in a write: a sheet of figures has many cells of one statistic.
#[derive(Default)]
struct Histories(HashMap<(FactKind, String, Option<Uuid>), History>);

/// All that was observed of a thing, at a site where it was visited.
struct History {
    all: HashMap<ObservationId, KeptObservation>,
    /// Without what is superseded.
    left: HashMap<Cell, Vec<KeptObservation>>,
}

impl History {
    fn standing(&self, cell: &Cell) -> Vec<Standing> {
        self.left.get(cell).map(|left| standing(cell, left)).unwrap_or_default()
    }
}

impl Histories {
    async fn of(&mut self, tx: &Tx, campaign: CampaignId, cell: &Cell) -> Result<&History, StoreError> {
        use std::collections::hash_map::Entry;
        match self.0.entry((cell.kind, cell.about.clone(), site_of(cell))) {
            Entry::Occupied(there) => Ok(there.into_mut()),
            Entry::Vacant(free) => Ok(free.insert(history(tx, campaign, cell).await?)),
        }
    }
}

async fn history(tx: &Tx, campaign: CampaignId, cell: &Cell) -> Result<History, StoreError> {
    use observation::Column as C;
    let mut query = observation::Entity::find()
        .filter(C::CampaignId.eq(campaign.0))
        .filter(C::Kind.eq(cell.kind.code()))
        .filter(C::About.eq(&cell.about));
    if let Some(site) = site_of(cell) {
        query = query.filter(C::SiteId.eq(site));
    }
    let rows = query.fetch_all(tx.access()).await?;
    let all = rows.into_iter().map(from_observation).collect::<Result<Vec<_>, _>>()?;
    let gone = superseded(&all, KeptObservation::counts);
    let mut left: HashMap<Cell, Vec<KeptObservation>> = HashMap::new();
    for one in all.iter().filter(|one| !gone.contains(&one.id)) {
        if let Some(cell) = one.cell() {
            left.entry(cell).or_default().push(one.clone());
        }
    }
    Ok(History { all: all.into_iter().map(|one| (one.id, one)).collect(), left })
}

fn site_of(cell: &Cell) -> Option<Uuid> {
    (cell.kind == FactKind::Visit).then(|| cell.place.parse().unwrap_or_default())
}

async fn is_closed(tx: &Tx, campaign: CampaignId, cell: &Cell) -> Result<bool, StoreError> {
    let Some(site) = site_of(cell) else { return Ok(false) };
    let row = site::Entity::find_by_id((campaign.0, site)).fetch_one(tx.access()).await?;
    Ok(row.is_none_or(|row| row.closed_at.is_some()))
}

/// What a write does to the counters of one campaign.
#[derive(Default)]
struct Moves(Counters);

impl Moves {
    fn take(&mut self, counters: Counters, times: i64) {
        for (key, n) in counters {
            *self.0.entry(key).or_default() += n * times;
        }
    }

    /// Adds it to the counters, in order, so that two writes can't wait for each other in a ring. A counter that comes to
    /// nothing goes: months pass.
    async fn keep(self, tx: &Tx, campaign: CampaignId) -> Result<(), StoreError> {
        static TEXTS: Texts = Texts::new();
        use observation_count::Column as C;
        let shard = tx.access().shard;
        let rows: Vec<_> = self.rows(campaign, shard).collect();
        let of: BTreeSet<String> = rows.iter().map(|row| row.about.clone()).collect();
        count_up::<observation_count::Entity>(tx, &TEXTS, C::N, rows).await?;
        for about in of {
            observation_count::Entity::delete_many()
                .filter(C::CampaignId.eq(campaign.0))
                .filter(C::About.eq(about))
                .filter(C::Shard.eq(i32::from(shard)))
                .filter(C::N.eq(0))
                .execute(tx.access())
                .await?;
        }
        Ok(())
    }

    fn rows(self, campaign: CampaignId, shard: u8) -> impl Iterator<Item = observation_count::Model> {
        let moved = self.0.into_iter().filter(|(_, n)| *n != 0);
        moved.map(move |(key, n)| observation_count::Model {
            campaign_id: campaign.0,
            about: key.about,
            scope: key.scope.code(),
            month: key.month,
            outcome: json(&key.outcome),
            shard: shard.into(),
            n,
        })
    }
}

/// Looks anew what stands in each cell of a campaign, and counts it.
pub async fn rebuild_counts(tx: &Tx, campaign: CampaignId) -> Result<(), StoreError> {
    stands::Entity::delete_many()
        .filter(stands::Column::CampaignId.eq(campaign.0))
        .execute(tx.access())
        .await?;
    observation_count::Entity::delete_many()
        .filter(observation_count::Column::CampaignId.eq(campaign.0))
        .execute(tx.access())
        .await?;
    let closed = closed(tx, campaign).await?;
    for thing in things(tx, campaign).await? {
        let (rows, moves) = of_thing(tx, campaign, &thing, &closed).await?;
        insert_all::<stands::Entity>(tx, rows).await?;
        moves.keep(tx, campaign).await?;
    }
    Ok(())
}

/// What is kept to stand, and the counters of it, where they are not what the observations give.
pub(crate) async fn miscounts(q: &impl Queries, campaign: CampaignId) -> Result<Vec<Miscount>, StoreError> {
    use stands::Column as C;
    let closed = closed(q, campaign).await?;
    let mut all = Moves::default();
    let mut wrong = Vec::new();
    let observed = things(q, campaign).await?;
    let kept: Vec<Thing> = stands::Entity::find()
        .filter(C::CampaignId.eq(campaign.0))
        .select_only()
        .columns([C::Kind, C::About])
        .distinct()
        .fetch_tuples(q.access())
        .await?;
    for thing in observed.into_iter().chain(kept).collect::<BTreeSet<Thing>>() {
        let (rows, moves) = of_thing(q, campaign, &thing, &closed).await?;
        all.take(moves.0, 1);
        let (kind, about) = thing;
        let kept = stands::Entity::find()
            .filter(C::CampaignId.eq(campaign.0))
            .filter(C::Kind.eq(kind))
            .filter(C::About.eq(about))
            .fetch_all(q.access())
            .await?;
        wrong.extend(compare_each("standing", cells(kept), cells(rows)));
    }
    wrong.extend(
        compare::<observation_count::Entity>(
            q,
            (observation_count::Column::CampaignId, campaign),
            all.rows(campaign, 0),
        )
        .await?,
    );
    Ok(wrong)
}

/// What stands, by its cell and scope.
fn cells(rows: Vec<stands::Model>) -> BTreeMap<Vec<String>, String> {
    let cell = |row: stands::Model| {
        let stood = format!("{} of {}", row.observation_id, row.month);
        (vec![row.kind, row.about, row.place, row.scope], stood)
    };
    rows.into_iter().map(cell).collect()
}

/// A kind of observation, and what is observed.
type Thing = (String, String);

async fn things(q: &impl Queries, campaign: CampaignId) -> Result<Vec<Thing>, StoreError> {
    use observation::Column as C;
    observation::Entity::find()
        .filter(C::CampaignId.eq(campaign.0))
        .select_only()
        .columns([C::Kind, C::About])
        .distinct()
        .fetch_tuples(q.access())
        .await
}

/// The sites at which nothing stands any more.
async fn closed(q: &impl Queries, campaign: CampaignId) -> Result<HashSet<String>, StoreError> {
    let sites = crate::site::list_all(q, campaign).await?;
    Ok(sites.into_iter().filter(|site| site.closed_at.is_some()).map(|site| site.id.0.to_string()).collect())
}

/// What stands of a thing, from its observations alone, and how it counts.
async fn of_thing(
    q: &impl Queries,
    campaign: CampaignId,
    (kind, about): &Thing,
    closed: &HashSet<String>,
) -> Result<(Vec<stands::Model>, Moves), StoreError> {
    use observation::Column as C;
    let rows = observation::Entity::find()
        .filter(C::CampaignId.eq(campaign.0))
        .filter(C::Kind.eq(kind))
        .filter(C::About.eq(about))
        .fetch_all(q.access())
        .await?;
    let all = rows.into_iter().map(from_observation).collect::<Result<Vec<_>, _>>()?;
    let mut moves = Moves::default();
    let mut cells: BTreeMap<Cell, Vec<KeptObservation>> = BTreeMap::new();
    let mut answers = Vec::new();
    for one in all {
        match one.cell() {
            Some(cell) => cells.entry(cell).or_default().push(one),
            None => answers.push(one),
        }
    }
    for one in counting(q, campaign, answers).await? {
        moves.take(counted(&one, &Scope::Round(one.round.clone())), 1);
    }
    // Events, honours and figures supersede each other over cells.
    let everything: Vec<KeptObservation> = cells.values().flatten().cloned().collect();
    let gone = superseded(&everything, KeptObservation::counts);
    let mut rows = Vec::new();
    for (cell, mut own) in cells {
        if cell.kind == FactKind::Visit && closed.contains(&cell.place) {
            continue;
        }
        own.retain(|one| !gone.contains(&one.id));
        for Standing { scope, id, at } in standing(&cell, &own) {
            let one = own.iter().find(|one| one.id == id);
            moves.take(one.map(|one| counted(one, &scope)).unwrap_or_default(), 1);
            rows.push(stands::Model {
                campaign_id: campaign.0,
                kind: cell.kind.code().to_owned(),
                about: cell.about.clone(),
                place: cell.place.clone(),
                scope: scope.code(),
                observation_id: id.0,
                month: month_of(at),
            });
        }
    }
    Ok((rows, moves))
}

/// What stands in campaigns from before it was looked at in this way; a migration marked them.
pub(crate) async fn settle_what_never_was(store: &Store) -> Result<(), StoreError> {
    use stands::Column as C;
    let marked: Vec<Uuid> = store
        .read(|r| async move {
            stands::Entity::find()
                // Written out, so that SQLite knows the index again.
                .filter(Expr::cust("kind = 'uncounted'"))
                .select_only()
                .column(C::CampaignId)
                .fetch_tuples(r.access())
                .await
        })
        .await?;
    settle_each(store, marked).await
}

/// Looks anew what stands in every campaign.
pub(crate) async fn settle_all(store: &Store) -> Result<(), StoreError> {
    let all: Vec<Uuid> = store
        .read(|r| async move {
            let select = observation::Entity::find().select_only().column(observation::Column::CampaignId);
            select.distinct().fetch_tuples(r.access()).await
        })
        .await?;
    settle_each(store, all).await
}

async fn settle_each(store: &Store, campaigns: Vec<Uuid>) -> Result<(), StoreError> {
    for campaign in campaigns {
        let anew = move |tx| async move { rebuild_counts(&tx, CampaignId(campaign)).await };
        store.write_unrecorded("what stands from before figures stood by their periods", anew).await?;
    }
    Ok(())
}
