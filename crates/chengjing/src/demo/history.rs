//! Half a year of the county's work: who accepted, reported, was sent back, asked for time, and who is late. The same at
//! every start.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use anyhow::{Context, Result};
use chengjing_domain::{
    campaign::UnitKind,
    clock::day_of,
    duty::{DutyTarget, task::Deed},
    id::{CampaignId, DutyId, TaskId, UnitId, UserId},
    people::{Actor, Role},
};
use chengjing_service::{
    App, Caller, Refusal, people, remind,
    task::{
        self, TaskView,
        act::Brought,
        list::{Turn, Wanted},
    },
    unit::{self, list::UnitFilter},
};
use chengjing_store::{Paging, people as store};
use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc, Weekday};

use super::{
    PASSWORD, Wheel,
    cases::{self, Units},
    changes::{self, County},
    evidence::Filings,
    figures,
    observed::Observers,
};

/// The day on which the units got their duties.
const ASSIGNED: NaiveDate = match NaiveDate::from_ymd_opt(2026, 1, 12) {
    Some(day) => day,
    None => panic!("a day of the calendar"),
};

const FAMILIES: &[&str] = &[
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何",
    "郭", "马", "罗",
];
const GIVEN: &[&str] = &[
    "海燕", "志强", "春梅", "建军", "晓东", "丽娟", "文斌", "秀兰", "立新", "雪梅", "永刚", "慧敏", "国庆",
    "小红", "庆丰", "桂芳", "明亮",
];
const PROGRESS: &[&str] = &[
    "已制定清单，明确到人。",
    "完成摸底，正在逐项整改。",
    "本周出动三十余人次，清理乱堆乱放二十处。",
    "设备已采购，等安装。",
    "与相关单位会商一次，分工已定。",
    "过半，剩下的排在下月上旬。",
];
const REPORTS: &[&str] = &[
    "按清单全部完成，已自查两遍。",
    "整治到位，台账和照片齐全。",
    "指标已达到，后续转入日常管理。",
    "完成，已请社区居民代表现场看过。",
    "任务办结，经验做法另报。",
];
const SENT_BACK: &[&str] = &[
    "现场仍有两处积水，请补办后再报。",
    "照片看不清时间地点，请重拍。",
    "指标只有文字，没有数据来源。",
    "只报了城区，乡镇部分没有说明。",
];
const NEED_TIME: &[&str] =
    &["连续降雨，户外施工停了十天。", "招标流标一次，重新组织。", "与管线迁改冲突，需等供水公司完工。"];
const NEED_HELP: &[&str] =
    &["路段产权不清，请协调移交。", "人手不足，请抽调两名同志支援一个月。", "涉及跨区，请帮助牵线对接。"];

/// What happens to one task, one after the other; after it was reassigned, to that of the unit which has it then.
pub(super) struct Line {
    pub(super) task: TaskId,
    pub(super) version: i64,
    pub(super) unit: UnitId,
    pub(super) duty: DutyId,
    targets: Vec<DutyTarget>,
    pub(super) deeds: Vec<Timed>,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Hand {
    Unit,
    Office,
    /// The liaison of another unit: of the one that leads the duty, or that was asked for help.
    Other(UnitId),
}

/// Chance that is the same every time.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) fn roll(&mut self, sides: u64) -> u64 {
        // The steps of a linear congruential generator; its high bits are good enough for a made-up county.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn of(&mut self, words: &[&str]) -> String {
        let at = usize::try_from(self.roll(words.len() as u64)).unwrap_or(0);
        words.get(at).copied().unwrap_or_default().to_owned()
    }
}

