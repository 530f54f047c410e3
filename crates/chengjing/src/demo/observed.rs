//! What the county observed of itself in its half year: sites that were visited again and again, figures month by month,
//! opinions, and what people answered. Enough that its score moves, and not all of it.

use std::sync::Arc;

use anyhow::Result;
use chengjing_domain::{
    id::CampaignId,
    observation::{Datum, Position},
    people::Actor,
    score::{Fact, FactKind},
    standard::Method,
};
use chengjing_service::{
    App, Caller,
    observation::{
        NewObservation,
        observable::{Observable, observable},
        record,
    },
    site::{self, SiteChange},
    statistic::fill_in::{self, Said},
    unit::{self, list::UnitFilter},
};
use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::{history::Dice, results};
use crate::command::told;

/// A site: its type, its name, the unit that answers for it, and where it is, in degrees east and north.
const SITES: &[(&str, &str, &str, [&str; 2])] = &[
    ("main-road", "人民路", "城关镇", ["112.4513", "34.6121"]),
    ("main-road", "建设大街", "新城街道", ["112.4688", "34.6203"]),
    ("back-street", "文庙巷", "老城街道", ["112.4391", "34.6088"]),
    ("back-street", "柳园北巷", "城关镇", ["112.4476", "34.6142"]),
    ("junction", "人民路与建设大街路口", "新城街道", ["112.4630", "34.6175"]),
    ("community", "柳园社区", "城关镇", ["112.4462", "34.6150"]),
    ("community", "河滨社区", "新城街道", ["112.4719", "34.6236"]),
    ("residential", "桃花苑小区", "老城街道", ["112.4405", "34.6069"]),
    ("residential", "新苑小区", "新城街道", ["112.4701", "34.6219"]),
    ("village", "石桥村", "石桥镇", ["112.5137", "34.5724"]),
    ("square", "文化广场", "城关镇", ["112.4539", "34.6108"]),
    ("market", "城东农贸市场", "城关镇", ["112.4584", "34.6097"]),
    ("market", "南门农贸市场", "老城街道", ["112.4418", "34.6031"]),
    ("restaurant", "清水人家", "城关镇", ["112.4527", "34.6129"]),
    ("service-hall", "县政务服务大厅", "新城街道", ["112.4655", "34.6192"]),
    ("public-toilet", "文化广场公厕", "城关镇", ["112.4541", "34.6110"]),
];

/// A figure: the statistic, whose report it is out of, and what it was month by month from February on.
const FIGURES: &[(&str, &str, &[&str])] = &[
    ("volunteers_share", "县文明办志愿服务月报", &["11.8", "12.4", "13.1", "14.2", "15.3"]),
    ("online_service", "县行政审批局月报", &["78.5", "81.2", "84.0", "88.6", "91.4"]),
    ("mediation", "县司法局人民调解统计", &["92.0", "93.5", "95.2", "96.0", "96.0"]),
    ("law_cases_solved", "县司法局人民调解统计", &["94.1", "94.8", "95.6", "95.9", "96.3"]),
    ("cases", "县公安局治安月报", &["340", "322", "305", "287", "266"]),
    ("households", "县公安局户籍统计", &["128400", "128450", "128510", "128600", "128660"]),
    ("food_pass", "县市场监管局抽检通报", &["97.2", "97.0", "97.9", "98.3", "98.6"]),
    ("complaints_done", "县市场监管局投诉举报月报", &["93.0", "94.5", "95.5", "97.0", "98.1"]),
    ("good_air", "县生态环境局空气质量月报", &["71.0", "76.3", "80.5", "83.1", "84.9"]),
    ("green_cover", "县园林绿化统计", &["35.6", "35.9", "36.2", "36.5", "36.8"]),
    ("sewage", "县住建局月报", &["95.2", "95.6", "96.1", "96.3", "96.8"]),
    ("medical_beds", "县卫生健康统计", &["5.6", "5.6", "5.7", "5.7", "5.8"]),
];

/// A figure of a whole year, told in March: the statistic, whose report it is out of, and what it was the year before last
/// and last year.
const YEARLY: &[(&str, &str, [&str; 2])] = &[
    ("income_county", "县统计局国民经济和社会发展统计公报", ["27860", "29480"]),
    ("income_mean", "市统计局国民经济和社会发展统计公报", ["28350", "29210"]),
    ("civil_towns", "县文明办文明村镇名册", ["68.8", "75.0"]),
    ("civil_villages", "县文明办文明村镇名册", ["55.2", "61.4"]),
    ("culture_area", "县文旅局公共文化设施统计", ["1180", "1236"]),
    ("sports_area", "县文旅局体育场地统计调查", ["2.4", "2.6"]),
    ("compulsory", "县教育局教育事业统计", ["96.9", "97.3"]),
    ("insured", "县医保局年度统计", ["95.6", "96.1"]),
];

