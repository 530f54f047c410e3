//! What happens to some tasks of the county, told act by act: so that whatever may happen to a task has happened to one.

use std::collections::HashMap;

use anyhow::{Context, Result};
use chengjing_domain::{clock, duty::task::Deed, id::UnitId};
use chrono::{DateTime, NaiveDate, Utc};

use super::history::{Hand, Timed};

/// The history of one unit's task. After it was reassigned it goes on with that of the unit which has it then.
pub(super) struct Case {
    /// How the duty's title begins.
    pub(super) duty: &'static str,
    pub(super) unit: UnitId,
    pub(super) deeds: Vec<Timed>,
}

/// The county's units by name.
pub(super) struct Units(HashMap<String, UnitId>);

impl Units {
    pub(super) fn new(units: impl IntoIterator<Item = (String, UnitId)>) -> Self {
        Self(units.into_iter().collect())
    }

    pub(super) fn named(&self, name: &str) -> Result<UnitId> {
        self.0.get(name).copied().with_context(|| format!("{name} is not a unit of the county"))
    }

    pub(super) fn add(&mut self, name: &str, unit: UnitId) {
        self.0.insert(name.to_owned(), unit);
    }
}

/// A moment of 2026 in the county.
pub(super) fn at((month, day): (u32, u32), (hour, minute): (u32, u32)) -> DateTime<Utc> {
    let day = NaiveDate::from_ymd_opt(2026, month, day).unwrap_or_default();
    clock::universal(day.and_hms_opt(hour, minute, 0).unwrap_or_default())
}

/// Adds act after act, each in the morning of its day; what others than the unit do follows in the afternoon.
struct Telling(Vec<Timed>);

impl Telling {
    fn unit(mut self, on: (u32, u32), deed: Deed) -> Self {
        self.0.push((at(on, (9, 10)), Hand::Unit, deed));
        self
    }

    fn office(mut self, on: (u32, u32), deed: Deed) -> Self {
        self.0.push((at(on, (15, 40)), Hand::Office, deed));
        self
    }

    fn other(mut self, on: (u32, u32), unit: UnitId, deed: Deed) -> Self {
        self.0.push((at(on, (14, 20)), Hand::Other(unit), deed));
        self
    }

    fn of(self, duty: &'static str, unit: UnitId) -> Case {
        Case { duty, unit, deeds: self.0 }
    }
}

fn told() -> Telling {
    Telling(Vec::new())
}

fn progress(percent: u8, note: &str) -> Deed {
    Deed::Progress { percent, note: Some(note.to_owned()) }
}

fn report(note: &str) -> Deed {
    Deed::Report { note: Some(note.to_owned()) }
}

fn send_back(reason: &str) -> Deed {
    Deed::SendBack { reason: reason.to_owned() }
}

fn confirm() -> Deed {
    Deed::Confirm { note: None }
}

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap_or_default()
}

/// All of them.
pub(super) fn all(units: &Units) -> Result<Vec<Case>> {
    let mut all = reports(units)?;
    all.extend(requests(units)?);
    all.extend(owners(units)?);
    Ok(all)
}