/// Lets the half year pass.
pub(super) async fn play(
    app: &App,
    wheel: &Wheel,
    administrator: &Caller,
    office: UserId,
    campaign: CampaignId,
) -> Result<()> {
    let today = day_of(super::moment());
    let office = actor_of(app, office).await?;
    let tasks = all_tasks(app, administrator, campaign).await?;
    let named = all_units(app, administrator, campaign).await?;
    let units: Vec<UnitId> = named.iter().map(|(_, unit)| *unit).collect();
    let mut liaisons = liaisons(app, administrator, campaign, &units).await?;
    let targets = figures::targets(app, administrator, campaign).await?;
    let mut lines: Vec<Line> = Vec::with_capacity(tasks.len());
    for (n, view) in tasks.iter().enumerate() {
        let targets = targets.get(&view.task.owed.duty).cloned().unwrap_or_default();
        lines.push(Line { targets, ..line(n, view, &units, today) });
    }
    let mut units = Units::new(named);
    let mut county = County {
        app,
        administrator,
        office: &office,
        campaign,
        units: &mut units,
        liaisons: &mut liaisons,
        lines: &mut lines,
    };
    county.found().await?;
    for case in cases::all(&units)? {
        let is_it =
            |view: &TaskView| view.task.owed.unit == case.unit && view.duty.title.starts_with(case.duty);
        let at = tasks.iter().position(is_it).with_context(|| format!("nobody owes {}", case.duty))?;
        if let Some(line) = lines.get_mut(at) {
            line.deeds = case.deeds;
        }
    }
    let mut filings = Filings::begin(app, &office, administrator, campaign, &units).await?;
    let mut changes = changes::ALL.iter().peekable();

    // Day by day, so that the ledger tells it in the order of time; what happens on one day shares its commits.
    let mut days: BTreeMap<NaiveDate, Vec<usize>> = BTreeMap::new();
    for (n, line) in lines.iter().enumerate() {
        for (at, ..) in &line.deeds {
            let today = days.entry(day_of(*at)).or_default();
            if today.last() != Some(&n) {
                today.push(n);
            }
        }
    }
    let mut dice = Dice(7);
    let mut dated_from = today - DATED;
    // What was done this week is news to the people of the county; what was done before they have read.
    let week = today - Days::new(5);
    let mut news_begin = false;
    let first = day_of(administrator.now);
    let mut observers = Observers::new(app, Arc::clone(&office), campaign, first);
    for (day, active) in days {
        if day > week && !std::mem::replace(&mut news_begin, true) {
            remind::follow::begin_here(app).await?;
        }
        // The dates of recurring duties, day by day: those of the last weeks are enough to see how they go.
        while dated_from <= day {
            wheel.turn_to(evening(dated_from));
            keep_dates(app, campaign, (&liaisons, &office), dated_from, &mut dice).await?;
            dated_from = dated_from + Days::new(1);
        }
        wheel.turn_to(evening(day));
        observers.go_on(day).await?;
        while let Some(change) = changes.next_if(|change| change.day() <= day) {
            let (units, liaisons, lines) = (&mut units, &mut liaisons, &mut lines[..]);
            let mut county = County { app, administrator, office: &office, campaign, units, liaisons, lines };
            county.change(change).await?;
        }
        filings.until(day, &liaisons).await?;
        let mut acts = tokio::task::JoinSet::new();
        for n in active {
            let Some(line) = lines.get_mut(n) else { continue };
            let (due, later): (Vec<Timed>, Vec<Timed>) =
                std::mem::take(&mut line.deeds).into_iter().partition(|(at, ..)| day_of(*at) <= day);
            line.deeds = later;
            if !liaisons.contains_key(&line.unit) {
                continue;
            }
            let due = due.into_iter().filter_map(|(at, hand, deed)| {
                let actor = match hand {
                    Hand::Unit => liaisons.get(&line.unit)?,
                    Hand::Office => &office,
                    Hand::Other(unit) => liaisons.get(&unit)?,
                };
                Some((at, Arc::clone(actor), deed))
            });
            let due: Vec<Done> = due.collect();
            let app = app.clone();
            let (task, version, targets) = (line.task, line.version, line.targets.clone());
            acts.spawn(async move {
                let goes_to = due.iter().find_map(|(.., deed)| match deed {
                    Deed::Reassign { to, .. } => Some(*to),
                    _ => None,
                });
                (n, goes_to, act(&app, campaign, (task, version), (due, &targets)).await)
            });
        }
        while let Some(done) = acts.join_next().await {
            let (n, goes_to, version) = done?;
            let Some(line) = lines.get_mut(n) else { continue };
            match (version?, goes_to) {
                (Some(version), None) => line.version = version,
                (Some(_), Some(to)) => follow(app, administrator, campaign, line, to).await?,
                // It can't go on as planned (others are not ready, or it went to another unit): it stays as it is.
                (None, _) => line.deeds.clear(),
            }
        }
    }
    Ok(())
}

/// The line goes on with the task that the other unit got.
async fn follow(app: &App, caller: &Caller, campaign: CampaignId, line: &mut Line, to: UnitId) -> Result<()> {
    let (of_duty, _) = task::of_duty::of_duty(app, caller, campaign, line.duty).await?;
    let found = of_duty.tasks.into_iter().find(|view| view.task.owed.unit == to);
    let task = found.context("a task of the unit that a duty was reassigned to")?.task;
    line.task = task.id;
    line.unit = to;
    line.version = task.version;
    Ok(())
}

