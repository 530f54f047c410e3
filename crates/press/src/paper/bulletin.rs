//! 工作进度周报: what a template of bulletins sees.

use chengjing_domain::{
    campaign::Campaign,
    id::{BulletinId, CampaignId, UserId},
    publication::{
        Week,
        bulletin::{Bulletin, Content, Lines, TargetLine, TaskLine, UnitLine, WeekDone, rank},
    },
};
use chrono::{DateTime, Datelike, NaiveDate};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{day_words, office};

/// 7月6日: within a bulletin the year is known.
fn short(day: NaiveDate) -> String {
    format!("{}月{}日", day.month(), day.day())
}

fn unit(line: &UnitLine) -> Value {
    json!({
        "rank": line.rank,
        "unit": line.unit,
        "total": line.total,
        "confirmed": line.confirmed,
        "percent": line.percent(),
        "waiting": line.waiting,
        "late": line.late,
        "missed": line.missed,
        "overdue": line.late + line.missed,
        "due_next": line.due_next,
        "reported_in_week": line.week.reported,
        "confirmed_in_week": line.week.confirmed,
        "sent_back_in_week": line.week.sent_back,
        "extended_in_week": line.week.extended,
    })
}

fn tasks(lines: &Lines, as_of: NaiveDate) -> Vec<Value> {
    let task = |line: &TaskLine| {
        json!({
            "unit": line.unit,
            "task": line.task,
            "due": line.due_on.map(short).unwrap_or_default(),
            "days_late": line.due_on.map_or(0, |due| (as_of - due).num_days().max(0)),
            "reason": line.reason.clone().unwrap_or_default(),
        })
    };
    lines.items.iter().map(task).collect()
}

fn target(line: &TargetLine) -> Value {
    json!({
        "task": line.task,
        "target": line.target,
        "value": line.value,
        "on": short(line.on),
        "unit": line.unit,
    })
}

/// What a template of bulletins sees.
pub fn bulletin_data(campaign: &Campaign, bulletin: &Bulletin) -> Value {
    let Bulletin { week, content, as_of, .. } = bulletin;
    let (year, number) = week.number();
    let mut data = unit(&content.total());
    let next = week.next();
    let more = json!({
        "campaign": campaign.name,
        "place": campaign.place,
        "office": office(campaign),
        "number": bulletin.number,
        "year": year,
        "week": number,
        "from": short(week.monday()),
        "to": short(week.sunday()),
        "next_from": short(next.monday()),
        "next_to": short(next.sunday()),
        "as_of": day_words(*as_of),
        "units": content.units.iter().map(unit).collect::<Vec<_>>(),
        "overdue_units": content.overdue().into_iter().map(unit).collect::<Vec<_>>(),
        "late_tasks": tasks(&content.late, *as_of),
        "late_more": content.late.more,
        "sent_back_tasks": tasks(&content.sent_back, *as_of),
        "sent_back_more": content.sent_back.more,
        "due_tasks": tasks(&content.due_next, *as_of),
        "due_more": content.due_next.more,
        "reached_targets": content.reached.iter().map(target).collect::<Vec<_>>(),
    });
    if let (Value::Object(data), Value::Object(more)) = (&mut data, more) {
        // The total of all units has neither a name nor a place.
        data.remove("unit");
        data.remove("rank");
        data.extend(more);
    }
    data
}

pub(super) fn sample_campaign() -> Campaign {
    Campaign {
        id: CampaignId(Uuid::nil()),
        name: "样例县创建全国文明城市".to_owned(),
        place: "样例县".to_owned(),
        kind: "文明城市".to_owned(),
        year: 2026,
        starts_on: None,
        ends_on: None,
        created_at: DateTime::UNIX_EPOCH,
        version: 1,
    }
}

pub(super) fn sample() -> Value {
    let as_of = NaiveDate::from_ymd_opt(2026, 3, 20).unwrap_or_default();
    let line = |unit: &str, confirmed, late| UnitLine {
        unit: unit.to_owned(),
        total: 12,
        confirmed,
        waiting: 2,
        late,
        missed: 1,
        due_next: 3,
        week: WeekDone { reported: 4, confirmed: 3, sent_back: 1, extended: 1 },
        ..UnitLine::default()
    };
    let mut units = vec![line("县样例局", 8, 0), line("样例镇", 5, 2), line("样例街道", 8, 1)];
    rank(&mut units);
    let task = |unit: &str, days, reason: Option<&str>| TaskLine {
        unit: unit.to_owned(),
        task: "整治背街小巷环境卫生".to_owned(),
        due_on: as_of.checked_add_signed(chrono::Duration::days(days)),
        reason: reason.map(str::to_owned),
    };
    let lines = |days, reason: Option<&str>| Lines {
        items: vec![task("样例镇", days, reason), task("样例街道", days, reason)],
        more: 5,
    };
    let bulletin = Bulletin {
        campaign: CampaignId(Uuid::nil()),
        id: BulletinId(Uuid::nil()),
        week: Week::of(as_of),
        number: 12,
        as_of,
        made_by: UserId(Uuid::nil()),
        made_at: DateTime::UNIX_EPOCH,
        content: Content {
            units,
            late: lines(-4, None),
            sent_back: lines(2, Some("照片与点位不符")),
            due_next: lines(5, None),
            reached: vec![TargetLine {
                task: "规范停车秩序".to_owned(),
                target: "停车泊位 ≥ 600个".to_owned(),
                value: "612个".to_owned(),
                on: as_of,
                unit: "县样例局".to_owned(),
            }],
        },
        version: 1,
    };
    bulletin_data(&sample_campaign(), &bulletin)
}
