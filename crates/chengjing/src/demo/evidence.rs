//! What the county's units filed to show that its standards are met, and what the reviewer made of it: some months of it, in
//! all its states.

use std::{collections::HashMap, sync::Arc};

use anyhow::{Context, Result};
use bytes::Bytes;
use chengjing_domain::{
    evidence::{Content, EvidenceLink},
    id::{AttachmentId, CampaignId, EvidenceId, StandardId, UnitId},
    people::{Actor, Role},
    standard::FilingKind,
};
use chengjing_service::{
    App, Caller,
    attachment::{append, begin},
    evidence::{
        Of, ask, comment, file, renew,
        review::{self, Decision, Verdict},
    },
    standard::assess,
};
use chengjing_store::{evidence::link as links, people as store};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::{
    cases::{Units, at},
    history::actor_of,
};
use crate::command::told;

type Day = (u32, u32);
/// A standard's code and a requirement's id.
type Asked = (&'static str, &'static str);

const COUNTY: &str = "civilised-county";
const MINORS: &str = "minors";

const CLASSROOM: &[u8] = include_bytes!("../../demo/classroom.png");
const STREET: &[u8] = include_bytes!("../../demo/street.png");
const SQUARE: &[u8] = include_bytes!("../../demo/square.png");
/// Streets that `crates/reader/tests/street` makes, of one number each (`docs/PHOTOS.md`).
const STREETS: [&[u8]; 12] = [
    include_bytes!("../../demo/street-1.jpg"),
    include_bytes!("../../demo/street-2.jpg"),
    include_bytes!("../../demo/street-3.jpg"),
    include_bytes!("../../demo/street-4.jpg"),
    include_bytes!("../../demo/street-5.jpg"),
    include_bytes!("../../demo/street-6.jpg"),
    include_bytes!("../../demo/street-7.jpg"),
    include_bytes!("../../demo/street-8.jpg"),
    include_bytes!("../../demo/street-9.jpg"),
    include_bytes!("../../demo/street-10.jpg"),
    include_bytes!("../../demo/street-11.jpg"),
    include_bytes!("../../demo/street-12.jpg"),
];
/// The twelfth, cut, smaller and compressed again, as a chat sends it on: another unit filed it as its own.
const SENT_ON: &[u8] = include_bytes!("../../demo/street-12-sent-on.jpg");

