//! `chengjing read --format xlsx`: what the reader found, a sheet for each kind of entry.

use chengjing_domain::plan::{NamedUnit, PlanDate, Reading, UnitRole};
use rust_xlsxwriter::{Workbook, Worksheet};

use crate::{
    PressError,
    task_table::{recurrence_words, target_words},
    xlsx::{body, heading},
};

/// One workbook for one document.
pub fn reading_to_xlsx(reading: &Reading) -> Result<Vec<u8>, PressError> {
    let mut workbook = Workbook::new();
    let duties = workbook.add_worksheet();
    duties.set_name("责任任务")?;
    const DUTIES: &[(&str, f64)] = &[
        ("方案", 24.0),
        ("上级编号", 14.0),
        ("编号", 8.0),
        ("工作任务", 32.0),
        ("具体内容", 60.0),
        ("牵头领导", 14.0),
        ("牵头单位", 20.0),
        ("责任单位", 28.0),
        ("配合单位", 28.0),
        ("开始", 12.0),
        ("完成时限", 12.0),
        ("频次", 8.0),
        ("目标值", 28.0),
    ];
    let rows = reading.plans.iter().flat_map(|plan| {
        plan.duties.iter().map(|duty| {
            vec![
                plan.title.clone(),
                duty.path.join(" "),
                duty.number.clone().unwrap_or_default(),
                duty.title.clone(),
                duty.text.clone(),
                duty.leads.join("、"),
                units(&duty.units, UnitRole::Lead),
                units(&duty.units, UnitRole::Responsible),
                units(&duty.units, UnitRole::Support),
                date(duty.start),
                date(duty.due),
                duty.recurrence.map(recurrence_words).unwrap_or_default().to_owned(),
                duty.targets.iter().map(target_words).collect::<Vec<_>>().join("\n"),
            ]
        })
    });
    fill(duties, DUTIES, rows)?;

    let phases = workbook.add_worksheet();
    phases.set_name("阶段")?;
    let rows = reading.plans.iter().flat_map(|plan| {
        plan.phases
            .iter()
            .map(|phase| vec![plan.title.clone(), phase.title.clone(), date(phase.start), date(phase.end)])
    });
    fill(phases, &[("方案", 24.0), ("阶段", 40.0), ("开始", 12.0), ("结束", 12.0)], rows)?;

    let checklists = workbook.add_worksheet();
    checklists.set_name("考察标准")?;
    let rows = reading.plans.iter().flat_map(|plan| {
        plan.checklists.iter().flat_map(|checklist| {
            checklist.items.iter().flat_map(|item| {
                let grading = item.grading.clone().unwrap_or_default();
                let own = vec![
                    checklist.site_type.clone(),
                    item.number.clone().unwrap_or_default(),
                    item.text.clone(),
                    grading.met.unwrap_or_default(),
                    grading.partly.unwrap_or_default(),
                    grading.not_met.unwrap_or_default(),
                ];
                let children = item.children.iter().map(|child| {
                    let parent = item.number.clone().unwrap_or_default();
                    let number = format!("{parent}.{}", child.number.clone().unwrap_or_default());
                    let none = String::new;
                    vec![checklist.site_type.clone(), number, child.text.clone(), none(), none(), none()]
                });
                std::iter::once(own).chain(children).collect::<Vec<_>>()
            })
        })
    });
    const CRITERIA: &[(&str, f64)] = &[
        ("点位类型", 22.0),
        ("编号", 8.0),
        ("考察内容", 60.0),
        ("符合", 24.0),
        ("基本符合", 24.0),
        ("不符合", 24.0),
    ];
    fill(checklists, CRITERIA, rows)?;
    Ok(workbook.save_to_buffer()?)
}

pub(crate) fn fill(
    sheet: &mut Worksheet,
    columns: &[(&str, f64)],
    rows: impl Iterator<Item = Vec<String>>,
) -> Result<(), PressError> {
    for ((title, width), place) in columns.iter().zip(0_u16..) {
        sheet.set_column_width(place, *width)?;
        sheet.write_with_format(0, place, *title, &heading())?;
    }
    let format = body();
    for (row, line) in rows.zip(1_u32..) {
        for (text, place) in row.into_iter().zip(0_u16..) {
            sheet.write_string_with_format(line, place, text, &format)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

fn units(units: &[NamedUnit], role: UnitRole) -> String {
    let names: Vec<&str> =
        units.iter().filter(|unit| unit.role == role).map(|unit| unit.name.as_str()).collect();
    names.join("、")
}

fn date(date: Option<PlanDate>) -> String {
    date.map(|date| date.to_string()).unwrap_or_default()
}
