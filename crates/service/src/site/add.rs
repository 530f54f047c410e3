use std::collections::HashSet;

use chengjing_domain::{
    id::{CampaignId, SiteId},
    ledger::{Subject, SubjectKind},
    observation::Site,
    people::policy::{Action, Resource},
};
use chengjing_store::{campaign as campaigns, ledger, site as store};
use serde_json::json;

use super::{SiteChange, SiteView, put, titles, views};
use crate::{App, Caller, Refusal, refusal::Faults, standard::assess::assessing};

/// How many are added at once at most.
pub const MOST: usize = 500;

/// Adds sites; all of them, or all that is wrong with any of them.
pub async fn add(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    new: Vec<(String, SiteChange)>,
) -> Result<Vec<SiteView>, Refusal> {
    caller.may(Action::EditSites, Resource::Campaign(campaign))?;
    if new.is_empty() || new.len() > MOST {
        return Err(Refusal::invalid(
            "items",
            format!("应有1至{MOST}个"),
            format!("1 to {MOST} are expected"),
        ));
    }
    let ids: Vec<SiteId> = (0..new.len()).map(|n| caller.id(&format!("site:{n}"))).collect();
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .write(move |tx| {
            let (app, caller, new, ids) = (here.clone(), caller.clone(), new.clone(), ids.clone());
            async move {
                campaigns::lookup(&tx, campaign).await?.ok_or(Refusal::NotFound)?;
                let there = store::list_of(&tx, campaign, &ids).await?;
                if !there.is_empty() {
                    return views(&app, &tx, campaign, there).await;
                }
                let standards = assessing(&app, &tx, campaign).await?;
                let types = titles(&standards);
                let (mut faults, mut names, mut sites) = (Faults::default(), HashSet::new(), Vec::new());
                for (n, (id, (site_type, change))) in ids.iter().zip(&new).enumerate() {
                    let place = format!("items[{n}]");
                    let mut site = Site {
                        campaign,
                        id: *id,
                        name: String::new(),
                        site_type: site_type.clone(),
                        unit: None,
                        earlier: Vec::new(),
                        position: None,
                        added_at: caller.now,
                        closed_at: None,
                        version: 1,
                    };
                    put(&tx, &mut site, (change, caller.now), &place, &mut faults).await?;
                    if !types.contains_key(site_type.as_str()) {
                        let zh = "创建项目的测评体系没有这个点位类型";
                        faults.add(
                            format!("{place}.site_type"),
                            zh,
                            "no standard of the campaign knows this type",
                        );
                    }
                    if !names.insert(site.name.clone()) {
                        faults.add(format!("{place}.name"), "名称重复", "this name is there twice");
                    }
                    sites.push(site);
                }
                faults.end()?;
                let stored = store::add_many(&tx, &sites).await?;
                let (subject, told) = match stored.as_slice() {
                    [one] => (
                        Subject::of(campaign, SubjectKind::Site, one.id.0),
                        json!({ "name": one.name, "type": types.get(one.site_type.as_str()) }),
                    ),
                    many => (
                        Subject::of(campaign, SubjectKind::Campaign, campaign.0),
                        json!({ "count": many.len() }),
                    ),
                };
                ledger::record(&tx, caller.act_named("site.add", subject, told)).await?;
                views(&app, &tx, campaign, stored).await
            }
        })
        .await
}
