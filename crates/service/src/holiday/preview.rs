use chengjing_domain::{
    campaign::Campaign,
    clock::day_of,
    duty::{
        DutyState,
        schedule::{DateMove, moves},
        workdays::{Calendar, HolidayYear},
    },
    id::{CampaignId, DutyId},
    people::policy::{Action, Resource},
    plan::Recurrence,
};
use chengjing_store::{Paging, campaign as campaigns, duty};
use chrono::{Days, NaiveDate};

use super::{calendar, read, settle::moved};
use crate::{App, Caller, Refusal, task::dates::schedule_of};

/// How many duties are told one by one; the others are counted.
const MOST_DUTIES: usize = 100;

/// How many dates of one duty are told one by one; the others are counted.
const MOST_DATES: usize = 12;

/// Dates at the turn of the year may stand in the next one's file.
const BESIDE: Days = Days::new(31);

/// What becomes of one duty's dates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DutyMoves {
    pub campaign: CampaignId,
    pub campaign_name: String,
    pub duty: DutyId,
    pub title: String,
    /// The first of them.
    pub dates: Vec<DateMove>,
    /// How many there are.
    pub count: usize,
}

/// What would change if a year's holidays were those.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    pub told: HolidayYear,
    /// Recurring duties of which coming dates would move.
    pub duties: usize,
    /// The first of them.
    pub items: Vec<DutyMoves>,
    /// Tasks that units have already and that would be due on another day.
    pub tasks: usize,
}

/// Reads a year's file and says which coming dates would move; nothing is saved.
pub async fn preview(app: &App, caller: &Caller, year: i32, file: &str) -> Result<Preview, Refusal> {
    caller.may(Action::EditHolidays, Resource::System)?;
    let told = read(year, file)?;
    let today = day_of(caller.now);
    let before = app.store.read(|q| async move { calendar(&q).await }).await?;
    let change = Change {
        after: before.clone().with(told.clone()),
        before,
        today,
        to: NaiveDate::from_ymd_opt(year, 12, 31)
            .and_then(|day| day.checked_add_days(BESIDE))
            .unwrap_or(today),
    };
    let mut preview = Preview { told, duties: 0, items: Vec::new(), tasks: 0 };
    let mut after = None;
    loop {
        let paging = Paging { after, limit: 200 };
        let page = app.store.read(|q| async move { campaigns::list(&q, None, &paging).await }).await?;
        for campaign in &page.items {
            preview.tasks += change.tasks(app, campaign).await?;
            change.look(app, campaign, &mut preview).await?;
        }
        after = page.next;
        if after.is_none() {
            return Ok(preview);
        }
    }
}

struct Change {
    before: Calendar,
    after: Calendar,
    today: NaiveDate,
    to: NaiveDate,
}

impl Change {
    async fn look(&self, app: &App, campaign: &Campaign, preview: &mut Preview) -> Result<(), Refusal> {
        for recurrence in Recurrence::ALL {
            let filter = duty::DutyFilter {
                recurrence: Some(recurrence),
                state: Some(DutyState::Assigned),
                ..duty::DutyFilter::default()
            };
            let mut after = None;
            loop {
                let (filter, paging) = (filter.clone(), Paging { after, limit: 200 });
                let page = app
                    .store
                    .read(|q| async move { duty::list_whole(&q, campaign.id, &filter, &paging).await })
                    .await?;
                for duty in &page.items {
                    let Some(schedule) = schedule_of(campaign, duty) else { continue };
                    let of = |calendar| schedule.occurrences(self.today, self.to, calendar);
                    let mut dates = moves(&of(&self.before), &of(&self.after));
                    let count = dates.len();
                    if count == 0 {
                        continue;
                    }
                    preview.duties += 1;
                    if preview.items.len() < MOST_DUTIES {
                        dates.truncate(MOST_DATES);
                        preview.items.push(DutyMoves {
                            campaign: campaign.id,
                            campaign_name: campaign.name.clone(),
                            duty: duty.id,
                            title: duty.title.clone(),
                            dates,
                            count,
                        });
                    }
                }
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
        }
        Ok(())
    }

    /// How many tasks of the campaign would be due on another day.
    async fn tasks(&self, app: &App, campaign: &Campaign) -> Result<usize, Refusal> {
        let (mut count, mut after) = (0, None);
        loop {
            let paging = Paging { after, limit: 200 };
            let (moved, next) = app
                .store
                .read(|q| async move { moved(&q, campaign, &self.after, self.today, &paging).await })
                .await?;
            count += moved.len();
            after = next;
            if after.is_none() {
                return Ok(count);
            }
        }
    }
}
