use std::{collections::HashMap, sync::Arc};

use chengjing_domain::{
    campaign::Campaign,
    clock::day_of,
    id::{CampaignId, StandardId},
    people::policy::{Action, Resource},
    score::{Scorecard, What},
    standard::{Whole, edition::EditionSummary},
};
use chengjing_store::{Queries, campaign as campaigns};
use chrono::{DateTime, NaiveDate, Utc};

use super::{Basis, Moment, chosen, standards_of};
use crate::{
    App, Caller, Refusal,
    standard::{Opened, assess::Assessing},
};

/// How a campaign scores by one of its standards.
#[derive(Debug, Clone)]
pub struct CardSeen {
    pub standard: StandardId,
    pub edition: EditionSummary,
    pub opened: Arc<Opened>,
    pub card: Scorecard,
    /// When the campaign ends, and how many days are left until then.
    pub ends_on: Option<NaiveDate>,
    pub days_left: Option<i64>,
    /// Today, whatever moment the score is of.
    pub today: NaiveDate,
    /// What the standards of the campaign are called, by their codes.
    pub titles: HashMap<String, String>,
}

impl CardSeen {
    /// What a line of the sum is called that has a name of its own.
    pub fn title_of<'a>(&'a self, what: &'a What) -> Option<&'a str> {
        let standard = &self.opened.whole.standard;
        match what {
            What::Contribution { standard } => {
                Some(self.titles.get(standard).map_or(standard.as_str(), String::as_str))
            }
            What::Deduction { code } => {
                standard.negative_list.iter().find(|one| one.code == *code).map(|one| one.title.as_str())
            }
            What::Honour { code } => {
                let mut honours = standard.bonus.iter().flat_map(|bonus| &bonus.honours);
                honours.find(|one| one.code == *code).map(|one| one.title.as_str())
            }
            What::Tree | What::Cut | What::OwnShare | What::BonusCut | What::Floor | What::Rounding => None,
        }
    }

    pub fn whole(&self) -> &Whole {
        &self.opened.whole
    }
}

/// The score of a campaign by one of its standards, or by its first one; of now, or of a moment of the past.
pub async fn card(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    standard: Option<StandardId>,
    as_of: Option<DateTime<Utc>>,
) -> Result<CardSeen, Refusal> {
    caller.may(Action::SeeScore, Resource::Campaign(campaign))?;
    work_out(app, campaign, standard, as_of).await
}

/// The same for whoever runs the program itself, and needs no login for what is on their own disk.
pub async fn work_out(
    app: &App,
    campaign: CampaignId,
    standard: Option<StandardId>,
    as_of: Option<DateTime<Utc>>,
) -> Result<CardSeen, Refusal> {
    let now = app.now();
    let moment = Moment::of("as_of", as_of, now)?;
    let (here, today) = (app.clone(), day_of(now));
    app.store
        .read(|q| async move {
            let own = campaigns::lookup(&q, campaign).await?.ok_or(Refusal::NotFound)?;
            let standards = standards_of(&here, &q, campaign).await?;
            let chosen = chosen(&standards, standard)?;
            seen_by(&q, &own, (&standards, chosen), moment, today).await
        })
        .await
}

/// The score of a campaign by one of these standards.
pub(super) async fn seen_by(
    q: &impl Queries,
    own: &Campaign,
    (standards, chosen): (&[Assessing], &Assessing),
    moment: Moment,
    today: NaiveDate,
) -> Result<CardSeen, Refusal> {
    let basis = Basis::load(q, own.id, moment, standards).await?;
    let card = basis.cards(standards, chosen.standard).pop();
    let (_, card) = card.ok_or(Refusal::Internal("a standard has no score"))?;
    let title = |one: &Assessing| {
        let standard = &one.opened.whole.standard;
        (standard.id.clone(), standard.title.clone())
    };
    Ok(CardSeen {
        standard: chosen.standard,
        edition: chosen.edition.clone(),
        opened: Arc::clone(&chosen.opened),
        card,
        ends_on: own.ends_on,
        days_left: days_left(own, today),
        today,
        titles: standards.iter().map(title).collect(),
    })
}

fn days_left(campaign: &Campaign, today: NaiveDate) -> Option<i64> {
    campaign.ends_on.map(|ends| ends.signed_duration_since(today).num_days().max(0))
}
