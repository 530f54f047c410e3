use std::collections::{BTreeMap, HashMap, HashSet};

use rust_decimal::Decimal;

use super::{
    Absent, Catalogue, CatalogueFile, Criterion, Fault, Grading, Measure, Node, Question, Scale, Standard,
    Statistic, check, formula::Formula, gaps::Gaps,
};

/// A standard that was checked, with all that it uses, as it is scored: everything has a number.
#[derive(Debug, Clone, PartialEq)]
pub struct Whole {
    pub standard: Standard,
    /// Its own catalogue and those that it uses.
    pub catalogue: Catalogue,
    /// The places of the tree, each before its children.
    pub places: Vec<Place>,
    pub leaves: Vec<Leaf>,
    /// Requirements, criteria and questions.
    pub items: Vec<Item>,
    item_of: HashMap<String, usize>,
    criteria_of: HashMap<String, Vec<usize>>,
    leaf_of: HashMap<String, usize>,
}

/// A place of the tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    pub code: String,
    pub title: String,
    /// 0 at the top.
    pub depth: usize,
    pub parent: Option<usize>,
    pub marks: Decimal,
    /// What its children reach is cut at its marks.
    pub capped: bool,
    /// Its number among the leaves, where it is one.
    pub leaf: Option<usize>,
}

/// A place that is measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Leaf {
    pub place: usize,
    pub marks: Decimal,
    pub combine: super::Combine,
    pub measures: Vec<Taken>,
}

/// A measure with what it takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken {
    pub measure: Measure,
    pub input: Input,
}

/// What a measure takes. Numbers are those of [`Whole::items`].
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// One verdict, or one number, on the leaf itself.
    Judgement,
    /// A verdict for each material.
    Requirements(Vec<usize>),
    /// A verdict for each criterion at each site of its type.
    Criteria(Vec<usize>),
    Questions(Vec<usize>),
    Statistic(String),
    Formula(Formula),
}

/// Something that is judged or asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// `market/licence`; the id of a requirement or question.
    pub id: String,
    pub text: String,
    pub kind: ItemKind,
}

#[derive(Debug, Clone, PartialEq)]
pub enum ItemKind {
    Requirement { scale: Scale },
    Criterion { site_type: String, scale: Scale, absent: Absent },
    Question { counts: BTreeMap<String, Decimal>, enough: u32 },
}

impl Whole {
    /// A statistic by its id.
    pub fn statistic(&self, id: &str) -> Option<&Statistic> {
        self.catalogue.statistics.iter().find(|one| one.id == id)
    }

    /// Puts a standard and the catalogues that it uses together.
    ///
    /// # Errors
    /// All that is wrong with it, each fault with its place in the standard's file.
    pub fn of(standard: Standard, files: &[CatalogueFile]) -> Result<Self, Vec<Fault>> {
        let (whole, faults) = Self::unfinished(standard, files);
        if faults.is_empty() { Ok(whole) } else { Err(faults) }
    }

    /// The same of a draft that may not be finished: what there is of it, to be looked at and not to be scored, and all
    /// that is wrong with it. What it names and is not there is left out.
    pub fn unfinished(standard: Standard, files: &[CatalogueFile]) -> (Self, Vec<Fault>) {
        let catalogue = joined(&standard, files);
        let faults = check::check(&standard, &Gaps::default(), &catalogue, files, &[]);
        let mut whole = Self {
            items: items(&catalogue),
            catalogue,
            places: Vec::new(),
            leaves: Vec::new(),
            item_of: HashMap::new(),
            criteria_of: HashMap::new(),
            leaf_of: HashMap::new(),
            standard,
        };
        for (number, item) in whole.items.iter().enumerate() {
            whole.item_of.insert(item.id.clone(), number);
            if let ItemKind::Criterion { site_type, .. } = &item.kind {
                whole.criteria_of.entry(site_type.clone()).or_default().push(number);
            }
        }
        for node in whole.standard.tree.clone() {
            whole.add(&node, None, 0);
        }
        (whole, faults)
    }

    /// What is looked at or asked for and counts nowhere: criteria of places of which the standard takes others, and what its own
    /// catalogue holds. That no leaf takes something else of a catalogue that others use too says nothing.
    pub fn idle(&self) -> Vec<&Item> {
        let measures = self.leaves.iter().flat_map(|leaf| &leaf.measures);
        let taken: HashSet<usize> = measures
            .flat_map(|taken| match &taken.input {
                Input::Requirements(items) | Input::Criteria(items) | Input::Questions(items) => {
                    items.as_slice()
                }
                Input::Judgement | Input::Statistic(_) | Input::Formula(_) => &[],
            })
            .copied()
            .collect();
        let own = &self.standard.catalogue;
        let visited = |site_type: &str| {
            own.site_types.iter().any(|own| own.id == site_type)
                || self
                    .criteria_of
                    .get(site_type)
                    .is_some_and(|all| all.iter().any(|one| taken.contains(one)))
        };
        let expected = |item: &Item| match &item.kind {
            ItemKind::Criterion { site_type, .. } => visited(site_type),
            ItemKind::Requirement { .. } => own.requirements.iter().any(|own| own.id == item.id),
            ItemKind::Question { .. } => own.questions.iter().any(|own| own.id == item.id),
        };
        let idle = |(number, item): &(usize, &Item)| !taken.contains(number) && expected(item);
        self.items.iter().enumerate().filter(idle).map(|(_, item)| item).collect()
    }