pub(super) async fn lookup_version(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    task: TaskId,
) -> Result<i64> {
    Ok(task::look_up::look_up(app, caller, campaign, task).await?.view.task.version)
}

/// For so many days before today the county's recurring duties have their dates.
const DATED: Days = Days::new(16);

/// One day of the recurring duties: its dates are made, those that are over are missed, and most of what is due is
/// reported and confirmed.
async fn keep_dates(
    app: &App,
    campaign: CampaignId,
    (liaisons, office): (&HashMap<UnitId, Arc<Actor>>, &Arc<Actor>),
    day: NaiveDate,
    dice: &mut Dice,
) -> Result<()> {
    task::dates::miss(app, campaign).await?;
    task::dates::make(app, campaign).await?;
    let caller = |actor: &Arc<Actor>| Caller::new(app, Arc::clone(actor), None);
    let wanted =
        Wanted { turn: Some(Turn::Unit), due_from: Some(day), due_to: Some(day), ..Wanted::default() };
    let mut due = Vec::new();
    let mut after = None;
    loop {
        let paging = Paging { after, limit: 200 };
        let (page, names) = task::list::list(app, &caller(office), campaign, wanted.clone(), paging).await?;
        let dated = page.items.into_iter().filter(|view| view.task.owed.occurrence.is_some());
        due.extend(dated.map(|view| ((view.duty.title.clone(), names.unit(view.task.owed.unit).name), view)));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    due.sort_by(|(one, _), (other, _)| one.cmp(other));
    let mut acts = tokio::task::JoinSet::new();
    for (_, view) in due {
        let note = Some(dice.of(REPORTS));
        // One in fourteen lets it pass; the office is two days behind.
        let fresh = day + Days::new(2) >= day_of(super::moment());
        let (passes, looked_at) = (dice.roll(14) == 0, dice.roll(4) == 0 || !fresh);
        if passes {
            continue;
        }
        // A group that nobody has picked the members of has no liaison.
        let Some(unit) = liaisons.get(&view.task.owed.unit).cloned() else { continue };
        let open = day.and_hms_opt(2, 0, 0).unwrap_or_default().and_utc();
        let mut deeds = vec![(open, unit, Deed::Report { note })];
        if looked_at {
            deeds.push((open + TimeDelta::hours(5), Arc::clone(office), Deed::Confirm { note: None }));
        }
        let app = app.clone();
        let task = (view.task.id, view.task.version);
        acts.spawn(async move { act(&app, campaign, task, (deeds, &[])).await });
    }
    while let Some(done) = acts.join_next().await {
        done??;
    }
    Ok(())
}

/// A deed with its moment, and whose hand does it.
pub(super) type Timed = (DateTime<Utc>, Hand, Deed);

/// The same with the one whose hand it is.
type Done = (DateTime<Utc>, Arc<Actor>, Deed);

/// Does one day's deeds to a task; its version after them, or None where it refused one.
async fn act(
    app: &App,
    campaign: CampaignId,
    (task, mut version): (TaskId, i64),
    (deeds, targets): (Vec<Done>, &[DutyTarget]),
) -> Result<Option<i64>> {
    for (at, actor, deed) in deeds {
        let mut caller = Caller::new(app, actor, None);
        caller.now = at;
        let behind = task.0.as_bytes().last().map_or(0, |byte| i64::from(*byte) % 20);
        let figures = figures::with(targets, &deed, at, behind);
        let brought = Brought { files: Vec::new(), figures };
        match task::act::act(app, &caller, campaign, task, version, (deed, brought)).await {
            Ok(story) => version = story.view.task.version,
            Err(Refusal::Conflict(_) | Refusal::Invalid(_)) => return Ok(None),
            Err(other) => return Err(other.into()),
        }
    }
    Ok(Some(version))
}

/// What is to happen to the nth task.
fn line(n: usize, view: &TaskView, units: &[UnitId], today: NaiveDate) -> Line {
    let task = &view.task;
    let mut dice = Dice(n as u64 + 11);
    dice.roll(2);
    let mut story = Story { today, deeds: Vec::new(), dice };
    let due = task.last_day();
    let accepted = story.after(ASSIGNED, 1, 9);
    let r = story.dice.roll(100);
    match due {
        Some(due) if due < today => story.past(r, accepted, due),
        due => story.ahead(r, accepted, due, units, task.owed.unit),
    }
    Line {
        task: task.id,
        version: task.version,
        unit: task.owed.unit,
        duty: task.owed.duty,
        targets: Vec::new(),
        deeds: story.deeds,
    }
}

struct Story {
    today: NaiveDate,
    deeds: Vec<Timed>,
    dice: Dice,
}

impl Story {
    /// A working day some days after another.
    fn after(&mut self, day: NaiveDate, least: u64, most: u64) -> NaiveDate {
        let mut day = day + Days::new(least + self.dice.roll(most - least + 1));
        while matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
            day = day + Days::new(1);
        }
        day
    }

    /// Adds a deed in the working hours of a day that has come.
    fn put(&mut self, day: NaiveDate, hand: Hand, deed: Deed) {
        if day >= self.today {
            return;
        }
        // From half past eight in the county, eight hours ahead of UTC.
        let open = day.and_hms_opt(0, 30, 0).unwrap_or_default().and_utc();
        let minutes = i64::try_from(self.dice.roll(500)).unwrap_or(0);
        let at = open + TimeDelta::minutes(minutes);
        let last = self.deeds.last().map_or(at, |(last, ..)| *last + TimeDelta::minutes(20));
        self.deeds.push((at.max(last), hand, deed));
    }

    fn accept(&mut self, day: NaiveDate) {
        self.put(day, Hand::Unit, Deed::Accept);
    }

    fn progress(&mut self, day: NaiveDate, percent: u8) {
        let note = Some(self.dice.of(PROGRESS));
        self.put(day, Hand::Unit, Deed::Progress { percent, note });
    }

    fn report(&mut self, day: NaiveDate) {
        let note = Some(self.dice.of(REPORTS));
        self.put(day, Hand::Unit, Deed::Report { note });
    }

    fn send_back(&mut self, day: NaiveDate) {
        let reason = self.dice.of(SENT_BACK);
        self.put(day, Hand::Office, Deed::SendBack { reason });
    }

    fn done(&mut self, accepted: NaiveDate, report: NaiveDate) {
        self.accept(accepted);
        let middle = accepted + Days::new((report - accepted).num_days().max(2).unsigned_abs() / 2);
        let percent = 30 + 5 * u8::try_from(self.dice.roll(8)).unwrap_or(0);
        self.progress(middle, percent);
        self.report(report);
        let looked_at = self.after(report, 1, 4);
        if self.dice.roll(6) == 0 {
            self.send_back(looked_at);
            let again = self.after(looked_at, 3, 9);
            self.report(again);
            let end = self.after(again, 1, 4);
            self.put(end, Hand::Office, Deed::Confirm { note: None });
        } else {
            self.put(looked_at, Hand::Office, Deed::Confirm { note: None });
        }
    }

    /// The day has passed.
    fn past(&mut self, r: u64, accepted: NaiveDate, due: NaiveDate) {
        let in_time = (due - Days::new(self.dice.roll(14))).max(accepted);
        match r {
            0..76 => self.done(accepted, in_time),
            76..84 => {
                let late = self.after(due, 1, 9);
                self.done(accepted, late);
            }
            84..88 => {
                self.accept(accepted);
                let yesterday = self.today - Days::new(1 + self.dice.roll(3));
                self.report(yesterday);
            }
            88..92 => {
                self.accept(accepted);
                self.report(in_time);
                let back = self.today - Days::new(2 + self.dice.roll(6));
                self.send_back(back);
            }
            92..96 => {
                self.accept(accepted);
                self.progress(due - Days::new(9), 45);
                let reason = self.dice.of(NEED_TIME);
                let until = self.today + Days::new(20);
                self.put(due - Days::new(3), Hand::Unit, Deed::AskExtension { until, reason });
                self.put(due - Days::new(1), Hand::Office, Deed::GrantExtension { until: None, note: None });
            }
            96..98 => {
                self.accept(accepted);
                self.progress(due - Days::new(5), 60);
            }
            _ => {}
        }
    }

    /// The day is still to come, or there is none.
    fn ahead(&mut self, r: u64, accepted: NaiveDate, due: Option<NaiveDate>, units: &[UnitId], own: UnitId) {
        let lately = self.today - Days::new(1 + self.dice.roll(20));
        let percent = 10 + 5 * u8::try_from(self.dice.roll(14)).unwrap_or(0);
        match r {
            0..8 => {}
            8..28 => self.accept(accepted),
            28..70 => {
                self.accept(accepted);
                self.progress(lately, percent);
            }
            70..75 => {
                self.accept(accepted);
                self.progress(lately, percent);
                let reason = self.dice.of(NEED_TIME);
                let until = due.unwrap_or(self.today) + Days::new(30);
                self.put(self.today - Days::new(2), Hand::Unit, Deed::AskExtension { until, reason });
            }
            75..79 => {
                self.accept(accepted);
                let other = self.other(units, own);
                let text = self.dice.of(NEED_HELP);
                self.put(lately, Hand::Unit, Deed::AskHelp { of: other, text });
            }
            79..82 => {
                let reason = "职责不在我单位，建议由行业主管部门承担。".to_owned();
                let proposed = Some(self.other(units, own));
                self.put(self.today - Days::new(3), Hand::Unit, Deed::ReturnAsNotOurs { reason, proposed });
            }
            82..84 => {
                let reason = "属地管理，应由所在地承担。".to_owned();
                self.put(accepted, Hand::Unit, Deed::ReturnAsNotOurs { reason, proposed: None });
                let decided = self.after(accepted, 2, 5);
                let reason = "按方案分工，由你单位承担。".to_owned();
                self.put(decided, Hand::Office, Deed::Uphold { reason });
                let taken = self.after(decided, 1, 3);
                self.accept(taken);
                self.progress(lately, percent);
            }
            84..92 => {
                self.accept(accepted);
                self.progress(lately - Days::new(10), percent);
                let day = self.today - Days::new(1 + self.dice.roll(4));
                self.report(day);
            }
            _ => {
                let report = lately - Days::new(12);
                self.done(accepted, report);
            }
        }
    }

    fn other(&mut self, units: &[UnitId], own: UnitId) -> UnitId {
        let at = usize::try_from(self.dice.roll(units.len().max(1) as u64)).unwrap_or(0);
        let found = units.iter().cycle().skip(at).take(units.len()).find(|unit| **unit != own);
        found.copied().unwrap_or(own)
    }
}

