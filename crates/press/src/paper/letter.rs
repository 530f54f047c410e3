//! 目标责任书: what a unit owes in a campaign, signed by both sides.

use chengjing_domain::{campaign::Campaign, plan::UnitRole};
use chrono::NaiveDate;
use serde_json::{Value, json};

use super::{day_words, office};

/// A letter of one unit as it stood on one day.
#[derive(Debug, Clone, PartialEq)]
pub struct Letter {
    pub unit: String,
    /// 第N号 within the campaign's year.
    pub number: i32,
    pub as_of: NaiveDate,
    /// In the order of the plan.
    pub duties: Vec<LetterDuty>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterDuty {
    /// As the plan numbers it.
    pub number: String,
    pub title: String,
    pub text: String,
    /// 群众满意度 ≥90%.
    pub targets: Vec<String>,
    pub role: UnitRole,
    /// 2026年6月30日前; 每月.
    pub due: String,
    /// The leaders who answer for it.
    pub leads: Vec<String>,
}

fn role_words(role: UnitRole) -> &'static str {
    match role {
        UnitRole::Lead => "牵头",
        UnitRole::Responsible => "责任",
        UnitRole::Support => "配合",
    }
}

/// What a template of letters sees.
pub fn letter_data(campaign: &Campaign, letter: &Letter) -> Value {
    let count = |role| letter.duties.iter().filter(|duty| duty.role == role).count();
    let duties = letter.duties.iter().map(|duty| {
        json!({
            "number": duty.number,
            "title": duty.title,
            "text": duty.text,
            "targets": duty.targets.join("\n"),
            "role": role_words(duty.role),
            "due": duty.due,
            "leaders": duty.leads.join("、"),
        })
    });
    json!({
        "campaign": campaign.name,
        "place": campaign.place,
        "office": office(campaign),
        "unit": letter.unit,
        "year": campaign.year,
        "number": letter.number,
        "date": day_words(letter.as_of),
        "total": letter.duties.len(),
        "lead": count(UnitRole::Lead),
        "responsible": count(UnitRole::Responsible),
        "support": count(UnitRole::Support),
        "duties": duties.collect::<Vec<_>>(),
    })
}

pub(super) fn sample() -> Value {
    let duty = |number: &str, title: &str, role| LetterDuty {
        number: number.to_owned(),
        title: title.to_owned(),
        text: "对照测评标准逐项排查，建立台账，限期整改。\n每月报送一次进展。".to_owned(),
        targets: vec!["群众满意度 ≥90%".to_owned(), "整改完成率 =100%".to_owned()],
        role,
        due: "2026年6月30日前".to_owned(),
        leads: vec!["张某某".to_owned()],
    };
    let letter = Letter {
        unit: "县样例局".to_owned(),
        number: 3,
        as_of: NaiveDate::from_ymd_opt(2026, 3, 18).unwrap_or_default(),
        duties: vec![
            duty("一(一)1", "整治背街小巷环境卫生", UnitRole::Lead),
            duty("一(二)4", "规范集贸市场经营秩序", UnitRole::Responsible),
            duty("二(一)2", "开展文明交通劝导", UnitRole::Support),
        ],
    };
    letter_data(&super::bulletin::sample_campaign(), &letter)
}
