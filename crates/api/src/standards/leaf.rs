//! A leaf of an edition: all that it asks for, with how it is graded in words.

use axum::extract::State as Extract;
use chengjing_domain::{
    id::{EditionId, StandardId},
    standard::{
        self as domain, Absent, Average, Combine, FilingKind, Grading, Input, Proof, Scale, Whole, Window,
        edition::node, plain,
    },
};
use chengjing_service::standard::leaf;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::MethodWord;
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        problem::{Problem, Refused},
        version::Tagged,
        words::{DecimalText, Said, mirror},
    },
    statistics::StepWord,
};

mirror! {
    /// How several measures make one result.
    #[serde(rename_all = "snake_case")]
    CombineWord = Combine { All, Any, Mean, Weighted }
    /// Over what a mean is taken: each criterion at each site, or each criterion.
    #[serde(rename_all = "snake_case")]
    AverageWord = Average { Cells, Items }
    /// What an inspector has to bring.
    #[serde(rename_all = "snake_case")]
    ProofWord = Proof { Photo, Count, None }
    /// What it means where the thing is not there.
    #[serde(rename_all = "snake_case")]
    AbsentWord = Absent { NotApplicable, Met }
    /// What is filed: 规范文件, 说明报告, 统计表格, 实景图片, 视频资料, 媒体报道.
    #[serde(rename_all = "snake_case")]
    FilingKindWord = FilingKind { IssuedDocument, Report, Table, Photo, Video, MediaCoverage }
}

/// Which leaf.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedLeaf {
    #[param(example = "Ⅲ-12")]
    pub(super) code: String,
}

/// A leaf with all that it asks for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LeafBody {
    code: String,
    title: String,
    /// What is asked, in full.
    text: Option<String>,
    marks: DecimalText,
    /// The places that it stands under, from the top.
    above: Vec<Above>,
    combine: CombineWord,
    measures: Vec<MeasureBody>,
    /// As files write it (`docs/schema/standard.json`), to be edited.
    #[schema(value_type = Object)]
    content: Value,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Above {
    code: String,
    title: String,
}

/// How a leaf is measured.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MeasureBody {
    method: MethodWord,
    /// As files name it: `ratio`, `thresholds`.
    form: String,
    grading: Said,
    weight: Option<DecimalText>,
    average: AverageWord,
    /// How old an observation may be, in months; null: as the standard says.
    months: Option<u32>,
    this_round: bool,
    /// Only answers of these population groups; empty: of all.
    groups: Vec<String>,
    site_types: Vec<SiteTypeBody>,
    requirements: Vec<RequirementBody>,
    questions: Vec<QuestionBody>,
    statistics: Vec<StatisticBody>,
}

/// What is looked at, at a kind of place.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SiteTypeBody {
    id: String,
    title: String,
    criteria: Vec<CriterionBody>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CriterionBody {
    id: String,
    text: String,
    /// What does not count against it.
    exceptions: Vec<String>,
    scale: Said,
    /// When it is to be looked at.
    when: Option<String>,
    proof: ProofWord,
    absent: AbsentWord,
}