fn evening(day: NaiveDate) -> DateTime<Utc> {
    day.and_hms_opt(11, 0, 0).unwrap_or_default().and_utc()
}

/// The county's units by name; groups are none.
async fn all_units(app: &App, caller: &Caller, campaign: CampaignId) -> Result<Vec<(String, UnitId)>> {
    let mut units = unit::list::list(app, caller, campaign, UnitFilter::default()).await?;
    units.retain(|view| view.unit.kind != UnitKind::Group);
    units.sort_by(|one, other| one.unit.name.cmp(&other.unit.name));
    Ok(units.into_iter().map(|view| (view.unit.name, view.unit.id)).collect())
}

/// All tasks in an order that is the same every time: that of ids is chance.
async fn all_tasks(app: &App, caller: &Caller, campaign: CampaignId) -> Result<Vec<TaskView>> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let paging = Paging { after, limit: 200 };
        let (page, names) = task::list::list(app, caller, campaign, Wanted::default(), paging).await?;
        for view in page.items {
            let name = names.unit(view.task.owed.unit).name;
            all.push(((view.task.last_day(), view.duty.title.clone(), name), view));
        }
        after = page.next;
        if after.is_none() {
            all.sort_by(|(one, _), (other, _)| one.cmp(other));
            return Ok(all.into_iter().map(|(_, view)| view).collect());
        }
    }
}