/// A figure that was told anew: when, which, of which month, what it is and whose report says so.
const CORRECTED: &[(u32, u32, &str, u32, &str, &str)] = &[
    (5, 19, "good_air", 4, "79.6", "县生态环境局关于更正4月空气质量数据的函"),
    (6, 16, "food_pass", 5, "98.1", "县市场监管局抽检通报（更正）"),
];

/// An opinion or an overall view: when, by which method, from whom. It is of every leaf that is judged in that way.
const JUDGED: &[(u32, u32, Method, &str, u64)] = &[
    (4, 2, Method::Report, "市创建办听取一季度工作汇报", 60),
    (5, 8, Method::Opinion, "市直主管部门书面意见", 70),
    (6, 11, Method::Overall, "市创建办整体观察记录", 75),
];

/// When somebody went round all sites, and of a hundred verdicts how many were good then.
const ROUNDS: &[(u32, u32, u64)] = &[(3, 18, 58), (4, 22, 68), (5, 27, 79), (6, 24, 87)];

/// When people were asked, how many, and of a hundred how many answered well.
const SURVEYS: &[(u32, u32, u32, u64)] = &[(4, 15, 60, 76), (6, 18, 120, 86)];

/// Goes through the half year beside the tasks.
pub(super) struct Observers<'a> {
    app: &'a App,
    office: Arc<Actor>,
    campaign: CampaignId,
    dice: Dice,
    /// Up to before this day everything was recorded.
    day: NaiveDate,
    sites: Vec<(String, String)>,
}

impl<'a> Observers<'a> {
    pub(super) fn new(app: &'a App, office: Arc<Actor>, campaign: CampaignId, day: NaiveDate) -> Self {
        Self { app, office, campaign, dice: Dice::new(11), day, sites: Vec::new() }
    }

    /// Records what was observed up to a day, as of the clock's time.
    pub(super) async fn go_on(&mut self, day: NaiveDate) -> Result<()> {
        while self.day <= day {
            let (month, date) = (self.day.month(), self.day.day());
            if (month, date) == (2, 25) {
                self.add_sites().await?;
            }
            if date == 5 {
                self.figures(month).await?;
            }
            if (month, date) == (3, 20) {
                self.yearly().await?;
            }
            self.correct().await?;
            results::told_on(self.app, &self.caller(), self.campaign, self.day).await?;
            for (_, _, good) in ROUNDS.iter().filter(|(m, d, _)| (*m, *d) == (month, date)) {
                self.visit(*good).await?;
            }
            for (_, _, people, well) in SURVEYS.iter().filter(|(m, d, ..)| (*m, *d) == (month, date)) {
                self.ask(*people, *well).await?;
            }
            for (_, _, method, source, good) in JUDGED.iter().filter(|(m, d, ..)| (*m, *d) == (month, date)) {
                self.judge(*method, source, *good).await?;
            }
            let Some(next) = self.day.succ_opt() else { break };
            self.day = next;
        }
        Ok(())
    }

    fn caller(&self) -> Caller {
        Caller::new(self.app, Arc::clone(&self.office), None)
    }

    async fn what(&self, kind: FactKind) -> Result<Vec<Observable>> {
        told(observable(self.app, &self.caller(), self.campaign, kind).await)
    }

    async fn record(&self, new: Vec<NewObservation>) -> Result<()> {
        for some in new.chunks(250) {
            told(record::record(self.app, &self.caller(), self.campaign, some.to_vec()).await)?;
        }
        Ok(())
    }

    async fn add_sites(&mut self) -> Result<()> {
        let caller = self.caller();
        let units = told(unit::list::list(self.app, &caller, self.campaign, UnitFilter::default()).await)?;
        let find = |name: &str| units.iter().find(|one| one.unit.name == name).map(|one| one.unit.id);
        let mut new = Vec::with_capacity(SITES.len());
        for (site_type, name, unit, [longitude, latitude]) in SITES {
            let (longitude, latitude) = (longitude.parse()?, latitude.parse()?);
            let position = Some(Some(Position { longitude, latitude, datum: Datum::Cgcs2000 }));
            let change = SiteChange { name: Some((*name).to_owned()), unit: Some(find(unit)), position };
            new.push(((*site_type).to_owned(), change));
        }
        let added = told(site::add::add(self.app, &caller, self.campaign, new).await)?;
        self.sites = added.into_iter().map(|one| (one.site.id.0.to_string(), one.site.site_type)).collect();
        Ok(())
    }

    /// The figures of the month before.
    async fn figures(&self, month: u32) -> Result<()> {
        let Some(n) = month.checked_sub(3).and_then(|n| usize::try_from(n).ok()) else { return Ok(()) };
        let asked = self.what(FactKind::Figure).await?;
        let figures =
            FIGURES.iter().filter(|(statistic, ..)| asked.iter().any(|one| one.about == *statistic));
        let said = figures.filter_map(|(statistic, source, values)| {
            Some(self.said(statistic, month - 1, values.get(n)?, source))
        });
        self.fill_in(said.collect()).await
    }

