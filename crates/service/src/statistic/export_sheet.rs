use std::collections::{BTreeMap, HashMap};

use chengjing_domain::{
    id::{CampaignId, UnitId},
    observation::{KeptObservation, Period, Step},
    people::policy::{Action, Resource},
    score::Fact,
};
use chengjing_press::statistics::{StatisticsRow, StatisticsTable, statistics_to_xlsx};
use chengjing_store::{
    campaign as campaigns,
    observation::{self as store, FiguresOf},
};

use super::{
    Asked, asked,
    import_sheet::{CODE, SOURCE, UNIT},
    list::YEARS,
};
use crate::{App, Caller, Refusal, standard::assess::assessing};

/// All series that the standards of a campaign ask for with what stands in the periods of a year, as an xlsx that can be filled
/// in and taken in again; its name and its bytes. Series of units are in it where those have figures.
pub async fn export_sheet(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    (year, step): (i32, Step),
) -> Result<(String, Vec<u8>), Refusal> {
    caller.may(Action::SeeObservations, Resource::Campaign(campaign))?;
    if !YEARS.contains(&year) {
        return Err(Refusal::invalid("year", "年份不对", "not a year"));
    }
    let here = app.clone();
    let table = app
        .store
        .read(|q| async move {
            let named = campaigns::lookup(&q, campaign).await?.ok_or(Refusal::NotFound)?.name;
            let known = asked(&assessing(&here, &q, campaign).await?);
            let periods = step.periods(year);
            let all = store::list_figures(&q, campaign, &periods, FiguresOf::All).await?;
            let names = campaigns::names(&q, campaign).await?;
            Ok::<_, Refusal>(StatisticsTable {
                title: format!("{named}{year}年统计数据"),
                headings: [CODE, "统计项目", "计量单位", UNIT, SOURCE].map(str::to_owned),
                periods: periods.iter().map(|period| period.heading()).collect(),
                rows: rows(&known, (year, step), &all, &names.units),
            })
        })
        .await?;
    let name = format!("{}.xlsx", table.title);
    let bytes = tokio::task::spawn_blocking(move || statistics_to_xlsx(&table))
        .await
        .map_err(|_| Refusal::Internal("writing a workbook panicked"))?
        .map_err(|_| Refusal::Internal("a table of statistics could not be written"))?;
    Ok((name, bytes))
}

/// A row a series: the whole place's, whether it has figures or not, then those of units by name. A statistic that is asked by other
/// periods has rows only where there are figures.
fn rows(
    known: &[Asked],
    (year, step): (i32, Step),
    all: &[KeptObservation],
    units: &HashMap<UnitId, String>,
) -> Vec<StatisticsRow> {
    let periods = step.periods(year);
    let mut rows = Vec::new();
    for one in known {
        let mut of: BTreeMap<&str, Vec<&KeptObservation>> = BTreeMap::from([("", Vec::new())]);
        for figure in all.iter().filter(|figure| figure.superseded_by.is_none() && !figure.withdraws) {
            if figure.fact.about() != one.id {
                continue;
            }
            let unit = figure.unit.map(|unit| units.get(&unit).map_or("", String::as_str));
            of.entry(unit.unwrap_or_default()).or_default().push(figure);
        }
        let asked = one.every.is_none_or(|every| every == step);
        for (unit, figures) in of.into_iter().filter(|(_, figures)| asked || !figures.is_empty()) {
            let cell = |period: &Period| {
                let text = period.to_string();
                let stands = figures.iter().find(|figure| figure.period.as_ref() == Some(&text))?;
                match &stands.fact {
                    Fact::Figure { value, .. } => Some(value.normalize().to_string()),
                    _ => None,
                }
            };
            let latest = figures.iter().max_by_key(|figure| (figure.at, figure.id));
            rows.push(StatisticsRow {
                code: one.id.clone(),
                title: one.title.clone(),
                measured_in: one.measured_in.clone().unwrap_or_default(),
                unit: unit.to_owned(),
                // What the figures rest on is for whoever fills them in to say; who reports them is not it.
                source: latest.map(|figure| figure.source.clone()).unwrap_or_default(),
                figures: periods.iter().map(cell).collect(),
            });
        }
    }
    rows
}