/// What is filed.
enum Holds {
    Text(&'static str),
    Link(&'static str),
    /// Pictures, with the activity that they show and where it was.
    Photos(&'static [&'static [u8]], &'static str, &'static str),
}

/// What becomes of it, for one of its requirements by number.
#[derive(Clone, Copy)]
enum Then {
    Accept(Day, usize, &'static str),
    Return(Day, usize, &'static str),
    /// Another version, with a word to the reviewer.
    Renew(Day, &'static str),
    Say(Day, &'static str),
}

impl Then {
    fn on(self) -> Day {
        match self {
            Self::Accept(day, ..) | Self::Return(day, ..) | Self::Renew(day, _) | Self::Say(day, _) => day,
        }
    }
}

struct Filed {
    on: Day,
    unit: &'static str,
    kind: FilingKind,
    title: &'static str,
    made_on: Day,
    holds: Holds,
    of: &'static [Asked],
    then: &'static [Then],
}

/// Which units the office asks for what, in February.
const ASKED: &[(Asked, &[&str])] = &[
    ((COUNTY, "volunteer-activities"), &["团县委", "县文明办"]),
    ((COUNTY, "good-people"), &["县文明办"]),
    ((COUNTY, "law-education"), &["县司法局"]),
    ((COUNTY, "school-moral"), &["县教育局"]),
    ((COUNTY, "food-safety"), &["县市场监管局"]),
    ((COUNTY, "waste-sorting"), &["县城管局"]),
    ((COUNTY, "reading"), &["县文旅局"]),
    ((MINORS, "m-volunteers"), &["团县委", "县教育局"]),
    ((MINORS, "m-civil-campus"), &["县教育局"]),
    ((MINORS, "m-heroes"), &["县教育局", "县民政局"]),
    ((MINORS, "m-psych"), &["县教育局"]),
    ((MINORS, "m-labour"), &["县教育局"]),
    ((MINORS, "m-safety"), &["县教育局"]),
    ((MINORS, "m-plan"), &["县文明办"]),
];

const FILED: &[Filed] = &[
    Filed {
        on: (3, 2),
        unit: "县文明办",
        kind: FilingKind::IssuedDocument,
        title: "清水县未成年人思想道德建设年度工作计划",
        made_on: (2, 25),
        holds: Holds::Text(
            "一、年度目标：年底前建成县级文明校园二十所，每个乡镇有一处常年开放的少年宫。二、任务分工：学校教育由县教育局负责，家庭教育由县妇联负责，校外活动由团县委负责，文化环境由县文旅局、县市场监管局负责。三、完成时限：六月底前自查一次，十一月底前验收。四、每季度通报进度，逾期未完成的说明原因。",
        ),
        of: &[(MINORS, "m-plan")],
        then: &[Then::Accept((3, 4), 0, "A")],
    },
    Filed {
        on: (3, 2),
        unit: "县文明办",
        kind: FilingKind::Report,
        title: "上年度未成年人思想道德建设工作总结",
        made_on: (2, 27),
        holds: Holds::Text(
            "上年计划的十六项任务完成十五项，一处乡村少年宫因房屋修缮延期，今年四月开放。全县评出文明校园十四所，培训心理健康教师六十二名，家长学校授课三百余场。家长问卷满意率百分之九十三，反映最多的是放学后的去处，已列入今年任务。",
        ),
        of: &[(MINORS, "m-plan")],
        then: &[Then::Accept((3, 4), 0, "A")],
    },
    Filed {
        on: (3, 3),
        unit: "县教育局",
        kind: FilingKind::IssuedDocument,
        title: "关于加强全县中小学思想道德教育的通知",
        made_on: (2, 26),
        holds: Holds::Text(
            "各中小学：现就加强思想道德教育有关事项通知如下。一、开齐开足德育课程。二、每月开展一次主题班会。三、把劳动教育、法治教育纳入校本课程。四、建立家校联系制度，每学期家访不少于一次。请各校于三月底前将实施方案报县教育局。",
        ),
        of: &[(COUNTY, "school-moral")],
        then: &[Then::Accept((3, 6), 0, "A")],
    },
    Filed {
        on: (3, 9),
        unit: "团县委",
        kind: FilingKind::Photo,
        title: "学雷锋志愿服务日活动照片",
        made_on: (3, 5),
        holds: Holds::Photos(&[SQUARE, STREETS[0], STREETS[1]], "学雷锋志愿服务日", "文庙广场"),
        of: &[(COUNTY, "volunteer-activities"), (MINORS, "m-volunteers")],
        then: &[
            Then::Accept((3, 12), 0, "A"),
            Then::Return(
                (3, 12),
                1,
                "照片里看不出关爱未成年人的内容，请补拍辅导、陪伴的照片，并写清对象和人数。",
            ),
        ],
    },
    Filed {
        on: (3, 10),
        unit: "团县委",
        kind: FilingKind::Report,
        title: "志愿服务活动情况报告",
        made_on: (3, 8),
        holds: Holds::Text(
            "全县有志愿服务队二百一十四支，注册志愿者三万一千人。设理论宣讲、扶老助残、文明交通、环境保护四类项目，群众点单、中心派单。学雷锋月在广场、社区、车站开展活动四十七场，参加两千六百余人次，帮助解决难事三百二十件。",
        ),
        of: &[(COUNTY, "volunteer-activities")],
        then: &[Then::Accept((3, 12), 0, "A")],
    },
    Filed {
        on: (3, 18),
        unit: "县司法局",
        kind: FilingKind::Report,
        title: "法治宣传教育工作情况报告",
        made_on: (3, 16),
        holds: Holds::Text(
            "一季度组织法治宣讲二十六场，覆盖机关、乡村、社区、学校、企业。培训“法律明白人”一百二十名，每个村(社区)不少于三名。依托便民服务大厅设立法律援助窗口，受理援助案件三十九件，办结三十五件。下一步将结合民法典宣传月开展专题活动。",
        ),
        of: &[(COUNTY, "law-education")],
        then: &[
            Then::Return((3, 20), 0, "缺少普法考试和效果的数据，请补充。"),
            Then::Renew((3, 25), "补充了普法考试参加率和合格率"),
            Then::Accept((3, 27), 0, "B"),
        ],
    },
    Filed {
        on: (3, 24),
        unit: "县教育局",
        kind: FilingKind::Report,
        title: "学校思想道德教育工作报告",
        made_on: (3, 20),
        holds: Holds::Text(
            "全县一百零二所中小学开齐开足德育课程，每月一次主题班会，每学期一次家访。建立教研员联系学校制度，评选德育示范课二十四节。把劳动、法治、心理内容编入校本课程，有八十九所学校编成教材。学生、家长问卷合格率均在百分之九十以上。",
        ),
        of: &[(COUNTY, "school-moral")],
        then: &[Then::Accept((3, 26), 0, "A")],
    },
    Filed {
        on: (4, 8),
        unit: "县教育局",
        kind: FilingKind::Photo,
        title: "清明祭英烈主题活动照片",
        made_on: (4, 3),
        holds: Holds::Photos(&[STREETS[2], STREETS[3], STREETS[4]], "清明祭英烈", "县烈士陵园"),
        of: &[(MINORS, "m-heroes")],
        then: &[Then::Accept((4, 10), 0, "A")],
    },
    Filed {
        on: (4, 9),
        unit: "县教育局",
        kind: FilingKind::Report,
        title: "红色教育与清明祭扫活动情况报告",
        made_on: (4, 7),
        holds: Holds::Text(
            "清明期间组织一万二千余名学生到烈士陵园和本乡本村的纪念设施祭扫，讲解员由高年级学生担任。各校同步开展网上寄语、故事会和重走一段路活动。烈士纪念日将组织新队员入队仪式。",
        ),
        of: &[(MINORS, "m-heroes")],
        then: &[Then::Accept((4, 10), 0, "B")],
    },
    Filed {
        on: (4, 22),
        unit: "县文明办",
        kind: FilingKind::Report,
        title: "身边好人、道德典型选树工作报告",
        made_on: (4, 20),
        holds: Holds::Text(
            "今年以来逐级推荐身边好人八十六名，评出县级道德典型十二名，两人入选市级榜单。建立礼遇和帮扶制度，走访慰问生活困难的典型九户。在主要街道、文化广场设立事迹展示栏十五处，组织巡回宣讲十八场。",
        ),
        of: &[(COUNTY, "good-people")],
        then: &[Then::Accept((4, 24), 0, "A")],
    },
    Filed {
        on: (5, 12),
        unit: "县市场监管局",
        kind: FilingKind::Table,
        title: "食品安全监督抽检情况统计表",
        made_on: (5, 8),
        holds: Holds::Link("https://www.example.org/qingshui/food-2026-q1"),
        of: &[(COUNTY, "food-safety")],
        then: &[
            Then::Say((5, 14), "请在表里加一列不合格批次的处置结果。"),
            Then::Return((5, 15), 0, "没有处置结果，无法判断是否闭环。"),
        ],
    },
    Filed {
        on: (5, 20),
        unit: "县教育局",
        kind: FilingKind::Photo,
        title: "健康教育与心理辅导进校园",
        made_on: (5, 18),
        holds: Holds::Photos(&[CLASSROOM, STREETS[5]], "心理健康月", "县第二中学"),
        of: &[(MINORS, "m-psych"), (MINORS, "m-civil-campus")],
        then: &[
            Then::Return((5, 22), 0, "至少三张，目前只有两张；请补辅导站实景。"),
            Then::Accept((5, 22), 1, "B"),
            Then::Say((5, 25), "辅导站在装修，六月下旬补拍。"),
        ],
    },
    Filed {
        on: (6, 10),
        unit: "县文旅局",
        kind: FilingKind::Photo,
        title: "书香清水全民阅读活动照片",
        made_on: (4, 23),
        holds: Holds::Photos(&[STREETS[6], STREETS[7], STREETS[8]], "世界读书日", "县图书馆"),
        of: &[(COUNTY, "reading")],
        then: &[Then::Accept((6, 12), 0, "A")],
    },
    Filed {
        on: (6, 11),
        unit: "县文旅局",
        kind: FilingKind::Report,
        title: "全民阅读工作情况报告",
        made_on: (6, 8),
        holds: Holds::Text(
            "县图书馆每周开放六十小时，设分馆十八处、农家书屋二百三十处，通借通还。世界读书日以来举办读书会、诵读、讲座四十一场。新增图书九千余册，少儿读物占四成。老年人、残疾人可电话预约送书上门。",
        ),
        of: &[(COUNTY, "reading")],
        then: &[Then::Accept((6, 12), 0, "A")],
    },
    Filed {
        on: (6, 25),
        unit: "县城管局",
        kind: FilingKind::Photo,
        title: "垃圾分类示范街区实景",
        made_on: (6, 23),
        holds: Holds::Photos(&[STREET, STREETS[11], STREETS[9]], "垃圾分类进社区", "新城街道"),
        of: &[(COUNTY, "waste-sorting")],
        then: &[],
    },
    Filed {
        on: (6, 29),
        unit: "县教育局",
        kind: FilingKind::Report,
        title: "劳动教育开展情况报告",
        made_on: (6, 26),
        holds: Holds::Text(
            "全县中小学开齐劳动课，每周不少于一课时。建成校内劳动实践园三十一处，与六个农场、企业共建校外基地。组织学生参加种植、烹饪、手工、社区服务等活动四百余场。把劳动素养纳入综合素质评价。",
        ),
        of: &[(MINORS, "m-labour")],
        then: &[],
    },
    Filed {
        on: (7, 3),
        unit: "县教育局",
        kind: FilingKind::Report,
        title: "校园安全与防溺水工作报告",
        made_on: (7, 2),
        holds: Holds::Text(
            "暑期前召开防溺水专题家长会，发放告家长书四万余份。与乡镇、村(社区)建立巡查联动，重点水域设警示牌二百一十六处、救生设施九十八套。组织应急演练六十四场。校园周边交通、食品、消防隐患整改完成率百分之九十八。",
        ),
        of: &[(MINORS, "m-safety")],
        then: &[],
    },
    Filed {
        on: (7, 6),
        unit: "县司法局",
        kind: FilingKind::Photo,
        title: "民法典宣传月现场照片",
        made_on: (5, 28),
        holds: Holds::Photos(&[STREETS[10], SENT_ON], "民法典宣传月", "文庙广场"),
        of: &[(COUNTY, "law-education")],
        then: &[],
    },
];

/// What happens on a day.
enum Act {
    File(usize),
    Then(usize, Then),
}

/// The county's materials, as far as they were filed.
pub(super) struct Filings<'a> {
    app: &'a App,
    campaign: CampaignId,
    reviewer: Arc<Actor>,
    standards: HashMap<String, StandardId>,
    units: HashMap<&'static str, UnitId>,
    filed: HashMap<usize, EvidenceId>,
    acts: std::vec::IntoIter<(DateTime<Utc>, Act)>,
}

impl<'a> Filings<'a> {
    /// Says who is asked, and lays out what will happen.
    pub(super) async fn begin(
        app: &'a App,
        office: &Arc<Actor>,
        administrator: &Caller,
        campaign: CampaignId,
        units: &Units,
    ) -> Result<Self> {
        let grants = app.store.read(|r| async move { store::list_grants_of_role(&r, Role::Reviewer).await });
        let reviewer = grants.await?.first().context("the county has a reviewer")?.user;
        let attached = told(assess::list(app, administrator, campaign).await)?;
        let standards: HashMap<String, StandardId> =
            attached.into_iter().map(|one| (one.kept.code, one.kept.id)).collect();
        let mut named = HashMap::new();
        let names =
            FILED.iter().map(|one| one.unit).chain(ASKED.iter().flat_map(|(_, units)| units.iter().copied()));
        for name in names {
            named.insert(name, units.named(name)?);
        }
        let mut acts: Vec<(DateTime<Utc>, Act)> = Vec::new();
        for (n, one) in FILED.iter().enumerate() {
            acts.push((at(one.on, (10, 5)), Act::File(n)));
            for (nth, then) in one.then.iter().enumerate() {
                let minutes = i64::try_from(nth).unwrap_or(0) * 5;
                acts.push((at(then.on(), (15, 30)) + TimeDelta::minutes(minutes), Act::Then(n, *then)));
            }
        }
        acts.sort_by_key(|(at, _)| *at);
        let filings = Self {
            app,
            campaign,
            reviewer: actor_of(app, reviewer).await?,
            standards,
            units: named,
            filed: HashMap::new(),
            acts: acts.into_iter(),
        };
        for (asked, units) in ASKED {
            let caller = Caller::new(app, Arc::clone(office), None);
            let units = units.iter().filter_map(|unit| filings.units.get(unit).copied()).collect();
            told(ask::ask(app, &caller, campaign, filings.of(*asked)?, 0, units).await)?;
        }
        Ok(filings)
    }

    fn of(&self, (code, requirement): Asked) -> Result<Of> {
        let standard =
            self.standards.get(code).with_context(|| format!("the county has no standard {code}"))?;
        Ok(Of { standard: *standard, requirement: requirement.to_owned() })
    }

    /// Lets happen what happens up to the end of that day.
    pub(super) async fn until(
        &mut self,
        day: NaiveDate,
        liaisons: &HashMap<UnitId, Arc<Actor>>,
    ) -> Result<()> {
        let over = |at: &DateTime<Utc>| chengjing_domain::clock::day_of(*at) <= day;
        while self.acts.as_slice().first().is_some_and(|(at, _)| over(at)) {
            let Some((at, act)) = self.acts.next() else { break };
            let number = match act {
                Act::File(n) | Act::Then(n, _) => n,
            };
            let Some(one) = FILED.get(number) else { continue };
            let unit = self.units.get(one.unit).context("a unit of the county")?;
            let liaison = liaisons.get(unit).with_context(|| format!("{} has a liaison", one.unit))?;
            let caller = |actor: &Arc<Actor>| {
                let mut caller = Caller::new(self.app, Arc::clone(actor), None);
                caller.now = at;
                caller
            };
            match act {
                Act::File(n) => {
                    let id = self.file(&caller(liaison), one, *unit).await?;
                    self.filed.insert(n, id);
                }
                Act::Then(n, then) => {
                    let id = *self.filed.get(&n).context("what was filed before")?;
                    let (unit, reviewer) = (caller(liaison), caller(&self.reviewer));
                    self.then((self.campaign, id), (one, then), (&unit, &reviewer)).await?;
                }
            }
        }
        Ok(())
    }

    async fn file(&self, caller: &Caller, one: &Filed, unit: UnitId) -> Result<EvidenceId> {
        let (month, day) = one.made_on;
        let mut content = Content {
            title: one.title.to_owned(),
            made_on: NaiveDate::from_ymd_opt(2026, month, day),
            ..Content::default()
        };
        match one.holds {
            Holds::Text(text) => content.text = Some(text.to_owned()),
            Holds::Link(link) => content.link = Some(link.to_owned()),
            Holds::Photos(photos, activity, place) => {
                content.activity = Some(activity.to_owned());
                for (field, says) in
                    [("时间", format!("{month}月{day}日")), ("地点", place.into()), ("内容", activity.into())]
                {
                    content.caption.insert(field.to_owned(), says);
                }
                for (n, bytes) in photos.iter().enumerate() {
                    let ends = if bytes.starts_with(b"\xff\xd8") { "jpg" } else { "png" };
                    let name = format!("{activity}{}.{ends}", n + 1);
                    content.files.push(self.upload(caller, &name, bytes).await?);
                }
            }
        }
        let of = one.of.iter().map(|asked| self.of(*asked)).collect::<Result<_>>()?;
        let filing = file::Filing { unit, kind: one.kind, content, of };
        let (seen, _) = told(file::file(self.app, caller, self.campaign, filing).await)?;
        Ok(seen.evidence.id)
    }

    async fn upload(&self, caller: &Caller, name: &str, bytes: &'static [u8]) -> Result<AttachmentId> {
        let size = bytes.len() as u64;
        let new = begin::NewUpload { name: name.to_owned(), size, hash: None, limit: u64::MAX };
        let begun = told(begin::begin(self.app, caller, self.campaign, new).await)?;
        let whole = futures_util::stream::iter([Ok(Bytes::from_static(bytes))]);
        let done = append::append(self.app, caller, self.campaign, begun.upload.id, 0, whole).await;
        let arrived = told(done)?.attachment.context("a picture arrives whole")?;
        Ok(arrived.attachment.id)
    }

    async fn then(
        &self,
        key: (CampaignId, EvidenceId),
        (one, then): (&Filed, Then),
        (unit, reviewer): (&Caller, &Caller),
    ) -> Result<()> {
        let (campaign, id) = key;
        let all: Vec<EvidenceLink> =
            self.app.store.read(|r| async move { links::list_of(&r, campaign, &[id]).await }).await?;
        let decide = async |number: usize, verdict: Verdict| {
            // Links of one moment have no order of their own.
            let of = self.of(*one.of.get(number).context("what it was filed for")?)?;
            let is_it =
                |link: &&EvidenceLink| link.standard == of.standard && link.requirement == of.requirement;
            let link = all.iter().find(is_it).context("what it was filed for")?;
            let decision = Decision { link: link.id, seen: link.version, verdict };
            told(review::review(self.app, reviewer, key, vec![decision]).await)?;
            anyhow::Ok(())
        };
        match then {
            Then::Accept(_, number, grade) => {
                decide(number, Verdict::Accept { grade: Some(grade.to_owned()) }).await?;
            }
            Then::Return(_, number, reason) => {
                decide(number, Verdict::Return { reason: reason.to_owned() }).await?;
            }
            Then::Renew(_, word) => {
                let (seen, _) =
                    told(chengjing_service::evidence::look_up::look_up(self.app, unit, campaign, id).await)?;
                let latest = seen.evidence.latest().content.clone();
                let text =
                    latest.text.map(|text| format!("{text}普法考试参加率百分之九十六，合格率百分之九十四。"));
                let content = Content { text, ..latest };
                let word = Some(word.to_owned());
                told(renew::renew(self.app, unit, key, seen.evidence.version, content, word).await)?;
            }
            Then::Say(_, text) => {
                told(comment::comment(self.app, reviewer, key, None, text.to_owned()).await)?;
            }
        }
        Ok(())
    }
}
