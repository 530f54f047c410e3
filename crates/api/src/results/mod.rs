//! Results 测评结果: what official and mock assessments found, and how the campaign's own score of that day compares with it.

pub(crate) mod export_sheet;
pub(crate) mod import_sheet;
pub(crate) mod list;
pub(crate) mod look_up;
pub(crate) mod record;
pub(crate) mod supersede;

use chengjing_domain::{
    id::{EditionId, SiteId},
    result::{LeafMarks, ResultKind, SiteVerdict},
};
use chengjing_service::result::{NewResult, ResultView};
use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::http::words::{DecimalText, Named, mirror};

mirror! {
    /// Who assessed, and what for: 正式测评, 模拟测评.
    #[serde(rename_all = "snake_case")]
    ResultKindWord = ResultKind { Official, Mock }
}

/// The marks of an indicator.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LeafMarksBody {
    #[schema(example = "Ⅲ-12")]
    leaf: String,
    /// From 0 to the marks of the indicator.
    marks: DecimalText,
}

/// What was found at a site by a criterion; of verdict, number and absent there is one.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SiteVerdictBody {
    #[schema(value_type = Uuid)]
    site: SiteId,
    #[schema(example = "market/licence")]
    criterion: String,
    #[serde(default)]
    verdict: Option<String>,
    /// What was counted.
    #[serde(default)]
    number: Option<DecimalText>,
    /// Along how many metres it was counted.
    #[serde(default)]
    metres: Option<DecimalText>,
    /// The thing is not there.
    #[serde(default)]
    absent: bool,
}

/// What is to be recorded of an assessment.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewResultBody {
    /// By which edition it was assessed: a published one of a standard that the campaign is assessed by.
    #[schema(value_type = Uuid)]
    edition_id: EditionId,
    /// The last day of the assessment.
    on: NaiveDate,
    kind: ResultKindWord,
    /// 暗访: nobody knew that it was under way.
    #[serde(default)]
    covert: bool,
    #[schema(example = "省测评组", max_length = 100)]
    team: String,
    /// The marks of the whole, as they were told.
    total: DecimalText,
    /// The marks of those indicators of which they were told.
    #[serde(default)]
    #[schema(max_items = 2000)]
    leaves: Vec<LeafMarksBody>,
    #[serde(default)]
    #[schema(max_items = 5000)]
    verdicts: Vec<SiteVerdictBody>,
    /// The document that tells it.
    #[schema(example = "省文明办通报〔2026〕3号", max_length = 500)]
    source: String,
}

impl From<NewResultBody> for NewResult {
    fn from(body: NewResultBody) -> Self {
        let plain = |number: Option<DecimalText>| number.map(|number| number.0);
        Self {
            edition: body.edition_id,
            on: body.on,
            kind: body.kind.into(),
            covert: body.covert,
            team: body.team,
            total: body.total.0,
            leaves: body
                .leaves
                .into_iter()
                .map(|one| LeafMarks { leaf: one.leaf, marks: one.marks.0 })
                .collect(),
            verdicts: body
                .verdicts
                .into_iter()
                .map(|one| SiteVerdict {
                    site: one.site,
                    criterion: one.criterion,
                    verdict: one.verdict,
                    number: plain(one.number),
                    metres: plain(one.metres),
                    absent: one.absent,
                })
                .collect(),
            source: body.source,
        }
    }
}

impl From<SiteVerdict> for SiteVerdictBody {
    fn from(one: SiteVerdict) -> Self {
        let text = |number: Option<Decimal>| number.map(DecimalText);
        Self {
            site: one.site,
            criterion: one.criterion,
            verdict: one.verdict,
            number: text(one.number),
            metres: text(one.metres),
            absent: one.absent,
        }
    }
}

/// What an assessment found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ResultBody {
    id: Uuid,
    standard_id: Uuid,
    edition_id: Uuid,
    /// What the standard is called, and which edition it was.
    title: String,
    #[schema(example = "2026")]
    edition: String,
    on: NaiveDate,
    kind: ResultKindWord,
    covert: bool,
    team: String,
    total: DecimalText,
    /// The marks of the whole.
    marks: DecimalText,
    /// To how many places marks are published.
    places_shown: u32,
    /// Of how many indicators marks were told.
    leaves_told: usize,
    /// How many verdicts at single places were told.
    judged: u32,
    source: String,
    /// The result that stands in its place.
    superseded_by: Option<Uuid>,
    by: Option<Named>,
    recorded_at: DateTime<Utc>,
    version: i64,
}

impl From<ResultView> for ResultBody {
    fn from(view: ResultView) -> Self {
        let ResultView { result, title, edition, marks, places, by } = view;
        Self {
            version: result.version(),
            id: result.id.0,
            standard_id: result.standard.0,
            edition_id: result.edition.0,
            title,
            edition,
            on: result.on,
            kind: result.kind.into(),
            covert: result.covert,
            team: result.team,
            places_shown: places,
            total: DecimalText(result.total),
            marks: DecimalText(marks),
            leaves_told: result.leaves.len(),
            judged: result.judged,
            source: result.source,
            superseded_by: result.superseded_by.map(|by| by.0),
            by: by.map(|one| Named { id: one.id.0, name: one.name }),
            recorded_at: result.recorded_at,
        }
    }
}

/// By which edition an assessment was.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct OfEdition {
    #[param(value_type = Uuid)]
    edition: EditionId,
}
