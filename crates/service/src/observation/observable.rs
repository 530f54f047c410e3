//! What can be observed: all that the standards of a campaign ask for.

use std::collections::BTreeSet;

use chengjing_domain::{
    id::{CampaignId, StandardId},
    observation::Step,
    people::policy::{Action, Resource},
    score::FactKind,
    standard::{Grading, Input, ItemKind, Method, Scale, Whole, grading::Counted},
};

use crate::{
    App, Caller, Refusal,
    score::leaf::things,
    standard::assess::{Assessing, assessing},
};

/// Something that can be observed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observable {
    pub about: String,
    pub title: String,
    /// The standard whose leaf, entry or honour it is.
    pub standard: Option<StandardId>,
    /// How a leaf is judged.
    pub method: Option<Method>,
    /// In what a statistic is measured, and where it comes from.
    pub measured_in: Option<String>,
    pub source: Option<String>,
    /// Of how long a period a figure of it is; None: of any.
    pub every: Option<Step>,
    /// Of a criterion.
    pub site_type: Option<String>,
    /// The verdicts, or the options of a question; none where a number is told.
    pub words: Vec<String>,
    /// It is counted along a way.
    pub along: bool,
}

impl Observable {
    fn of(about: &str, title: &str) -> Self {
        Self {
            about: about.to_owned(),
            title: title.to_owned(),
            standard: None,
            method: None,
            measured_in: None,
            source: None,
            every: None,
            site_type: None,
            words: Vec::new(),
            along: false,
        }
    }

    fn judged_by(self, scale: &Scale) -> Self {
        Self {
            words: scale.words().into_iter().map(str::to_owned).collect(),
            along: matches!(scale, Scale::Count { along: Some(_), .. }),
            ..self
        }
    }
}

/// What can be observed of a kind, in the order of the standards; what several share, once.
pub async fn observable(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    kind: FactKind,
) -> Result<Vec<Observable>, Refusal> {
    caller.may(Action::RecordObservations, Resource::Campaign(campaign))?;
    let here = app.clone();
    app.store
        .read(|q| async move {
            let (mut all, mut seen) = (Vec::new(), BTreeSet::new());
            for one in assessing(&here, &q, campaign).await? {
                for found in of_standard(&one, kind) {
                    if seen.insert((found.about.clone(), found.standard, found.method.map(Method::code))) {
                        all.push(found);
                    }
                }
            }
            Ok(all)
        })
        .await
}

fn of_standard(one: &Assessing, kind: FactKind) -> Vec<Observable> {
    let whole = &one.opened.whole;
    let standard = &whole.standard;
    let own = |found: Observable| Observable { standard: Some(one.standard), ..found };
    match kind {
        FactKind::Visit | FactKind::Review | FactKind::Answers => items(whole, kind),
        FactKind::Figure => {
            let asked: BTreeSet<String> = asked(whole, kind);
            let statistics = whole.catalogue.statistics.iter().filter(|one| asked.contains(&one.id));
            let found = |one: &chengjing_domain::standard::Statistic| Observable {
                measured_in: one.unit.clone(),
                source: one.source.clone(),
                every: one.every,
                ..Observable::of(&one.id, &one.title)
            };
            statistics.map(found).collect()
        }
        FactKind::Judgement => judgements(whole).into_iter().map(own).collect(),
        FactKind::NoSites => {
            let types = whole.catalogue.site_types.iter();
            let asked = types.filter(|one| !whole.criteria(&one.id).is_empty());
            asked.map(|one| Observable::of(&one.id, &one.title)).collect()
        }
        FactKind::Event => {
            standard.negative_list.iter().map(|one| own(Observable::of(&one.code, &one.title))).collect()
        }
        FactKind::Honour => {
            let honours = standard.bonus.iter().flat_map(|bonus| &bonus.honours);
            honours.map(|one| own(Observable::of(&one.code, &one.title))).collect()
        }
    }
}

/// What the leaves of a standard take of a kind.
fn asked(whole: &Whole, kind: FactKind) -> BTreeSet<String> {
    let all = (0..whole.leaves.len()).flat_map(|leaf| things(whole, leaf));
    all.filter(|(own, _)| *own == kind).map(|(_, about)| about).collect()
}

fn items(whole: &Whole, kind: FactKind) -> Vec<Observable> {
    let asked = asked(whole, kind);
    let found = |item: &chengjing_domain::standard::Item| {
        let plain = Observable::of(&item.id, &item.text);
        match &item.kind {
            ItemKind::Requirement { scale } => plain.judged_by(scale),
            ItemKind::Criterion { site_type, scale, .. } => {
                Observable { site_type: Some(site_type.clone()), ..plain.judged_by(scale) }
            }
            ItemKind::Question { counts, .. } => {
                Observable { words: counts.keys().cloned().collect(), ..plain }
            }
        }
    };
    whole.items.iter().filter(|item| asked.contains(&item.id)).map(found).collect()
}

fn judgements(whole: &Whole) -> Vec<Observable> {
    let mut all = Vec::new();
    for leaf in &whole.leaves {
        let place = &whole.places[leaf.place];
        for taken in leaf.measures.iter().filter(|taken| taken.input == Input::Judgement) {
            let grading = &taken.measure.grading;
            let along =
                matches!(grading, Grading::CountToGrade { along: Some(_), counted: Counted::Number, .. });
            let plain = Observable {
                method: Some(taken.measure.method),
                along,
                ..Observable::of(&place.code, &place.title)
            };
            all.push(match grading.scale() {
                Some(scale) => plain.judged_by(&scale),
                None => plain,
            });
        }
    }
    all
}
