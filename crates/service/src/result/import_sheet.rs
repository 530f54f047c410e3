use std::collections::HashMap;

use chengjing_domain::{
    clock::day_of,
    id::{CampaignId, EditionId, ResultId, SiteId},
    ledger::Author,
    people::policy::{Action, Resource},
    result::{
        AssessmentResult, LeafMarks, ResultKind, SiteVerdict, WholeResult,
        sheet::{CellFault, Column, MarksLine, VerdictLine, Why, read_marks, read_verdicts},
    },
};
use chengjing_reader::source::Row;
use chengjing_store::{Queries, campaign as campaigns, site};
use rust_decimal::Decimal;

use super::{fault, of_edition};
use crate::{App, Caller, Fault, Refusal, Words, sheet::Filled};

/// Rows of a sheet at most.
const MOST: usize = 20_000;

/// What a workbook says an assessment found.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetResult {
    pub leaves: Vec<LeafMarks>,
    pub verdicts: Vec<SiteVerdict>,
}

/// The two sheets of a workbook.
struct Sheets {
    marks: Option<(Filled, Vec<MarksLine>)>,
    verdicts: Option<(Filled, Vec<VerdictLine>)>,
}

/// Reads a filled-in workbook for a result that is to be recorded; nothing is kept. Or all that is wrong in its cells.
pub async fn import_sheet(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    edition: EditionId,
    bytes: Vec<u8>,
) -> Result<SheetResult, Refusal> {
    caller.may(Action::RecordResults, Resource::Campaign(campaign))?;
    let sheets = Sheets::read(bytes).await?;
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .read(|q| async move {
            campaigns::lookup(&q, campaign).await?.ok_or(Refusal::NotFound)?;
            sheets.result(&here, &q, &caller, campaign, edition).await
        })
        .await
}

impl Sheets {
    async fn read(bytes: Vec<u8>) -> Result<Self, Refusal> {
        // A table of sites has no codes of leaves, and a table of leaves no sites.
        let firsts = [Column::Leaf.heading(), Column::Site.heading()];
        let [marks, verdicts] = Filled::read_some(bytes, firsts, MOST).await?;
        let marks = marks.map(|filled| {
            let [leaf, marks] = [Column::Leaf, Column::Marks].map(|one| filled.place(one.heading()));
            let line =
                |row: &Row| MarksLine { row: row.number, leaf: cell(row, leaf), marks: cell(row, marks) };
            let lines = filled.rows().iter().map(line).collect();
            (filled, lines)
        });
        let verdicts = verdicts.map(|filled| {
            let places = [Column::Site, Column::Criterion, Column::Verdict];
            let [site, criterion, verdict] = places.map(|one| filled.place(one.heading()));
            let line = |row: &Row| VerdictLine {
                row: row.number,
                site: cell(row, site),
                criterion: cell(row, criterion),
                verdict: cell(row, verdict),
            };
            let lines = filled.rows().iter().map(line).collect();
            (filled, lines)
        });
        Ok(Self { marks, verdicts })
    }

