//! What the county is assessed by: its standard, and the one for minors that is a gate of it.

use std::collections::BTreeMap;

use anyhow::Result;
use chengjing_domain::{
    id::{CampaignId, StandardId},
    plan::UnitRole,
    standard::owner::{Owner, owners_of},
};
use chengjing_service::{
    App, Caller,
    standard::{
        assess,
        owners::{set, suggest},
        publish, take_over,
    },
    unit::{self, list::UnitFilter},
};

use crate::command::told;

/// Who answers for an indicator of which no duty of the plan speaks, by the number that it and the next begin with: the office
/// said so. For those after the last it has not said yet.
const SAID: &[(u32, &str)] = &[
    (1, "县委办"),
    (4, "县文明办"),
    (12, "县文明办"),
    (15, "县纪委监委"),
    (18, "县行政审批局"),
    (21, "县政府办"),
    (24, "县司法局"),
    (26, "县委政法委"),
    (29, "县民政局"),
    (32, "县发改局"),
    (35, "县市场监管局"),
    (39, "县商务局"),
    (43, "县市场监管局"),
    (47, "县文旅局"),
    (54, "县教育局"),
    (59, "县文旅局"),
    (62, "县公安局"),
    (69, "县城管局"),
    (73, "县住建局"),
    (77, "县民政局"),
    (83, "县公安局"),
    (87, "县应急局"),
    (90, "县文明办"),
    (94, "县交通局"),
    (96, "县生态环境局"),
    (100, "县住建局"),
    (103, "县城管局"),
    (110, "县农业农村局"),
];
const UNSAID_FROM: u32 = 117;

/// Takes over what comes with the program, as an office would that agrees with all of it.
pub(super) async fn attach(app: &App, caller: &Caller, campaign: CampaignId) -> Result<()> {
    for code in ["civilised-county", "minors"] {
        let draft = told(take_over::take_over(app, caller, Some(campaign), code).await)?;
        let (standard, id) = (draft.kept.id, draft.edition.id);
        told(publish::publish(app, caller, standard, id, draft.edition.version).await)?;
        told(assess::attach(app, caller, campaign, id).await)?;
        // Of the standard for minors the office has not yet said who answers for what.
        if code == "civilised-county" {
            assign(app, caller, campaign, standard).await?;
        }
    }
    Ok(())
}

/// The units of the duty that fits an indicator best answer for it, or whoever the office says.
async fn assign(app: &App, caller: &Caller, campaign: CampaignId, standard: StandardId) -> Result<()> {
    let (found, _) = told(suggest::suggest(app, caller, campaign, standard).await)?;
    let units = told(unit::list::list(app, caller, campaign, UnitFilter::default()).await)?;
    let by_hand = |number: u32| {
        let (_, name) = SAID.iter().rev().find(|(first, _)| *first <= number)?;
        let unit = units.iter().find(|one| one.unit.name == *name)?.unit.id;
        Some(vec![Owner { unit, role: UnitRole::Responsible, duty: None }])
    };
    let by_hand = (1..UNSAID_FROM).filter_map(|number| Some((format!("Ⅲ-{number}"), by_hand(number)?)));
    let mut owners: BTreeMap<String, Vec<Owner>> = by_hand.collect();
    for leaf in found {
        if let Some((duty, _)) = leaf.fits.first() {
            owners.insert(leaf.code, owners_of([(duty.id, duty.units.as_slice())]));
        }
    }
    let said = owners.into_iter().map(|(leaf, owners)| set::Said { leaf, seen: 0, owners });
    let said: Vec<set::Said> = said.collect();
    if !said.is_empty() {
        told(set::set(app, caller, (campaign, standard), said).await)?;
    }
    Ok(())
}
