//! The made-up county 清水县: its plan, its units, its people, half a year of their work. The same at every start.

mod cases;
mod changes;
mod evidence;
mod figures;
mod history;
mod initiatives;
mod observed;
mod results;
mod standards;

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, Result};
use chengjing_api::DemoLogin;
use chengjing_domain::{
    campaign::{Campaign, UnitKind, naming},
    id::{CampaignId, UnitId, UserId},
    people::Role,
    plan::adoption::{Choice, UnitDecision},
};
use chengjing_service::{
    App, Caller, Refusal,
    campaign::{self, CampaignText},
    holiday, job, people,
    plan::{self, adopt::Decisions},
    unit::{self, UnitChange, list::UnitFilter},
};
use chengjing_store::{
    Clock,
    job::{WorkerOptions, run_jobs},
};
use chrono::{DateTime, NaiveDate, Utc};

use crate::{command::told, world::Randomness};

/// The plan, written for this county in the manner of real ones.
pub(crate) const PLAN_AS_TEXT: &str = include_str!("../../demo/plan.txt");
/// The same plan as the office issued it; `cargo xtask update` makes it from the text.
const PLAN: &[u8] = include_bytes!("../../demo/plan.docx");
/// A supplementary plan, read but not yet adopted.
const SUPPLEMENT: &str = include_str!("../../demo/plan-2.txt");
const YEAR: i32 = 2026;
const PASSWORD: &str = "Qingshui-2026";

/// Wednesday, 8 July 2026, nine in the morning in Qingshui: half a year after the campaign began.
pub(crate) fn moment() -> DateTime<Utc> {
    DateTime::from_timestamp(1_783_472_400, 0).unwrap_or_default()
}

/// The day on which the office put the plan in.
fn beginning() -> DateTime<Utc> {
    DateTime::from_timestamp(1_768_181_400, 0).unwrap_or_default()
}

/// Turns the county's clock while its half year is played; afterwards the clock goes on from [`moment`].
#[derive(Debug, Clone, Default)]
pub(crate) struct Wheel(Arc<AtomicI64>);

impl Wheel {
    /// A clock that stands at the moment to which the wheel was turned, and goes as `clock` where it was not.
    pub(crate) fn on(&self, clock: Clock) -> Clock {
        let turned = Arc::clone(&self.0);
        Arc::new(move || match turned.load(Ordering::Relaxed) {
            0 => clock(),
            seconds => DateTime::from_timestamp(seconds, 0).unwrap_or_default(),
        })
    }

    fn turn_to(&self, moment: DateTime<Utc>) {
        self.0.store(moment.timestamp(), Ordering::Relaxed);
    }

