use std::collections::HashMap;

use chengjing_domain::{
    clock::day_of,
    duty::{
        DutyState, DutyTarget,
        figure::{Figure, Reached, of_whole},
        task::StateKind,
    },
    id::{CampaignId, DutyId, TaskId, UnitId},
    people::policy::{Action, Resource},
};
use chengjing_store::{
    Page, Paging, campaign as campaigns,
    duty::{self as duties, DutyFilter},
    figure as store, task as tasks,
};

use super::{Named, figures::by_unit};
use crate::{App, Caller, Refusal, duty::Names};

/// How many figures of one target are looked at for where it stands: those of the latest days.
const MOST_OF_TARGET: u64 = 500;

/// A target with its duty, and whether it is reached.
#[derive(Debug)]
pub struct TargetLine {
    pub duty: DutyId,
    pub number: Option<String>,
    pub title: String,
    pub target: DutyTarget,
    pub reached: Reached,
    /// The latest figure of a unit that stands as the whole does, and whose it is: why it is judged so.
    pub latest: Option<(UnitId, Figure)>,
}

/// The targets of a campaign and whether they are reached, in the order of its list of duties; a page holds those of as
/// many duties as its size says.
pub async fn targets(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    paging: Paging,
) -> Result<Named<Page<TargetLine>>, Refusal> {
    caller.may(Action::SeeOverview, Resource::Campaign(campaign))?;
    let caller = caller.clone();
    app.store
        .read(|q| async move {
            campaigns::lookup(&q, campaign).await?.ok_or(Refusal::NotFound)?;
            let filter = DutyFilter {
                has_target: Some(true),
                state: Some(DutyState::Assigned),
                ..DutyFilter::default()
            };
            let page = duties::list(&q, campaign, &filter, &paging).await?;
            let ids: Vec<DutyId> = page.items.iter().map(|duty| duty.id).collect();
            let mut owners: HashMap<DutyId, HashMap<TaskId, UnitId>> = HashMap::new();
            for task in tasks::list_of_duties(&q, campaign, &ids).await? {
                if task.state.kind() != StateKind::Withdrawn {
                    owners.entry(task.owed.duty).or_default().insert(task.id, task.owed.unit);
                }
            }
            let mut items = Vec::new();
            for duty in page.items {
                let owners = owners.remove(&duty.id).unwrap_or_default();
                for target in duty.targets {
                    let figures = store::list_of_target(&q, campaign, target.id, MOST_OF_TARGET).await?;
                    let units = by_unit(day_of(caller.now), &duty.units, &target, &owners, &figures);
                    let judged: Vec<_> = units.iter().map(|one| (one.role, one.judgement)).collect();
                    let reached = of_whole(&judged);
                    let deciding = units.into_iter().filter(|one| one.judgement.reached == reached);
                    let latest = deciding.filter_map(|one| Some((one.unit, one.latest?)));
                    items.push(TargetLine {
                        duty: duty.id,
                        number: duty.number.clone(),
                        title: duty.title.clone(),
                        reached,
                        latest: latest.max_by_key(|(_, figure)| (figure.on, figure.id)),
                        target,
                    });
                }
            }
            Ok((Page { items, next: page.next }, Names::load(&q, campaign).await?))
        })
        .await
}