    async fn result(
        &self,
        app: &App,
        q: &impl Queries,
        caller: &Caller,
        campaign: CampaignId,
        edition: EditionId,
    ) -> Result<SheetResult, Refusal> {
        let (summary, opened) = of_edition(app, q, campaign, edition).await?;
        let all = site::list_all(q, campaign).await?;
        let mut sites: HashMap<&str, Vec<SiteId>> = HashMap::new();
        for site in all.iter().filter(|site| site.closed_at.is_none()) {
            sites.entry(&site.name).or_default().push(site.id);
        }
        // One that is closed is meant by its name only where none that is there has it.
        for site in all.iter().filter(|site| site.closed_at.is_some()) {
            let named = sites.entry(&site.name).or_default();
            if !named.iter().any(|id| all.iter().any(|one| one.id == *id && one.closed_at.is_none())) {
                named.push(site.id);
            }
        }
        let mut faults: Vec<Fault> = Vec::new();
        let marks = self.marks.as_ref().map(|(filled, lines)| {
            read_marks(lines).unwrap_or_else(|wrong| {
                faults.extend(wrong.iter().map(|one| told(filled, one)));
                Vec::new()
            })
        });
        let verdicts = self.verdicts.as_ref().map(|(filled, lines)| {
            read_verdicts(lines, &sites).unwrap_or_else(|wrong| {
                faults.extend(wrong.iter().map(|one| told(filled, one)));
                Vec::new()
            })
        });
        let (mark_rows, leaves): (Vec<u32>, Vec<LeafMarks>) = marks.unwrap_or_default().into_iter().unzip();
        let (verdict_rows, verdicts): (Vec<u32>, Vec<SiteVerdict>) =
            verdicts.unwrap_or_default().into_iter().unzip();
        let whole = WholeResult {
            // What the sheet does not tell is checked when the result is recorded.
            result: AssessmentResult {
                campaign,
                id: ResultId(edition.0),
                standard: summary.standard,
                edition,
                on: day_of(caller.now),
                kind: ResultKind::Mock,
                covert: false,
                team: String::new(),
                total: Decimal::ZERO,
                leaves,
                judged: 0,
                source: String::new(),
                superseded_by: None,
                by: Author::User(caller.actor.user),
                recorded_at: caller.now,
            },
            verdicts,
        };
        let types = all.iter().map(|site| (site.id, site.site_type.clone())).collect();
        for wrong in whole.check(&opened.whole, &types, day_of(caller.now)) {
            let path = self.cell_of(&wrong.path, &mark_rows, &verdict_rows);
            faults.push(fault(path, wrong.zh, wrong.en));
        }
        if faults.is_empty() {
            Ok(SheetResult { leaves: whole.result.leaves, verdicts: whole.verdicts })
        } else {
            Err(Refusal::Invalid(faults))
        }
    }

    /// The cell of what the check calls `leaves[3].marks` or `verdicts[7].fact`.
    fn cell_of(&self, path: &str, mark_rows: &[u32], verdict_rows: &[u32]) -> String {
        let numbered = |list: &str| -> Option<(usize, &str)> {
            let (number, field) = path.strip_prefix(list)?.strip_prefix('[')?.split_once(']')?;
            Some((number.parse().ok()?, field.trim_start_matches('.')))
        };
        let named = |filled: &Filled, column: Column, row: u32| {
            filled.fault(column.heading(), row, Words::new("", "")).path
        };
        if let (Some((number, field)), Some((filled, _))) = (numbered("leaves"), &self.marks)
            && let Some(row) = mark_rows.get(number)
        {
            return named(filled, if field == "leaf" { Column::Leaf } else { Column::Marks }, *row);
        }
        if let (Some((number, field)), Some((filled, _))) = (numbered("verdicts"), &self.verdicts)
            && let Some(row) = verdict_rows.get(number)
        {
            let column = match field {
                "site" => Column::Site,
                "criterion" => Column::Criterion,
                _ => Column::Verdict,
            };
            return named(filled, column, *row);
        }
        "file".to_owned()
    }
}

/// A row ends with its last cell that holds something.
fn cell(row: &Row, place: Option<usize>) -> String {
    place.and_then(|place| row.cells.get(place)).map(|cell| cell.trim().to_owned()).unwrap_or_default()
}

fn told(filled: &Filled, wrong: &CellFault) -> Fault {
    let (zh, en) = match wrong.why {
        Why::NoNumber => ("不是数", "not a number"),
        Why::UnknownSite => ("没有这个点位，请先在点位页添加", "there is no such site; add it first"),
        Why::Ambiguous => ("有几个点位叫过这个名称", "several sites have been called so"),
    };
    filled.fault(wrong.column.heading(), wrong.row, Words::new(zh, en))
}
