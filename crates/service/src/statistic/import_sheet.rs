use std::{collections::HashMap, sync::Arc};

use chengjing_domain::{
    campaign::{Unit, naming::normal},
    id::{CampaignId, UnitId},
    observation::{
        Period,
        series::{Series, Typed},
    },
    people::policy::{Action, Resource},
};
use chengjing_reader::source::Row;
use chengjing_store::{Queries, campaign as campaigns};

use super::{Filled, Look, Part, asked, keep};
use crate::{App, Caller, Fault, Refusal, Words, sheet::Filled as Sheet, standard::assess::assessing};

/// Headings that are read; the others are for the reader's eye.
pub(super) const CODE: &str = "统计编号";
pub(super) const UNIT: &str = "所属单位";
pub(super) const SOURCE: &str = "依据文件";

/// Rows of a sheet at most: a statistic of each unit.
const MOST: usize = 5_000;

/// What a sheet of statistics records, or has recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetFigures {
    /// Each with its cell.
    pub filled: Vec<(String, Filled)>,
    /// Cells that say what stands already.
    pub unchanged: usize,
}

/// What an xlsx would record, without recording it; or all that is wrong with it.
pub async fn preview(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    bytes: Vec<u8>,
) -> Result<SheetFigures, Refusal> {
    caller.may(Action::RecordObservations, Resource::Campaign(campaign))?;
    let sheet = Sheet::read(bytes, CODE, MOST).await?;
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .read(|q| async move {
            let read = Read::of(&here, &q, campaign, &sheet).await?;
            let place = |at, part| read.place(&sheet, at, part);
            let faults = read.faults.clone();
            let look = Look { caller: &caller, campaign, typed: &read.typed, place: &place, faults };
            let filled = look.look(&here, &q).await?.filled;
            Ok(read.figures(&sheet, filled))
        })
        .await
}

/// Takes in an xlsx: all of it, or nothing where anything is wrong. What stands already makes no new observation.
pub async fn apply(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    bytes: Vec<u8>,
) -> Result<SheetFigures, Refusal> {
    caller.may(Action::RecordObservations, Resource::Campaign(campaign))?;
    let sheet = Arc::new(Sheet::read(bytes, CODE, MOST).await?);
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .write(move |tx| {
            let (app, caller, sheet) = (here.clone(), caller.clone(), Arc::clone(&sheet));
            async move {
                let read = Read::of(&app, &tx, campaign, &sheet).await?;
                let place = |at, part| read.place(&sheet, at, part);
                let faults = read.faults.clone();
                let look = Look { caller: &caller, campaign, typed: &read.typed, place: &place, faults };
                let ready = look.look(&app, &tx).await?;
                let filled = keep(&tx, &caller, campaign, ready, "statistic.import").await?;
                Ok(read.figures(&sheet, filled))
            }
        })
        .await
}

/// What a sheet says.
struct Read {
    typed: Vec<Typed>,
    /// The column and row of each.
    cells: Vec<(usize, u32)>,
    faults: Vec<Fault>,
}

impl Read {
    async fn of(app: &App, q: &impl Queries, campaign: CampaignId, sheet: &Sheet) -> Result<Self, Refusal> {
        campaigns::lookup(q, campaign).await?.ok_or(Refusal::NotFound)?;
        let known = asked(&assessing(app, q, campaign).await?);
        let usual: HashMap<&str, Option<&str>> =
            known.iter().map(|one| (one.id.as_str(), one.source.as_deref())).collect();
        let units = campaigns::all_units(q, campaign).await?;
        let mut by_name: HashMap<String, &Unit> = HashMap::new();
        for unit in &units {
            for name in std::iter::once(&unit.name).chain(&unit.aliases) {
                by_name.entry(normal(name)).or_insert(unit);
            }
        }
        let mut read = Self { typed: Vec::new(), cells: Vec::new(), faults: Vec::new() };
        let mut periods: Vec<(usize, Period)> = Vec::new();
        for (place, heading) in sheet.headings() {
            match Period::of_heading(heading) {
                Ok(period) => periods.push((place, period)),
                // A column that begins like a year and is no period would be passed over without a word.
                Err(_) if heading.chars().take(4).all(|sign| sign.is_ascii_digit()) => {
                    let words = Words::new(
                        "期间应写作 2026年、2026年第3季度 或 2026年6月",
                        "a period is written 2026, 2026-Q3 or 2026-06",
                    );
                    read.faults.push(sheet.fault_at(place, sheet.head_row(), words));
                }
                Err(_) => {}
            }
        }
        let [code, unit, source] = [CODE, UNIT, SOURCE].map(|heading| sheet.place(heading));
        for row in sheet.rows() {
            let code = cell(row, code);
            if code.is_empty() {
                continue;
            }
            let unit = match cell(row, unit) {
                "" => None,
                name => match by_name.get(&normal(name)) {
                    Some(unit) => Some(unit.id),
                    None => {
                        let words = Words::new(
                            format!("没有单位“{name}”，请先在单位页添加"),
                            format!("there is no unit {name}; add it first"),
                        );
                        read.faults.push(sheet.fault(UNIT, row.number, words));
                        None
                    }
                },
            };
            let said = cell(row, source);
            let source =
                if said.is_empty() { usual.get(code).copied().flatten().unwrap_or("") } else { said };
            read.take(row, &periods, (code, unit, source));
        }
        Ok(read)
    }

    fn take(&mut self, row: &Row, periods: &[(usize, Period)], said: (&str, Option<UnitId>, &str)) {
        let (code, unit, source) = said;
        for (place, period) in periods {
            let text = cell(row, Some(*place));
            if text.is_empty() {
                continue;
            }
            self.typed.push(Typed {
                series: Series { statistic: code.to_owned(), unit },
                period: *period,
                text: text.to_owned(),
                source: source.to_owned(),
            });
            self.cells.push((*place, row.number));
        }
    }

    /// The cell that a part of a typed figure stands in.
    fn place(&self, sheet: &Sheet, at: usize, part: Part) -> String {
        let (column, row) = self.cells[at];
        let of = |heading: &str| sheet.place(heading).unwrap_or(column);
        let column = match part {
            Part::Statistic => of(CODE),
            Part::Unit => of(UNIT),
            Part::Source => of(SOURCE),
            Part::Period | Part::Value => column,
        };
        sheet.fault_at(column, row, Words::new("", "")).path
    }

    fn figures(&self, sheet: &Sheet, filled: Vec<Filled>) -> SheetFigures {
        let unchanged = self.typed.len() - filled.len();
        let with_cell = |one: Filled| (self.place(sheet, one.at, Part::Value), one);
        SheetFigures { filled: filled.into_iter().map(with_cell).collect(), unchanged }
    }
}

/// What stands in a cell; a row ends with its last cell that holds something.
fn cell(row: &Row, place: Option<usize>) -> &str {
    place.and_then(|place| row.cells.get(place)).map(|cell| cell.trim()).unwrap_or_default()
}