    fn release(&self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

struct Person {
    role: Role,
    name: &'static str,
    display_name: &'static str,
    /// The unit that a liaison works for.
    unit: Option<&'static str>,
}

const fn person(
    role: Role,
    name: &'static str,
    display_name: &'static str,
    unit: Option<&'static str>,
) -> Person {
    Person { role, name, display_name, unit }
}

const PEOPLE: &[Person] = &[
    person(Role::SystemAdmin, "admin", "贺明远", None),
    person(Role::Office, "office", "王芳", None),
    person(Role::Leader, "leader", "陈国栋", None),
    person(Role::Reviewer, "reviewer", "刘静", None),
    person(Role::Inspector, "inspector", "赵磊", None),
    person(Role::Liaison, "liaison", "孙丽", Some("县教育局")),
    person(Role::Auditor, "auditor", "周正", None),
    person(Role::Volunteer, "volunteer", "吴小雨", None),
    person(Role::Public, "public", "郑大山", None),
];

/// A login for each role.
pub(crate) fn logins() -> Vec<DemoLogin> {
    PEOPLE
        .iter()
        .map(|person| DemoLogin {
            role: person.role.code().to_owned(),
            name: person.name.to_owned(),
            display_name: person.display_name.to_owned(),
            password: PASSWORD.to_owned(),
        })
        .collect()
}

/// Fills an empty installation; one that has users is left as it is.
pub(crate) async fn fill(app: &App, wheel: &Wheel) -> Result<()> {
    if !people::set_up::is_needed(app).await? {
        return Ok(());
    }
    wheel.turn_to(beginning());
    let first = PEOPLE.first().context("the county has people")?;
    let administrator = people::set_up::FirstAdministrator {
        name: first.name.to_owned(),
        display_name: first.display_name.to_owned(),
        password: PASSWORD.to_owned(),
    };
    let session = people::set_up::set_up(app, administrator, "", "demo").await?;
    let caller = Caller::new(app, session.actor, None);
    let campaign = add_campaign(app, &caller).await?;
    put_holidays_in(app, &caller).await?;
    add_streets_and_communities(app, &caller, campaign.id).await?;

    let adopted = import(app, &caller, campaign.id, "清水县创建文明城市实施方案.docx", PLAN).await?;
    adopt(app, &caller, campaign.id, adopted).await?;
    initiatives::gather(app, &caller, campaign.id).await?;
    standards::attach(app, &caller, campaign.id).await?;
    let mut office = None;
    for person in PEOPLE.iter().skip(1) {
        let user = add_person(app, &caller, campaign.id, person).await?;
        office = office.or(Some(user).filter(|_| person.role == Role::Office));
    }
    let office = office.context("the county has an office")?;
    history::play(app, wheel, &caller, office, campaign.id).await?;
    wheel.release();

    let caller = Caller::new(app, caller.actor, None);
    import(app, &caller, campaign.id, "清水县夏季市容整治补充方案.txt", SUPPLEMENT.as_bytes()).await?;
    Ok(())
}

/// The year's holidays, as the administrator took them from the notice.
async fn put_holidays_in(app: &App, caller: &Caller) -> Result<()> {
    let seen = told(holiday::look_up::look_up(app, caller, YEAR).await)?;
    let file = seen.holidays.context("the program knows the days of the county's year")?.file();
    told(holiday::edit::edit(app, caller, YEAR, seen.version, Some(file)).await)?;
    Ok(())
}

async fn add_campaign(app: &App, caller: &Caller) -> Result<Campaign, Refusal> {
    let text = CampaignText {
        name: "清水县创建文明城市".to_owned(),
        place: "清水县".to_owned(),
        kind: "文明城市".to_owned(),
        year: YEAR,
        starts_on: NaiveDate::from_ymd_opt(2026, 1, 5),
        ends_on: NaiveDate::from_ymd_opt(2026, 12, 31),
    };
    campaign::add::add(app, caller, text).await
}

/// The places that 各乡镇 and 各社区 stand for.
const STREETS: &[&str] =
    &["城关镇", "东河镇", "西河镇", "柳林镇", "石桥镇", "青山乡", "白水乡", "云台乡", "新城街道", "老城街道"];
const COMMUNITIES: &[&str] = &["柳园社区", "河滨社区", "南门社区", "文庙社区", "新苑社区", "桃花社区"];

async fn add_streets_and_communities(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
) -> Result<(), Refusal> {
    for (names, kind) in [(STREETS, UnitKind::Street), (COMMUNITIES, UnitKind::Community)] {
        for name in names {
            let text =
                UnitChange { name: Some((*name).to_owned()), kind: Some(kind), ..UnitChange::default() };
            unit::add::add(app, caller, campaign, text).await?;
        }
    }
    Ok(())
}

/// Puts a plan in and reads it. The worker that does so stops afterwards: other jobs wait until the county's half year has
/// been played.
async fn import(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    name: &str,
    document: &'static [u8],
) -> Result<chengjing_domain::id::ImportId> {
    let (stop, mut stopped) = tokio::sync::watch::channel(false);
    let worker = WorkerOptions::new(chengjing_domain::id::Ids::uuid(&Randomness, app.now()));
    let until = async move { drop(stopped.wait_for(|stop| *stop).await) };
    let reading = tokio::spawn(run_jobs(app.store.clone(), job::handlers(app), worker, until));
    let file = app.store.files().put_bytes(bytes::Bytes::from_static(document)).await?;
    let (import, _) = plan::import::import(app, caller, campaign, file, name, None).await?;
    loop {
        let now = plan::look_up::look_up(app, caller, campaign, import.id).await?;
        match now.state.code() {
            "reading" => tokio::time::sleep(Duration::from_millis(20)).await,
            "draft" => break,
            other => anyhow::bail!("the county's plan is {other}"),
        }
    }
    stop.send(true).ok();
    reading.await?;
    Ok(import.id)
}

/// Adopts everything, taking the program's proposals as an office would that agrees with all of them.
async fn adopt(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    import: chengjing_domain::id::ImportId,
) -> Result<()> {
    let proposals = plan::propose_units::propose_units(app, caller, campaign, import).await?;
    let mut units = HashMap::new();
    for view in proposals {
        let proposal = view.proposal;
        let decision = match (&proposal.existing, &proposal.same_as) {
            (Some((unit, _)), _) => UnitDecision::Existing(*unit),
            // The longer of two names of one unit is its own; the shorter becomes an alias.
            (None, Some(other)) => {
                let name = if other.chars().count() >= proposal.name.chars().count() {
                    other
                } else {
                    &proposal.name
                };
                UnitDecision::New { name: name.clone(), kind: proposal.kind, members: Vec::new() }
            }
            (None, None) => UnitDecision::New {
                name: proposal.name.clone(),
                kind: naming::kind_of(&proposal.name),
                members: proposal.members.clone(),
            },
        };
        units.insert(proposal.name, decision);
    }
    let draft = plan::look_up::look_up(app, caller, campaign, import).await?;
    let decisions = Decisions { choice: Choice::All, with_phases: true, units, gone: Vec::new() };
    told(plan::adopt::adopt(app, caller, campaign, import, draft.version, decisions).await)?;
    Ok(())
}

async fn add_person(app: &App, caller: &Caller, campaign: CampaignId, person: &Person) -> Result<UserId> {
    let unit = match person.unit {
        Some(name) => Some(find_unit(app, caller, campaign, name).await?),
        None => None,
    };
    let grant = people::NewGrant { role: person.role, campaign: Some(campaign), unit };
    let new = people::add_user::NewUser {
        name: person.name.to_owned(),
        display_name: person.display_name.to_owned(),
        password: PASSWORD.to_owned(),
        must_change_password: false,
        grants: vec![grant],
    };
    Ok(people::add_user::add_user(app, caller, new).await?.user.id)
}

async fn find_unit(app: &App, caller: &Caller, campaign: CampaignId, name: &str) -> Result<UnitId> {
    let filter = UnitFilter { text: Some(name.to_owned()), ..UnitFilter::default() };
    let found = unit::list::list(app, caller, campaign, filter).await?;
    Ok(found.first().with_context(|| format!("{name} is not a unit of the county"))?.unit.id)
}
