//! What the county gathers across its units: two special actions and a working group, with duties of its plan.

use std::collections::HashMap;

use anyhow::Result;
use chengjing_domain::{
    campaign::initiative::InitiativeKind,
    id::{CampaignId, DutyId},
};
use chengjing_service::{
    App, Caller,
    duty::{
        DutySummary, Wanted,
        edit_many::{self, ManyChange},
        list,
    },
    initiative::{self, InitiativeChange},
};
use chengjing_store::Paging;
use chrono::NaiveDate;

use super::find_unit;
use crate::command::told;

struct Gathered {
    kind: InitiativeKind,
    name: &'static str,
    purpose: &'static str,
    leader: &'static str,
    members: &'static [&'static str],
    /// Month and day of 2026.
    from: (u32, u32),
    to: Option<(u32, u32)>,
    /// How the titles of its duties begin.
    duties: &'static [&'static str],
}

const ALL: &[Gathered] = &[
    Gathered {
        kind: InitiativeKind::SpecialAction,
        name: "食品安全放心行动",
        purpose: "把城区小餐饮、食品摊贩和餐厨垃圾一并管起来，夜查与日常巡查结合，让群众吃得放心。",
        leader: "县市场监管局",
        members: &["县城管局", "县商务局", "县教育局", "新城街道", "老城街道"],
        from: (3, 1),
        to: Some((10, 31)),
        duties: &["整治小餐饮店", "规范食品摊贩", "严控餐厨垃圾", "倡导文明用餐", "守护舌尖安全"],
    },
    Gathered {
        kind: InitiativeKind::SpecialAction,
        name: "志愿服务暖心行动",
        purpose: "让志愿者有地方去、有事情做、有人记得：站点、劝导、帮扶、培训、激励五件事一起抓。",
        leader: "县文明办",
        members: &["团县委", "县民政局", "县文旅局", "县交通局"],
        from: (4, 1),
        to: Some((12, 31)),
        duties: &["建设服务站点", "开展文明劝导", "帮扶困难群众", "培训骨干力量", "落实激励办法"],
    },
    Gathered {
        kind: InitiativeKind::WorkingGroup,
        name: "校园周边综合治理工作组",
        purpose: "网吧、摊点、交通、卫生分属四家，由公安牵头每月会商一次，校门口的事当月解决。",
        leader: "县公安局",
        members: &["县教育局", "县城管局", "县市场监管局"],
        from: (3, 10),
        to: None,
        duties: &["整治校园周边", "整治占道经营"],
    },
];

/// Adds them and puts the duties in.
pub(super) async fn gather(app: &App, caller: &Caller, campaign: CampaignId) -> Result<()> {
    let duties = all_duties(app, caller, campaign).await?;
    for one in ALL {
        let mut members = Vec::with_capacity(one.members.len());
        for member in one.members {
            members.push(find_unit(app, caller, campaign, member).await?);
        }
        let leader = find_unit(app, caller, campaign, one.leader).await?;
        let day = |(month, day)| NaiveDate::from_ymd_opt(2026, month, day);
        let text = InitiativeChange {
            name: Some(one.name.to_owned()),
            purpose: Some(one.purpose.to_owned()),
            members: Some(members),
            starts_on: Some(day(one.from)),
            ends_on: Some(one.to.and_then(day)),
            ..InitiativeChange::default()
        };
        let (added, _) = told(initiative::add::add(app, caller, campaign, one.kind, leader, text).await)?;
        let wanted: Vec<(DutyId, i64)> = duties
            .values()
            .filter(|duty| one.duties.iter().any(|title| duty.title.starts_with(title)))
            .map(|duty| (duty.id, duty.version))
            .collect();
        let change = ManyChange { initiative: Some(Some(added.initiative.id)), ..ManyChange::default() };
        told(edit_many::edit_many(app, caller, campaign, wanted, change).await)?;
    }
    Ok(())
}

async fn all_duties(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
) -> Result<HashMap<DutyId, DutySummary>> {
    let (mut all, mut after) = (HashMap::new(), None);
    loop {
        let (page, _) =
            list::list(app, caller, campaign, Wanted::default(), Paging { after, limit: 200 }).await?;
        all.extend(page.items.into_iter().map(|duty| (duty.id, duty)));
        after = page.next;
        if after.is_none() {
            return Ok(all);
        }
    }
}
