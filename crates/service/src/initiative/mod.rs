//! Special actions 专项行动 and working groups 工作组: duties that one unit leads and others take part in.

pub mod add;
pub mod edit;
pub mod list;
pub mod look_up;
pub mod turn;

use std::collections::HashMap;

use chengjing_domain::{
    campaign::{
        Unit, UnitKind,
        initiative::{Initiative, InitiativeKind, InitiativeRefusal},
    },
    clock::day_of,
    duty::task::UnitTally,
    id::{CampaignId, InitiativeId, UnitId, UserId},
    people::policy::{self, Action, Visible},
};
use chengjing_store::{
    Queries, StoreError, campaign as campaigns, duty, initiative as store, people,
    task::{self as tasks, Counted},
};
use chrono::NaiveDate;

use crate::{Caller, Refusal, duty::Names, refusal::Faults, unit::CLOSED as UNIT_CLOSED};

/// What is said where something is to be put into one that has ended.
pub(crate) const CLOSED: (&str, &str) =
    ("该专项行动(工作组)已结束", "this special action or working group is closed");

/// What is said of an initiative; None stays.
#[derive(Debug, Clone, Default)]
pub struct InitiativeChange {
    pub kind: Option<InitiativeKind>,
    pub name: Option<String>,
    pub purpose: Option<String>,
    pub leader: Option<UnitId>,
    pub head: Option<Option<UserId>>,
    pub members: Option<Vec<UnitId>>,
    pub starts_on: Option<Option<NaiveDate>>,
    pub ends_on: Option<Option<NaiveDate>>,
}

/// An initiative as its reader sees it.
#[derive(Debug)]
pub struct InitiativeView {
    pub initiative: Initiative,
    /// What the person who answers for it is called.
    pub head: Option<(UserId, String)>,
    /// How many duties are owed under it; only for who sees all of them.
    pub duties: Option<u64>,
    /// How the tasks of each unit stand, of those units that the reader sees, the one with the most late first.
    pub units: Vec<(UnitId, UnitTally)>,
}

/// Which of the initiatives these units lead; empty where leading one does not let anybody do `action`.
pub(crate) async fn led_by(
    q: &impl Queries,
    campaign: CampaignId,
    action: Action,
    units: &[UnitId],
) -> Result<Vec<InitiativeId>, StoreError> {
    if !action.is_for_leaders() {
        return Ok(Vec::new());
    }
    let leaders = store::leaders(q, campaign).await?;
    let mut led: Vec<InitiativeId> =
        leaders.into_iter().filter(|(_, leader)| units.contains(leader)).map(|(id, _)| id).collect();
    led.sort_unstable();
    Ok(led)
}

/// Initiatives with their figures, which are cut to what the caller may see of their tasks.
pub(crate) async fn views(
    q: &impl Queries,
    caller: &Caller,
    campaign: CampaignId,
    initiatives: Vec<Initiative>,
) -> Result<Vec<InitiativeView>, Refusal> {
    let scope = match policy::visible(&caller.actor, Action::SeeTasks, campaign) {
        Visible::All => None,
        Visible::OfUnits(units) => Some(campaigns::list_units_below(q, campaign, &units).await?),
        Visible::Nothing => Some(Vec::new()),
    };
    let sees_unit = |initiative: &Initiative, unit: UnitId| {
        scope.as_ref().is_none_or(|scope| scope.contains(&initiative.leader) || scope.contains(&unit))
    };
    let sees_all =
        |initiative: &Initiative| scope.as_ref().is_none_or(|scope| scope.contains(&initiative.leader));
    let today = day_of(caller.now);
    let ids: Vec<InitiativeId> = initiatives.iter().map(|initiative| initiative.id).collect();
    let mut tallies: HashMap<InitiativeId, HashMap<UnitId, UnitTally>> = HashMap::new();
    for (initiative, count) in tasks::counts_of_initiatives(q, campaign, &ids).await? {
        let tally = tallies.entry(initiative).or_default().entry(count.unit).or_default();
        match count.counted {
            Counted::In(state) => tally.add(state, count.due_on, count.n, today),
            Counted::AsksTime => tally.asks_time += count.n,
        }
    }
    let duties: HashMap<String, u64> =
        duty::counts(q, campaign, duty::Dimension::Initiative).await?.into_iter().collect();
    let heads: Vec<UserId> = initiatives.iter().filter_map(|initiative| initiative.head).collect();
    let heads = people::display_names(q, &heads).await?;
    let view = |initiative: Initiative| {
        let tallies = tallies.remove(&initiative.id).unwrap_or_default();
        let mut units: Vec<(UnitId, UnitTally)> =
            tallies.into_iter().filter(|(unit, _)| sees_unit(&initiative, *unit)).collect();
        units.sort_by_key(|(unit, tally)| (std::cmp::Reverse(tally.late), *unit));
        let count = || duties.get(&initiative.id.to_string()).copied().unwrap_or(0);
        InitiativeView {
            head: initiative.head.and_then(|head| Some((head, heads.get(&head)?.clone()))),
            duties: sees_all(&initiative).then(count),
            units,
            initiative,
        }
    };
    Ok(initiatives.into_iter().map(view).collect())
}