    /// The figures of the two years before this one.
    async fn yearly(&self) -> Result<()> {
        let asked = self.what(FactKind::Figure).await?;
        let mut said = Vec::new();
        for (statistic, source, values) in YEARLY {
            if !asked.iter().any(|one| one.about == *statistic) {
                continue;
            }
            for (ago, value) in [2, 1].into_iter().zip(values) {
                let period = (self.day.year() - ago).to_string();
                said.push(Said { period, ..self.said(statistic, 1, value, source) });
            }
        }
        self.fill_in(said).await
    }

    fn said(&self, statistic: &str, month: u32, value: &str, source: &str) -> Said {
        Said {
            statistic: statistic.to_owned(),
            unit: None,
            period: format!("{}-{month:02}", self.day.year()),
            value: value.to_owned(),
            source: source.to_owned(),
        }
    }

    /// As by the sheet of statistics.
    async fn fill_in(&self, said: Vec<Said>) -> Result<()> {
        if !said.is_empty() {
            told(fill_in::apply(self.app, &self.caller(), self.campaign, said).await)?;
        }
        Ok(())
    }

    /// The figures that were told anew, each in place of what was told first.
    async fn correct(&self) -> Result<()> {
        let (month, date) = (self.day.month(), self.day.day());
        let due = CORRECTED.iter().filter(|(m, d, ..)| (*m, *d) == (month, date));
        let said = due.map(|(_, _, statistic, of, value, source)| self.said(statistic, *of, value, source));
        self.fill_in(said.collect()).await
    }

    /// Everything that is judged at the sites, but a tenth that nobody got to.
    async fn visit(&mut self, good: u64) -> Result<()> {
        let criteria = self.what(FactKind::Visit).await?;
        let mut new = Vec::new();
        for (site, site_type) in self.sites.clone() {
            for one in criteria.iter().filter(|one| one.site_type.as_ref() == Some(&site_type)) {
                if self.dice.roll(10) == 0 {
                    continue;
                }
                let number = one.words.is_empty().then(|| Decimal::from(self.dice.roll(4)));
                let fact = Fact::Visit {
                    site: site.clone(),
                    criterion: one.about.clone(),
                    verdict: self.verdict(&one.words, good),
                    number,
                    metres: one.along.then(|| Decimal::from(500)),
                    absent: false,
                };
                new.push(plain(fact, "县创建办督查组"));
            }
        }
        self.record(new).await
    }

    async fn ask(&mut self, people: u32, well: u64) -> Result<()> {
        let mut new = Vec::new();
        for one in self.what(FactKind::Answers).await? {
            let mut options: std::collections::BTreeMap<String, u32> =
                one.words.iter().map(|word| (word.clone(), 0)).collect();
            for _ in 0..people {
                // What people are asked may be answered best with its last word as well as with its first.
                let word = if self.dice.roll(100) < well {
                    one.words.iter().find(|word| GOOD.contains(&word.as_str())).or(one.words.first())
                } else {
                    one.words.get(usize::try_from(self.dice.roll(one.words.len().max(1) as u64)).unwrap_or(0))
                };
                if let Some(count) = word.and_then(|word| options.get_mut(word)) {
                    *count += 1;
                }
            }
            let fact = Fact::Answers { question: one.about, group: None, options };
            new.push(plain(fact, "县统计局入户问卷"));
        }
        self.record(new).await
    }

    async fn judge(&mut self, method: Method, source: &str, good: u64) -> Result<()> {
        let mut new = Vec::new();
        for one in self.what(FactKind::Judgement).await?.into_iter().filter(|one| one.method == Some(method))
        {
            let fact = Fact::Judgement {
                leaf: one.about.clone(),
                method,
                verdict: self.verdict(&one.words, good),
                number: one.words.is_empty().then(|| Decimal::from(self.dice.roll(4))),
                metres: one.along.then(|| Decimal::from(500)),
                absent: false,
            };
            new.push(NewObservation { standard: one.standard, ..plain(fact, source) });
        }
        if new.is_empty() { Ok(()) } else { self.record(new).await }
    }

    /// The best word, or one of the others.
    fn verdict(&mut self, words: &[String], good: u64) -> Option<String> {
        let others = words.len().saturating_sub(1) as u64;
        let at = if others == 0 || self.dice.roll(100) < good { 0 } else { 1 + self.dice.roll(others) };
        words.get(usize::try_from(at).unwrap_or(0)).cloned()
    }
}

/// Answers that are as good as can be.
const GOOD: &[&str] = &["满意", "很满意", "非常满意", "知道", "是", "有", "支持", "参加过", "安全"];

fn plain(fact: Fact, source: &str) -> NewObservation {
    NewObservation {
        fact,
        standard: None,
        at: None,
        covert: false,
        round: None,
        unit: None,
        source: source.to_owned(),
        period: None,
        files: Vec::new(),
        accepted: true,
    }
}
