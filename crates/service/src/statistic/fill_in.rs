use chengjing_domain::{
    id::{CampaignId, UnitId},
    observation::{
        Period,
        series::{Series, Typed},
    },
    people::policy::{Action, Resource},
};

use super::{Filled, Look, MOST, Part, keep};
use crate::{App, Caller, Fault, Refusal, Words};

/// A figure as it was typed or pasted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub statistic: String,
    pub unit: Option<UnitId>,
    pub period: String,
    pub value: String,
    pub source: String,
}

/// What a block of figures would record, without recording it; or all that is wrong with it.
pub async fn preview(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    said: Vec<Said>,
) -> Result<Vec<Filled>, Refusal> {
    caller.may(Action::RecordObservations, Resource::Campaign(campaign))?;
    let (typed, faults) = read(&said)?;
    let (app, caller) = (app.clone(), caller.clone());
    let here = app.clone();
    app.store
        .read(|q| async move {
            let look = Look { caller: &caller, campaign, typed: &typed, place: &place, faults };
            Ok(look.look(&here, &q).await?.filled)
        })
        .await
}

/// Records a block of figures: those that are new, and those that differ in place of what stood; all of it, or nothing where
/// anything is wrong.
pub async fn apply(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    said: Vec<Said>,
) -> Result<Vec<Filled>, Refusal> {
    caller.may(Action::RecordObservations, Resource::Campaign(campaign))?;
    let given = std::sync::Arc::new(read(&said)?);
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .write(move |tx| {
            let (app, caller, given) = (here.clone(), caller.clone(), std::sync::Arc::clone(&given));
            async move {
                let (typed, faults) = &*given;
                let faults = faults.clone();
                let look = Look { caller: &caller, campaign, typed, place: &place, faults };
                let ready = look.look(&app, &tx).await?;
                keep(&tx, &caller, campaign, ready, "statistic.fill_in").await
            }
        })
        .await
}

fn place(at: usize, part: Part) -> String {
    let part = match part {
        Part::Statistic => "statistic",
        Part::Unit => "unit_id",
        Part::Period => "period",
        Part::Value => "value",
        Part::Source => "source",
    };
    format!("items[{at}].{part}")
}

/// What was typed, with a period that stands for each that is none, and those as faults.
fn read(said: &[Said]) -> Result<(Vec<Typed>, Vec<Fault>), Refusal> {
    if said.is_empty() || said.len() > MOST {
        return Err(Refusal::invalid(
            "items",
            format!("应有1至{MOST}个"),
            format!("1 to {MOST} are expected"),
        ));
    }
    let (mut typed, mut faults) = (Vec::with_capacity(said.len()), Vec::new());
    for (at, one) in said.iter().enumerate() {
        let period = Period::of_heading(&one.period);
        if period.is_err() {
            let words = Words::new("应写作 2026、2026-Q3 或 2026-06", "expected 2026, 2026-Q3 or 2026-06");
            faults.push(Fault { path: place(at, Part::Period), words });
        }
        typed.push(Typed {
            series: Series { statistic: one.statistic.clone(), unit: one.unit },
            // What has no period is compared with nothing.
            text: if period.is_ok() { one.value.clone() } else { String::new() },
            period: period.unwrap_or(Period::Year(1900)),
            source: one.source.clone(),
        });
    }
    Ok((typed, faults))
}