/// A material that is asked for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RequirementBody {
    id: String,
    title: String,
    text: Option<String>,
    scale: Said,
    filings: Vec<FilingBody>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FilingBody {
    kind: FilingKindWord,
    at_least: Option<u32>,
    at_most: Option<u32>,
    each_activity_at_most: Option<u32>,
    most_characters: Option<u32>,
    months: Option<u32>,
    /// What its caption says.
    caption: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QuestionBody {
    id: String,
    text: String,
    options: Vec<OptionBody>,
    /// How many answers make it known.
    enough: Option<u32>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OptionBody {
    option: String,
    counts: DecimalText,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StatisticBody {
    id: String,
    title: String,
    unit: Option<String>,
    source: Option<String>,
    /// Of how long a period one figure is; null: of any.
    every: Option<StepWord>,
}

fn said(plain: plain::Plain) -> Said {
    Said { zh: plain.zh, en: plain.en }
}

fn scale(of: &Scale) -> Said {
    said(plain::scale(of))
}

impl LeafBody {
    fn new(whole: &Whole, number: usize) -> Option<Self> {
        let leaf = whole.leaves.get(number)?;
        let place = whole.places.get(leaf.place)?;
        let content = node(&whole.standard.tree, &place.code)?;
        let mut above = Vec::new();
        let mut here = place.parent;
        while let Some(place) = here.and_then(|parent| whole.places.get(parent)) {
            above.push(Above { code: place.code.clone(), title: place.title.clone() });
            here = place.parent;
        }
        above.reverse();
        Some(Self {
            code: place.code.clone(),
            title: place.title.clone(),
            text: content.text.clone(),
            marks: DecimalText(place.marks),
            above,
            combine: leaf.combine.into(),
            measures: leaf.measures.iter().map(|taken| MeasureBody::new(whole, taken)).collect(),
            content: serde_json::to_value(content).ok()?,
        })
    }
}

impl MeasureBody {
    fn new(whole: &Whole, taken: &domain::Taken) -> Self {
        let (measure, catalogue) = (&taken.measure, &whole.catalogue);
        let called = |id: &str| whole.statistic(id).map_or_else(|| id.to_owned(), |one| one.title.clone());
        let mut names: Vec<&str> = measure.statistic.as_deref().into_iter().collect();
        if let Grading::Comparison { with, .. } = &measure.grading {
            names.push(with);
        }
        let (mut criteria, mut requirements, mut questions) = (Vec::new(), Vec::new(), Vec::new());
        let ids = |items: &[usize]| items.iter().map(|item| whole.items[*item].id.clone()).collect();
        match &taken.input {
            Input::Criteria(items) => criteria = ids(items),
            Input::Requirements(items) => requirements = ids(items),
            Input::Questions(items) => questions = ids(items),
            Input::Formula(formula) => names.extend(formula.names()),
            Input::Judgement | Input::Statistic(_) => {}
        }
        let checklist = |site_type: &domain::SiteType| {
            let taken = |one: &&domain::Criterion| criteria.contains(&format!("{}/{}", site_type.id, one.id));
            let criteria: Vec<CriterionBody> =
                site_type.criteria.iter().filter(taken).map(CriterionBody::new).collect();
            let (id, title) = (site_type.id.clone(), site_type.title.clone());
            (!criteria.is_empty()).then_some(SiteTypeBody { id, title, criteria })
        };
        let window = measure.window.unwrap_or(Window { months: None, this_round: false });
        let asked = catalogue.requirements.iter().filter(|one| requirements.contains(&one.id));
        let put = catalogue.questions.iter().filter(|one| questions.contains(&one.id));
        let counted = catalogue.statistics.iter().filter(|one| names.contains(&one.id.as_str()));
        Self {
            method: measure.method.into(),
            form: measure.grading.form().to_owned(),
            grading: said(plain::grading(&measure.grading, called)),
            weight: measure.weight.map(DecimalText),
            average: measure.average.into(),
            months: window.months,
            this_round: window.this_round,
            groups: measure.groups.clone(),
            site_types: catalogue.site_types.iter().filter_map(checklist).collect(),
            requirements: asked.map(RequirementBody::new).collect(),
            questions: put.map(QuestionBody::new).collect(),
            statistics: counted.map(StatisticBody::new).collect(),
        }
    }
}

impl StatisticBody {
    fn new(statistic: &domain::Statistic) -> Self {
        let domain::Statistic { id, title, unit, source, every } = statistic.clone();
        Self { id, title, unit, source, every: every.map(Into::into) }
    }
}

impl CriterionBody {
    fn new(criterion: &domain::Criterion) -> Self {
        Self {
            id: criterion.id.clone(),
            text: criterion.text.clone(),
            exceptions: criterion.exceptions.iter().map(|exception| exception.0.clone()).collect(),
            scale: scale(&criterion.scale),
            when: criterion.when.clone(),
            proof: criterion.proof.into(),
            absent: criterion.absent.into(),
        }
    }
}

impl RequirementBody {
    fn new(requirement: &domain::Requirement) -> Self {
        let filing = |filing: &domain::Filing| FilingBody {
            kind: filing.kind.into(),
            at_least: filing.quota.at_least,
            at_most: filing.quota.at_most,
            each_activity_at_most: filing.quota.each_activity_at_most,
            most_characters: filing.most_characters,
            months: filing.months,
            caption: filing.caption.clone(),
        };
        Self {
            id: requirement.id.clone(),
            title: requirement.title.clone(),
            text: requirement.text.clone(),
            scale: scale(&requirement.scale),
            filings: requirement.filings.iter().map(filing).collect(),
        }
    }
}

impl QuestionBody {
    fn new(question: &domain::Question) -> Self {
        let option = |asked: &domain::Asked| OptionBody {
            option: asked.option.clone(),
            counts: DecimalText(asked.counts),
        };
        Self {
            id: question.id.clone(),
            text: question.text.clone(),
            options: question.options.iter().map(option).collect(),
            enough: question.enough,
        }
    }
}

/// A leaf of an edition: what is asked, how it is measured and graded, with the checklists, materials and questions.
#[utoipa::path(
    get,
    path = "/api/v1/standards/{standard}/editions/{edition}/leaf",
    operation_id = "look_up_leaf",
    tag = "standards",
    params(("standard" = uuid::Uuid, Path), ("edition" = uuid::Uuid, Path), WantedLeaf),
    responses((status = 200, description = "The leaf. Its ETag is the edition's.", body = LeafBody, headers(("ETag" = String, description = "The version, as `If-Match` takes it: `\"v1\"`."))), Refused),
    extensions(("x-permission" = json!("standard.see"))),
)]
pub(crate) async fn look_up_leaf(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((standard, id)): Ids<(StandardId, EditionId)>,
    Asked(wanted): Asked<WantedLeaf>,
) -> Result<Tagged<LeafBody>, Problem> {
    let (opened, leaf, version) = leaf::look_up_leaf(&state.app, &caller, standard, id, &wanted.code).await?;
    let body = LeafBody::new(&opened.whole, leaf);
    Ok(Tagged::ok(version, body.ok_or(chengjing_service::Refusal::NotFound)?))
}