/// One liaison for each unit; who is there already stays.
async fn liaisons(
    app: &App,
    administrator: &Caller,
    campaign: CampaignId,
    units: &[UnitId],
) -> Result<HashMap<UnitId, Arc<Actor>>> {
    let mut added = Vec::with_capacity(units.len());
    for (n, unit) in units.iter().enumerate() {
        let family = FAMILIES.get(n % FAMILIES.len()).copied().unwrap_or_default();
        let given = GIVEN.get(n % GIVEN.len()).copied().unwrap_or_default();
        let grant = people::NewGrant { role: Role::Liaison, campaign: Some(campaign), unit: Some(*unit) };
        let new = people::add_user::NewUser {
            name: format!("liaison{:02}", n + 1),
            display_name: format!("{family}{given}"),
            password: PASSWORD.to_owned(),
            must_change_password: false,
            grants: vec![grant],
        };
        let (app, administrator, unit) = (app.clone(), administrator.clone(), *unit);
        added.push(tokio::spawn(async move {
            people::add_user::add_user(&app, &administrator, new).await.map(|view| (unit, view.user.id))
        }));
    }
    let mut liaisons = HashMap::new();
    for one in added {
        let (unit, user) = one.await??;
        liaisons.insert(unit, actor_of(app, user).await?);
    }
    Ok(liaisons)
}

pub(super) async fn actor_of(app: &App, user: UserId) -> Result<Arc<Actor>> {
    let found = app.store.read(|r| async move { store::lookup_actor(&r, user).await }).await?;
    Ok(Arc::new(found.context("a user of the county")?))
}