/// Reports that did not hold at once, and a lead unit that joins what others report.
fn reports(units: &Units) -> Result<Vec<Case>> {
    let lead = units.named("县金融发展中心")?;
    let (power, telecom) = (units.named("县供电公司")?, units.named("县电信公司")?);
    Ok(vec![
        told()
            .unit((1, 14), Deed::Accept)
            .unit((4, 22), progress(55, "二十一处网点已设便民角，其余排在五月。"))
            .unit((5, 20), report("四十处网点全部设好，附清单。"))
            .office((5, 25), confirm())
            .of("加强窗口建设", power),
        told()
            .unit((1, 15), Deed::Accept)
            .unit((5, 12), report("营业厅便民角已设好。"))
            .other((5, 14), lead, send_back("清单只有县城的网点，请补乡镇的。"))
            .unit((5, 21), report("已补乡镇网点十一处，共十九处。"))
            .office((5, 25), confirm())
            .of("加强窗口建设", telecom),
        told()
            .unit((1, 13), Deed::Accept)
            .unit((5, 8), progress(60, "银行网点已齐，等供电、电信两家。"))
            .unit((5, 28), report("三家合并清单见附件，覆盖率100%。"))
            .office((6, 1), confirm())
            .of("加强窗口建设", lead),
        told()
            .unit((1, 16), Deed::Accept)
            .unit((4, 15), progress(40, "主街完成，背街拆了一半。"))
            .unit((5, 20), report("拆除400块，清单和照片另附。"))
            .office((5, 22), send_back("城北路还有五块破损招牌，请补拆。"))
            .unit((5, 29), report("城北路五块已拆。"))
            .office((6, 2), send_back("拆后墙面没有修补，有碍观瞻。"))
            .unit((6, 9), report("墙面已修补粉刷，附前后对比。"))
            .office((6, 11), confirm())
            .of("规范户外广告", units.named("县城管局")?),
        told()
            .unit((1, 19), Deed::Accept)
            .unit((5, 18), progress(70, "九条道路完成。"))
            .unit((6, 23), report("十二条道路全部完成。"))
            .office((6, 25), send_back("文庙街线缆只捆扎没有入管。"))
            .unit((6, 29), report("文庙街已入管。"))
            .office((7, 1), send_back("入管后路面没有恢复，行人绕行。"))
            .of("清理空中管线", power),
        told()
            .unit((1, 14), Deed::Accept)
            .unit((3, 26), report("创建经费620万元已列入预算并拨付。"))
            .office((3, 28), confirm())
            .office((6, 26), Deed::Reopen { reason: "审计发现乡镇部分尚未到账。".to_owned() })
            .unit((7, 6), report("乡镇部分118万元已于7月3日到账，附凭证。"))
            .of("保障创建经费", units.named("县财政局")?),
        told()
            .unit((1, 13), Deed::Accept)
            .unit((4, 10), progress(50, "慢行道完成2.1公里。"))
            .unit((6, 12), report("慢行道4.2公里、安全岛6处全部完工。"))
            .unit(
                (6, 15),
                Deed::TakeBackReport {
                    reason: Some("安全岛实为5处，还有1处在养护。".to_owned())
                },
            )
            .unit((6, 18), report("第6处安全岛已开放。"))
            .office((6, 23), confirm())
            .of("改造人民路", units.named("县住建局")?),
    ])
}

/// Time and help that were asked for, and what came of it.
fn requests(units: &Units) -> Result<Vec<Case>> {
    let land = units.named("县自然资源局")?;
    let housing = units.named("县住建局")?;
    Ok(vec![
        told()
            .unit((1, 15), Deed::Accept)
            .unit((4, 8), progress(50, "一条线路已试运行。"))
            .unit(
                (5, 11),
                Deed::AskExtension {
                    until: day(6, 30), reason: "新车未到，第二条线路缺车。".to_owned()
                },
            )
            .office(
                (5, 13),
                Deed::RefuseExtension {
                    reason: "按期开通，车辆先从郊区线路调剂。".to_owned()
                },
            )
            .unit((5, 20), report("两条线路均已开通，高峰间隔11分钟。"))
            .office((5, 22), confirm())
            .of("优化公交出行", units.named("县交通局")?),
        told()
            .unit((1, 16), Deed::Accept)
            .unit((6, 3), progress(45, "十七条小巷已硬化。"))
            .unit(
                (6, 24),
                Deed::AskExtension {
                    until: day(11, 30),
                    reason: "供水管线同步改造，需等管线入地。".to_owned(),
                },
            )
            .office(
                (6, 26),
                Deed::GrantExtension {
                    until: Some(day(10, 20)),
                    note: Some("管线九月底前入地，给到10月20日。".to_owned()),
                },
            )
            .of("修缮背街小巷", units.named("新城街道")?),
        told()
            .unit((1, 20), Deed::Accept)
            .unit((4, 27), progress(35, "五处已开工。"))
            .unit(
                (5, 6),
                Deed::AskHelp {
                    of: land, text: "河滨路三块边角地权属不清，请协助确认。".to_owned()
                },
            )
            .other(
                (5, 11),
                land,
                Deed::AnswerHelp {
                    text: "三块均为国有未利用地，可先用后办，红线图已送。".to_owned()
                },
            )
            .unit((6, 22), progress(65, "三块边角地已进场，累计开工十二处。"))
            .of("建设口袋公园", units.named("县城管局")?),
        told()
            .unit((1, 19), Deed::Accept)
            .unit(
                (3, 18),
                Deed::AskHelp {
                    of: housing, text: "老小区没有车棚用地，请帮助选址。".to_owned()
                },
            )
            .office(
                (3, 23),
                Deed::AnswerHelp {
                    text: "3月25日由创建办召集现场会，一并定下。".to_owned()
                },
            )
            .unit((6, 10), progress(55, "车棚四处已建成，装桩120个。"))
            .of("整治飞线充电", units.named("新苑社区")?),
    ])
}