/// One initiative with its figures, and the names that it needs.
pub(crate) async fn view(
    q: &impl Queries,
    caller: &Caller,
    initiative: Initiative,
) -> Result<(InitiativeView, Names), Refusal> {
    let campaign = initiative.campaign;
    let view = views(q, caller, campaign, vec![initiative]).await?.pop().ok_or(Refusal::NotFound)?;
    Ok((view, Names::load(q, campaign).await?))
}

pub(crate) async fn must(
    q: &impl Queries,
    campaign: CampaignId,
    id: InitiativeId,
) -> Result<Initiative, Refusal> {
    store::lookup(q, campaign, id).await?.ok_or(Refusal::NotFound)
}

/// Puts what was said into an initiative; all faults at once.
pub(crate) async fn put(
    q: &impl Queries,
    initiative: &mut Initiative,
    change: &InitiativeChange,
) -> Result<(), Refusal> {
    const MOST_MEMBERS: usize = 200;
    let mut faults = Faults::default();
    initiative.kind = change.kind.unwrap_or(initiative.kind);
    if let Some(name) = &change.name {
        initiative.name = faults.text("name", name, 100);
    }
    if let Some(purpose) = &change.purpose {
        if purpose.chars().count() > 5_000 {
            faults.add("purpose", "最多5000个字", "at most 5000 characters");
        }
        initiative.purpose = purpose.replace('\0', "").trim().to_owned();
    }
    let units = campaigns::all_units(q, initiative.campaign).await?;
    let mut check = |path: String, id: UnitId, had: bool| match units.iter().find(|unit| unit.id == id) {
        None => faults.add(path, "没有这个单位", "there is no such unit"),
        Some(Unit { kind: UnitKind::Group, .. }) => {
            faults.add(path, "请选择具体单位，不能是组合", "a unit, not a group");
        }
        Some(unit) if unit.closed_at.is_some() && !had => faults.add(path, UNIT_CLOSED.0, UNIT_CLOSED.1),
        Some(_) => {}
    };
    if let Some(leader) = change.leader {
        check("leader_id".to_owned(), leader, leader == initiative.leader);
        initiative.leader = leader;
    }
    let members = change.members.clone().unwrap_or_else(|| initiative.members.clone());
    if let Some(members) = &change.members {
        for (index, member) in members.iter().enumerate() {
            check(format!("member_ids[{index}]"), *member, initiative.members.contains(member));
        }
        if members.len() > MOST_MEMBERS {
            faults.add(
                "member_ids",
                format!("最多{MOST_MEMBERS}个单位"),
                format!("at most {MOST_MEMBERS} units"),
            );
        }
    }
    // Who leads it now is no member any more.
    initiative.set_members(members);
    if let Some(head) = change.head {
        if let Some(head) = head.filter(|head| initiative.head != Some(*head)) {
            let belongs = people::list_belonging(q, initiative.campaign, &[head]).await?;
            if !belongs.contains(&head) {
                faults.add("head_id", "该用户不在本创建项目中", "this user does not belong to the campaign");
            }
        }
        initiative.head = head;
    }
    initiative.starts_on = change.starts_on.unwrap_or(initiative.starts_on);
    initiative.ends_on = change.ends_on.unwrap_or(initiative.ends_on);
    if initiative.starts_on.zip(initiative.ends_on).is_some_and(|(start, end)| start > end) {
        faults.add("ends_on", "结束日期早于开始日期", "it ends before it starts");
    }
    faults.end()
}

impl From<InitiativeRefusal> for Refusal {
    fn from(refusal: InitiativeRefusal) -> Self {
        match refusal {
            InitiativeRefusal::Closed => Self::conflict(CLOSED.0, CLOSED.1),
            InitiativeRefusal::Open => {
                Self::conflict("该专项行动(工作组)正在进行", "this special action or working group is open")
            }
        }
    }
}
