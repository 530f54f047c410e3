//! Letters of duty, weekly bulletins, and the templates that they are made by.

pub(crate) mod add_template;
pub(crate) mod download_built_in_template;
pub(crate) mod download_template;
pub(crate) mod list_bulletins;
pub(crate) mod list_documents;
pub(crate) mod list_template_fields;
pub(crate) mod list_templates;
pub(crate) mod look_up_bulletin;
pub(crate) mod make_bulletin;
pub(crate) mod make_bulletin_anew;
pub(crate) mod preview_built_in_template;
pub(crate) mod preview_template;
pub(crate) mod print_bulletin;
pub(crate) mod print_letters;
pub(crate) mod use_built_in_template;
pub(crate) mod use_template;

use chengjing_domain::publication::{
    Form, Paper,
    bulletin::{Bulletin, UnitLine},
    template::Template,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::words::mirror;

mirror! {
    /// What is made: 目标责任书, 工作进度周报.
    #[serde(rename_all = "snake_case")]
    PaperWord = Paper { Letter, Bulletin }
    /// In which form.
    #[serde(rename_all = "snake_case")]
    FormWord = Form { Docx, Pdf }
}

/// In which form it is wanted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WantedForm {
    form: FormWord,
}

/// A weekly bulletin as it was frozen, without its lines.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BulletinBody {
    id: Uuid,
    /// 第N期.
    number: i32,
    /// The week's Monday.
    week_on: NaiveDate,
    /// The day of its figures.
    as_of: NaiveDate,
    made_at: DateTime<Utc>,
    version: i64,
    total: FiguresBody,
    /// The units, the best first.
    units: Vec<UnitFiguresBody>,
}

/// How tasks stand, and what was done in the week.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FiguresBody {
    total: u64,
    confirmed: u64,
    percent: u64,
    waiting: u64,
    late: u64,
    missed: u64,
    due_next: u64,
    reported_in_week: u64,
    confirmed_in_week: u64,
    sent_back_in_week: u64,
    extended_in_week: u64,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnitFiguresBody {
    rank: u32,
    unit: String,
    figures: FiguresBody,
}

impl From<&UnitLine> for FiguresBody {
    fn from(line: &UnitLine) -> Self {
        Self {
            total: line.total,
            confirmed: line.confirmed,
            percent: line.percent(),
            waiting: line.waiting,
            late: line.late,
            missed: line.missed,
            due_next: line.due_next,
            reported_in_week: line.week.reported,
            confirmed_in_week: line.week.confirmed,
            sent_back_in_week: line.week.sent_back,
            extended_in_week: line.week.extended,
        }
    }
}

impl From<Bulletin> for BulletinBody {
    fn from(bulletin: Bulletin) -> Self {
        let unit = |line: &UnitLine| UnitFiguresBody {
            rank: line.rank,
            unit: line.unit.clone(),
            figures: line.into(),
        };
        Self {
            id: bulletin.id.0,
            number: bulletin.number,
            week_on: bulletin.week.monday(),
            as_of: bulletin.as_of,
            made_at: bulletin.made_at,
            version: bulletin.version,
            total: (&bulletin.content.total()).into(),
            units: bulletin.content.units.iter().map(unit).collect(),
        }
    }
}

/// A version of a template that an office brought.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TemplateBody {
    id: Uuid,
    paper: PaperWord,
    form: FormWord,
    /// From 1 within its paper and form.
    number: i32,
    /// The name of its file.
    name: String,
    /// In bytes.
    size: u64,
    uploaded_by: Uuid,
    created_at: DateTime<Utc>,
    /// Whether it is used. Where none is, the built-in one is.
    in_use: bool,
    version: i64,
}

impl From<Template> for TemplateBody {
    fn from(template: Template) -> Self {
        Self {
            id: template.id.0,
            paper: template.paper.into(),
            form: template.form.into(),
            number: template.number,
            name: template.name,
            size: template.size,
            uploaded_by: template.uploaded_by.0,
            created_at: template.created_at,
            in_use: template.in_use,
            version: template.version,
        }
    }
}

/// A template is a text or a packed document to be saved, whatever is in it.
const ANY_FILE: &str = "application/octet-stream";