/// Whose it is: returned, upheld, reassigned, taken off and put back.
fn owners(units: &Units) -> Result<Vec<Case>> {
    let (housing, culture) = (units.named("县住建局")?, units.named("县文旅局")?);
    let (reform, trade) = (units.named("县发改局")?, units.named("县商务局")?);
    Ok(vec![
        told()
            .unit(
                (1, 16),
                Deed::ReturnAsNotOurs {
                    reason: "法治文化广场建在文化公园内，由管理单位承担更合适。".to_owned(),
                    proposed: Some(culture),
                },
            )
            .office((1, 20), Deed::Reassign { to: culture, reason: "文化公园由你单位管理。".to_owned() })
            .unit((1, 22), Deed::Accept)
            .unit((4, 24), progress(40, "广场基础完工，长廊一处已立。"))
            .unit((6, 26), progress(75, "广场铺装完成，长廊还差一处。"))
            .of("普及法律知识", housing),
        told()
            .unit((1, 19), Deed::Accept)
            .office((2, 10), Deed::Reassign { to: trade, reason: "商贸企业由你单位联系。".to_owned() })
            .unit((2, 12), Deed::Accept)
            .unit((6, 17), progress(80, "商场超市已查完，餐饮店查了七成。"))
            .of("推行明码标价", reform),
        told()
            .unit((1, 15), Deed::ReturnAsNotOurs { reason: "本单位没有执法权。".to_owned(), proposed: None })
            .unit((1, 16), Deed::Accept)
            .unit((5, 19), progress(50, "已签约八十家。"))
            .of("培育诚信商户", trade),
        told()
            .unit((1, 14), Deed::Accept)
            .office((4, 9), Deed::Withdraw { reason: "资金由县财政统筹，不再单列任务。".to_owned() })
            .of("扩建县第二小学", units.named("县财政局")?),
        told()
            .unit((1, 15), Deed::Accept)
            .unit((2, 26), progress(20, "苗木已定。"))
            .office((3, 3), Deed::Withdraw { reason: "与造林任务合并。".to_owned() })
            .office((3, 4), Deed::Restore { reason: "造林任务不含城区绿地，恢复。".to_owned() })
            .unit((6, 5), progress(60, "三个地块已栽植。"))
            .of("扩大城市绿地", units.named("县林业局")?),
        // For a unit that was merged and one that was closed in the meantime: see `changes`.
        told()
            .office(
                (1, 20),
                Deed::Reassign {
                    to: units.named(super::changes::STATION)?,
                    reason: "手册与宣传片由你台制作。".to_owned(),
                },
            )
            .unit((1, 21), Deed::Accept)
            .unit((2, 25), progress(30, "样册已送审。"))
            .unit((4, 22), report("文明手册8万册已印发，宣传片开播。"))
            .office((4, 24), confirm())
            .of("营造浓厚氛围", units.named("县委宣传部")?),
        told()
            .office(
                (1, 20),
                Deed::Reassign {
                    to: units.named(super::changes::HEADQUARTERS)?,
                    reason: "征收与周转由指挥部承担。".to_owned(),
                },
            )
            .unit((1, 22), Deed::Accept)
            .unit((4, 17), progress(65, "三个小区周转房已落实。"))
            .unit((6, 12), report("征收与周转全部完成，台账移交县住建局。"))
            .office((6, 16), confirm())
            .of("改造老旧小区", units.named("县财政局")?),
    ])
}
