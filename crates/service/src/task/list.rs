use chengjing_domain::{
    duty::task::StateKind,
    id::{CampaignId, InitiativeId, UnitId},
    people::policy::Action,
};
use chengjing_store::{
    Page, Paging, campaign as campaigns,
    task::{self as store, AsksHelp, TaskFilter},
};
use chrono::NaiveDate;

use super::{Named, Reader, TaskView, scope, views};
use crate::{App, Caller, Refusal, duty::Names, initiative};

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// The unit has to act.
    Unit,
    /// The office has to decide a report, a return or an extension.
    Office,
    /// The unit asked another one for help, which has not answered: of the reader's units, where these are limited.
    Helper,
}

/// Which tasks are wanted; all that is given must hold.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub unit: Option<UnitId>,
    pub turn: Option<Turn>,
    pub state: Option<StateKind>,
    /// Of the duties of this initiative.
    pub initiative: Option<InitiativeId>,
    pub due_from: Option<NaiveDate>,
    pub due_to: Option<NaiveDate>,
}

/// The tasks that the caller may see, the next due first, those without a day last.
pub async fn list(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    wanted: Wanted,
    paging: Paging,
) -> Result<Named<Page<TaskView>>, Refusal> {
    let caller = caller.clone();
    app.store
        .read(|q| async move {
            let scope = match scope(&caller, campaign)? {
                Some(units) => Some(campaigns::list_units_below(&q, campaign, &units).await?),
                None => {
                    campaigns::lookup(&q, campaign).await?.ok_or(Refusal::NotFound)?;
                    None
                }
            };
            let mut filter = TaskFilter {
                unit: wanted.unit,
                state: wanted.state,
                initiative: wanted.initiative,
                unit_turn: wanted.turn == Some(Turn::Unit),
                office_turn: wanted.turn == Some(Turn::Office),
                due_from: wanted.due_from,
                due_to: wanted.due_to,
                ..TaskFilter::default()
            };
            match (wanted.turn, scope) {
                // Who was asked sees the task, whosever it is.
                (Some(Turn::Helper), Some(units)) => filter.asks_help = AsksHelp::Of(units),
                (Some(Turn::Helper), None) => filter.asks_help = AsksHelp::Anybody,
                (_, Some(units)) => {
                    filter.led = initiative::led_by(&q, campaign, Action::SeeTasks, &units).await?;
                    filter.any_unit = Some(units);
                }
                (_, None) => {}
            }
            let page = store::list(&q, campaign, &filter, &paging).await?;
            let reader = Reader::load(&q, &caller, campaign).await?;
            let items = views(&q, &reader, campaign, page.items).await?;
            Ok((Page { items, next: page.next }, Names::load(&q, campaign).await?))
        })
        .await
}