    /// All that is wrong with a standard, and with what it takes of catalogues, of which not everything could be read;
    /// nothing that only follows from that.
    pub fn faults(
        standard: &Standard,
        gaps: &Gaps,
        files: &[CatalogueFile],
        of_files: &[Gaps],
    ) -> Vec<Fault> {
        check::check(standard, gaps, &joined(standard, files), files, of_files)
    }

    /// The number of a criterion (`market/licence`), requirement or question.
    pub fn item(&self, id: &str) -> Option<usize> {
        self.item_of.get(id).copied()
    }

    /// The criteria of a site type.
    pub fn criteria(&self, site_type: &str) -> &[usize] {
        self.criteria_of.get(site_type).map_or(&[], Vec::as_slice)
    }

    /// The number of the leaf with this code.
    pub fn leaf(&self, code: &str) -> Option<usize> {
        self.leaf_of.get(code).copied()
    }

    fn add(&mut self, node: &Node, parent: Option<usize>, depth: usize) {
        let number = self.places.len();
        let leaf = node.children.is_empty().then_some(self.leaves.len());
        self.places.push(Place {
            code: node.code.clone(),
            title: node.title.clone(),
            depth,
            parent,
            marks: node.marks,
            capped: node.capped.is_some(),
            leaf,
        });
        if let Some(leaf) = leaf {
            let measures = node.measures.iter().map(|measure| self.taken(measure)).collect();
            self.leaves.push(Leaf { place: number, marks: node.marks, combine: node.combine, measures });
            self.leaf_of.insert(node.code.clone(), leaf);
        }
        for child in &node.children {
            self.add(child, Some(number), depth + 1);
        }
    }

    fn taken(&self, measure: &Measure) -> Taken {
        let numbers = |ids: &[String]| ids.iter().filter_map(|id| self.item(id)).collect();
        let input = if let Grading::Formula { expression, .. } = &measure.grading
            && let Ok(formula) = Formula::parse(expression)
        {
            Input::Formula(formula)
        } else if let Some(statistic) = &measure.statistic {
            Input::Statistic(statistic.clone())
        } else if !measure.requirements.is_empty() {
            Input::Requirements(numbers(&measure.requirements))
        } else if !measure.criteria.is_empty() {
            let mut all: Vec<usize> = Vec::new();
            for id in &measure.criteria {
                match id.strip_suffix("/*") {
                    Some(site_type) => all.extend(self.criteria(site_type)),
                    None => all.extend(self.item(id)),
                }
            }
            Input::Criteria(all)
        } else if !measure.questions.is_empty() {
            Input::Questions(numbers(&measure.questions))
        } else {
            Input::Judgement
        };
        Taken { measure: measure.clone(), input }
    }
}

/// Of these catalogues those that the standard uses, the first of each. Of another edition, what it holds still tells what
/// else is wrong.
pub fn used<'a>(standard: &Standard, files: &'a [CatalogueFile]) -> Vec<&'a CatalogueFile> {
    let find = |uses: &super::Uses| {
        let of_id = || files.iter().filter(|file| file.id == uses.catalogue);
        of_id().find(|file| file.edition == uses.edition).or_else(|| of_id().next())
    };
    standard.uses.iter().filter_map(find).collect()
}

/// A standard's own catalogue, and behind it those that it uses.
fn joined(standard: &Standard, files: &[CatalogueFile]) -> Catalogue {
    let mut catalogue = standard.catalogue.clone();
    for file in used(standard, files) {
        let Catalogue { site_types, requirements, questions, statistics } = file.catalogue.clone();
        catalogue.site_types.extend(site_types);
        catalogue.requirements.extend(requirements);
        catalogue.questions.extend(questions);
        catalogue.statistics.extend(statistics);
    }
    catalogue
}

fn items(catalogue: &Catalogue) -> Vec<Item> {
    let requirements = catalogue.requirements.iter().map(|requirement| Item {
        id: requirement.id.clone(),
        text: requirement.title.clone(),
        kind: ItemKind::Requirement { scale: requirement.scale.clone() },
    });
    let criterion = |site_type: &str, criterion: &Criterion| Item {
        id: format!("{site_type}/{}", criterion.id),
        text: criterion.text.clone(),
        kind: ItemKind::Criterion {
            site_type: site_type.to_owned(),
            scale: criterion.scale.clone(),
            absent: criterion.absent,
        },
    };
    let criteria = catalogue
        .site_types
        .iter()
        .flat_map(|site_type| site_type.criteria.iter().map(move |one| criterion(&site_type.id, one)));
    let question = |question: &Question| Item {
        id: question.id.clone(),
        text: question.text.clone(),
        kind: ItemKind::Question {
            counts: question.options.iter().map(|asked| (asked.option.clone(), asked.counts)).collect(),
            enough: question.enough.unwrap_or(1),
        },
    };
    requirements.chain(criteria).chain(catalogue.questions.iter().map(question)).collect()
}
