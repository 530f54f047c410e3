//! All that can be wrong with a standard, each fault with its place in the file.

mod measure;

use std::collections::{HashMap, HashSet};

use rust_decimal::Decimal;

use self::measure::named;
use super::{
    Catalogue, CatalogueFile, Combine, Gate, Method, Node, Of, Rounding, Sampling, Sanction, Scale, Standard,
    grading::{Grade, Step},
};

/// What is wrong with a number that can't be worked with: sums and products of others never leave what a decimal holds.
pub(crate) fn unworkable(number: Decimal) -> Option<(String, String)> {
    let fits = number.abs() <= Decimal::from(1_000_000_000_000_i64) && number.normalize().scale() <= 8;
    (!fits).then(|| {
        (
            format!("{number} 过大或小数位过多：绝对值至多 1000000000000，最多 8 位小数"),
            format!("{number} is too large or too long: at most 1000000000000 with 8 decimal places"),
        )
    })
}

/// What is wrong, where, and what was expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Its place, from the top of the file: `tree[0].children[2].marks`.
    pub path: String,
    pub zh: String,
    pub en: String,
}

struct Check<'a> {
    catalogue: &'a Catalogue,
    ids: HashSet<String>,
    types: HashSet<&'a str>,
    statistics: HashSet<&'a str>,
    codes: HashMap<&'a str, String>,
    /// All catalogues that it uses are there.
    complete: bool,
    faults: Vec<Fault>,
}

pub(super) fn check(standard: &Standard, catalogue: &Catalogue, files: &[CatalogueFile]) -> Vec<Fault> {
    let criteria = catalogue
        .site_types
        .iter()
        .flat_map(|one| one.criteria.iter().map(move |criterion| format!("{}/{}", one.id, criterion.id)));
    let requirements = catalogue.requirements.iter().map(|one| one.id.clone());
    let questions = catalogue.questions.iter().map(|one| one.id.clone());
    let mut check = Check {
        catalogue,
        ids: criteria.chain(requirements).chain(questions).collect(),
        types: catalogue.site_types.iter().map(|one| one.id.as_str()).collect(),
        statistics: catalogue.statistics.iter().map(|one| one.id.as_str()).collect(),
        codes: HashMap::new(),
        complete: true,
        faults: Vec::new(),
    };
    check.id("id", &standard.id, '-');
    check.uses(standard, files);
    check.catalogue("catalogue", &standard.catalogue);
    check.twice(catalogue);
    check.tree(standard);
    check.rules(standard);
    check.faults
}

/// All that is wrong with a catalogue's own file.
pub fn check_catalogue(file: &CatalogueFile) -> Vec<Fault> {
    let mut check = Check {
        catalogue: &file.catalogue,
        ids: HashSet::new(),
        types: HashSet::new(),
        statistics: HashSet::new(),
        codes: HashMap::new(),
        complete: true,
        faults: Vec::new(),
    };
    check.id("id", &file.id, '-');
    check.catalogue("catalogue", &file.catalogue);
    check.twice(&file.catalogue);
    check.faults
}

/// Standards whose totals would need each other: for each that is part of a circle, its number and the fault.
pub fn check_circles(standards: &[&Standard]) -> Vec<(usize, Fault)> {
    let next = |id: &str| -> Vec<&str> {
        let own = standards.iter().find(|standard| standard.id == id);
        own.into_iter().flat_map(|own| &own.contributions).map(|one| one.standard.as_str()).collect()
    };
    let returns = |from: &str, to: &str| {
        let (mut seen, mut open) = (HashSet::new(), vec![from]);
        while let Some(here) = open.pop() {
            if here == to {
                return true;
            }
            if seen.insert(here) {
                open.extend(next(here));
            }
        }
        false
    };
    let mut faults = Vec::new();
    for (number, standard) in standards.iter().enumerate() {
        for (n, contribution) in standard.contributions.iter().enumerate() {
            let other = contribution.standard.as_str();
            if other != standard.id && returns(other, &standard.id) {
                faults.push((
                    number,
                    Fault {
                        path: format!("contributions[{n}].standard"),
                        zh: format!("“{}”与“{other}”的总分互相计入，形成循环", standard.id),
                        en: format!(
                            "the totals of “{}” and “{other}” count in each other: a circle",
                            standard.id
                        ),
                    },
                ));
            }
        }
    }
    faults
}

impl<'a> Check<'a> {
    fn fault(&mut self, path: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) {
        self.faults.push(Fault { path: path.into(), zh: zh.into(), en: en.into() });
    }

    fn id(&mut self, path: impl Into<String>, id: &str, joint: char) {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == joint;
        if id.is_empty() || !id.chars().all(fits) || !id.starts_with(|c: char| c.is_ascii_lowercase()) {
            self.fault(
                path,
                format!("编号“{id}”不合要求，应以小写字母开头，只含小写字母、数字和 {joint}"),
                format!("the id “{id}” must begin with a small letter and hold only small letters, digits and {joint}"),
            );
        }
    }

    fn share(&mut self, path: impl Into<String>, counts: Decimal) {
        if counts < Decimal::ZERO || counts > Decimal::ONE {
            self.fault(
                path,
                format!("系数 {counts} 应在 0 到 1 之间"),
                format!("the coefficient {counts} must be from 0 to 1"),
            );
        } else if counts.normalize().scale() > 6 {
            self.fault(
                path,
                format!("系数 {counts} 最多 6 位小数"),
                format!("the coefficient {counts} may have 6 decimal places at most"),
            );
        }
    }

    /// A bound, a length, a weight: so large that nothing real is larger, and small enough to be worked with.
    fn size(&mut self, path: impl Into<String>, number: Decimal) {
        if let Some((zh, en)) = unworkable(number) {
            self.fault(path, zh, en);
        }
    }

    fn marks(&mut self, path: impl Into<String>, marks: Decimal) {
        let most = Decimal::from(1_000_000);
        if marks < Decimal::ZERO || marks > most || marks.normalize().scale() > 4 {
            self.fault(
                path,
                format!("分值 {marks} 应在 0 到 1000000 之间，最多 4 位小数"),
                format!("the marks {marks} must be from 0 to 1000000 with 4 decimal places at most"),
            );
        }
    }

    fn unknown(&mut self, path: impl Into<String>, zh: &str, en: &str, id: &str) {
        self.fault(path, format!("找不到{zh}“{id}”"), format!("there is no {en} “{id}”"));
    }

    /// Something of a catalogue that is not there. What a missing catalogue would hold is not told thing by thing.
    fn missing(&mut self, path: impl Into<String>, zh: &str, en: &str, id: &str) {
        if self.complete {
            self.unknown(path, zh, en, id);
        }
    }

    fn uses(&mut self, standard: &Standard, files: &[CatalogueFile]) {
        for (n, uses) in standard.uses.iter().enumerate() {
            let of_id: Vec<&str> = files
                .iter()
                .filter(|file| file.id == uses.catalogue)
                .map(|file| file.edition.as_str())
                .collect();
            if of_id.is_empty() {
                self.unknown(format!("uses[{n}].catalogue"), "目录文件", "catalogue", &uses.catalogue);
                self.complete = false;
            } else if !of_id.contains(&uses.edition.as_str()) {
                self.fault(
                    format!("uses[{n}].edition"),
                    format!("目录“{}”没有 {} 版，现有：{}", uses.catalogue, uses.edition, of_id.join("、")),
                    format!(
                        "the catalogue “{}” has no edition {}; there is {}",
                        uses.catalogue,
                        uses.edition,
                        of_id.join(", ")
                    ),
                );
            }
        }
    }

    fn catalogue(&mut self, path: &str, catalogue: &Catalogue) {
        for (n, site_type) in catalogue.site_types.iter().enumerate() {
            let path = format!("{path}.site_types[{n}]");
            self.id(format!("{path}.id"), &site_type.id, '-');
            if site_type.criteria.is_empty() {
                self.fault(
                    format!("{path}.criteria"),
                    format!("点位类型“{}”没有检查标准", site_type.title),
                    format!("the site type “{}” has no criteria", site_type.title),
                );
            }
            for (n, criterion) in site_type.criteria.iter().enumerate() {
                let path = format!("{path}.criteria[{n}]");
                self.id(format!("{path}.id"), &criterion.id, '-');
                self.scale(&format!("{path}.scale"), &criterion.scale);
            }
        }
        for (n, requirement) in catalogue.requirements.iter().enumerate() {
            let path = format!("{path}.requirements[{n}]");
            self.id(format!("{path}.id"), &requirement.id, '-');
            self.scale(&format!("{path}.scale"), &requirement.scale);
            if let Scale::Count { .. } = requirement.scale {
                self.fault(
                    format!("{path}.scale"),
                    "材料用等次评定，不能按数量",
                    "a material is judged by a verdict, not by a count",
                );
            }
            if requirement.filings.is_empty() {
                self.fault(
                    format!("{path}.filings"),
                    "没有写明要报送哪几类材料",
                    "it must say what kinds of documents are filed",
                );
            }
            for (n, filing) in requirement.filings.iter().enumerate() {
                let quota = filing.quota;
                if let (Some(least), Some(most)) = (quota.at_least, quota.at_most)
                    && least > most
                {
                    self.fault(
                        format!("{path}.filings[{n}].quota"),
                        format!("至少 {least} 件多于至多 {most} 件"),
                        format!("at least {least} is more than at most {most}"),
                    );
                }
            }
        }
        for (n, question) in catalogue.questions.iter().enumerate() {
            let path = format!("{path}.questions[{n}]");
            self.id(format!("{path}.id"), &question.id, '-');
            if question.options.len() < 2 {
                self.fault(
                    format!("{path}.options"),
                    "问题至少要有两个选项",
                    "a question has two options at least",
                );
            }
            let mut names = HashSet::new();
            for (n, asked) in question.options.iter().enumerate() {
                self.share(format!("{path}.options[{n}].counts"), asked.counts);
                if !names.insert(&asked.option) {
                    self.repeated(format!("{path}.options[{n}].option"), &asked.option);
                }
            }
            if question.enough == Some(0) {
                self.fault(format!("{path}.enough"), "至少 1 份答卷", "one answer at least");
            }
        }
        for (n, statistic) in catalogue.statistics.iter().enumerate() {
            self.id(format!("{path}.statistics[{n}].id"), &statistic.id, '_');
        }
    }

    fn repeated(&mut self, path: impl Into<String>, what: &str) {
        self.fault(path, format!("“{what}”重复"), format!("“{what}” is there twice"));
    }

    /// Ids are once in all that a standard uses, so that an observation names one thing.
    fn twice(&mut self, catalogue: &Catalogue) {
        let mut seen: HashSet<String> = HashSet::new();
        // Those of the file itself stand before those of catalogues that it uses, so that their numbers are the file's.
        let of = |list: &'static str, n: usize| format!("catalogue.{list}[{n}]");
        let site_types = catalogue.site_types.iter().enumerate();
        let types = site_types.clone().map(|(n, one)| (of("site_types", n), one.id.clone()));
        let criteria = site_types.flat_map(|(n, one)| {
            let place = of("site_types", n);
            let each = one.criteria.iter().enumerate();
            each.map(move |(n, criterion)| {
                (format!("{place}.criteria[{n}]"), format!("{}/{}", one.id, criterion.id))
            })
        });
        let requirements = catalogue.requirements.iter().map(|one| one.id.clone()).enumerate();
        let questions = catalogue.questions.iter().map(|one| one.id.clone()).enumerate();
        let statistics = catalogue.statistics.iter().map(|one| one.id.clone()).enumerate();
        let all = types
            .chain(criteria)
            .chain(requirements.map(|(n, id)| (of("requirements", n), id)))
            .chain(questions.map(|(n, id)| (of("questions", n), id)))
            .chain(statistics.map(|(n, id)| (of("statistics", n), id)));
        for (place, id) in all.collect::<Vec<_>>() {
            if !seen.insert(id.clone()) {
                self.repeated(format!("{place}.id"), &id);
            }
        }
    }

    fn scale(&mut self, path: &str, scale: &Scale) {
        match scale {
            Scale::Binary => {}
            Scale::ThreeStep { partly } => self.share(format!("{path}.partly"), *partly),
            Scale::Letters { grades } => self.grades(&format!("{path}.grades"), grades),
            Scale::Count { along, steps, otherwise } => {
                self.along(&format!("{path}.along"), *along);
                self.steps(path, steps, *otherwise);
            }
        }
    }

    fn along(&mut self, path: &str, along: Option<Decimal>) {
        self.size(path, along.unwrap_or_default());
        if along.is_some_and(|along| along <= Decimal::ZERO) {
            self.fault(path, "长度应大于 0 米", "the length must be more than 0 metres");
        }
    }

    fn grades(&mut self, path: &str, grades: &[Grade]) {
        if grades.len() < 2 {
            self.fault(path, "至少要有两个等次", "two grades at least are needed");
        }
        let mut names = HashSet::new();
        for (n, grade) in grades.iter().enumerate() {
            self.share(format!("{path}[{n}].counts"), grade.counts);
            if grade.name.is_empty() || !names.insert(&grade.name) {
                self.repeated(format!("{path}[{n}].name"), &grade.name);
            }
        }
        for (n, pair) in grades.windows(2).enumerate() {
            if pair[0].counts <= pair[1].counts {
                self.fault(
                    format!("{path}[{}].counts", n + 1),
                    format!("等次应由高到低，{} 不低于前一等次的 {}", pair[1].counts, pair[0].counts),
                    format!(
                        "the best grade comes first; {} is not less than {}",
                        pair[1].counts, pair[0].counts
                    ),
                );
            }
        }
    }

    fn steps(&mut self, path: &str, steps: &[Step], otherwise: Decimal) {
        self.share(format!("{path}.otherwise"), otherwise);
        if steps.is_empty() {
            self.fault(format!("{path}.steps"), "至少要有一档", "one step at least is needed");
        }
        for (n, step) in steps.iter().enumerate() {
            self.share(format!("{path}.steps[{n}].counts"), step.counts);
            for bound in [step.from, step.above, step.up_to, step.below].into_iter().flatten() {
                self.size(format!("{path}.steps[{n}]"), bound);
            }
            let low = step.from.or(step.above);
            let high = step.up_to.or(step.below);
            let both = (step.from.is_some() && step.above.is_some())
                || (step.up_to.is_some() && step.below.is_some());
            if low.is_none() && high.is_none() {
                self.fault(
                    format!("{path}.steps[{n}]"),
                    "这一档没有写界限，应有 from、above、up_to、below 之一",
                    "the step has no bound; one of from, above, up_to, below is expected",
                );
            } else if both || low.zip(high).is_some_and(|(low, high)| low > high) {
                self.fault(
                    format!("{path}.steps[{n}]"),
                    "这一档的界限互相矛盾",
                    "the bounds of the step contradict each other",
                );
            }
        }
    }

    fn tree(&mut self, standard: &'a Standard) {
        if standard.marks <= Decimal::ZERO {
            self.fault("marks", "总分应大于 0", "the marks of the whole must be more than 0");
        }
        self.marks("marks", standard.marks);
        self.sum("tree", "marks", standard.marks, &standard.tree, standard.capped.as_deref());
        for (n, node) in standard.tree.iter().enumerate() {
            self.node(&format!("tree[{n}]"), node);
        }
    }

    fn sum(&mut self, children: &str, path: &str, marks: Decimal, nodes: &[Node], capped: Option<&str>) {
        if nodes.is_empty() {
            self.fault(children, "指标树是空的", "the tree is empty");
            return;
        }
        let sum: Decimal = nodes.iter().map(|node| node.marks).sum();
        match capped {
            Some(reason) if reason.trim().is_empty() => {
                self.fault(format!("{path}.capped"), "应写明理由", "a reason is expected");
            }
            None if sum != marks => self.fault(
                path,
                format!("下级分值之和 {sum} 与 {marks} 不等；确实如此的，在 capped 写明理由"),
                format!("the children add up to {sum}, not to {marks}; where that is meant, capped says why"),
            ),
            Some(_) | None => {}
        }
    }

    fn node(&mut self, path: &str, node: &'a Node) {
        self.marks(format!("{path}.marks"), node.marks);
        if node.code.trim().is_empty() {
            self.fault(format!("{path}.code"), "缺少指标编号", "the code is missing");
        } else if let Some(first) = self.codes.insert(&node.code, path.to_owned()) {
            self.fault(
                format!("{path}.code"),
                format!("指标编号“{}”重复，先见于 {first}", node.code),
                format!("the code “{}” is there twice, first at {first}", node.code),
            );
        }
        match (node.children.is_empty(), node.measures.is_empty()) {
            (true, true) => self.fault(
                path,
                format!("“{}”既没有下级指标，也没有测评方式", node.code),
                format!("“{}” has neither children nor measures", node.code),
            ),
            (false, false) => self.fault(
                format!("{path}.measures"),
                format!("“{}”有下级指标，测评方式应写在末级", node.code),
                format!("“{}” has children; measures belong to leaves", node.code),
            ),
            (false, true) => {
                let marks = format!("{path}.marks");
                let children = format!("{path}.children");
                self.sum(&children, &marks, node.marks, &node.children, node.capped.as_deref());
            }
            (true, false) => {
                for (n, measure) in node.measures.iter().enumerate() {
                    self.measure(&format!("{path}.measures[{n}]"), node, measure);
                }
                self.weights(path, node);
            }
        }
        for (n, child) in node.children.iter().enumerate() {
            self.node(&format!("{path}.children[{n}]"), child);
        }
    }

    fn weights(&mut self, path: &str, node: &Node) {
        for (n, measure) in node.measures.iter().enumerate() {
            let place = format!("{path}.measures[{n}].weight");
            match (node.combine, measure.weight) {
                (Combine::Weighted, None) => {
                    self.fault(
                        place,
                        "按权重合成的，应写权重",
                        "a weight is expected, since weights combine",
                    );
                }
                (Combine::Weighted, Some(weight)) if weight <= Decimal::ZERO => {
                    self.fault(place, "权重应大于 0", "the weight must be more than 0");
                }
                (Combine::Weighted, Some(weight)) => self.size(place, weight),
                (_, None) => {}
                (_, Some(_)) => self.fault(
                    place,
                    "不按权重合成的，不应写权重",
                    "there is a weight, but the measures are not combined by weight",
                ),
            }
        }
        // One verdict on the leaf by one method: two of them could not be told apart.
        let mut judged: HashSet<Method> = HashSet::new();
        for (n, measure) in node.measures.iter().enumerate() {
            if named(measure) == 0 && !judged.insert(measure.method) {
                self.fault(
                    format!("{path}.measures[{n}].method"),
                    "同一指标、同一方法只能有一个直接评定",
                    "the leaf is judged by this method already",
                );
            }
        }
    }

    fn rules(&mut self, standard: &Standard) {
        let Rounding { places, .. } = standard.rounding;
        if places > 6 {
            self.fault(
                "rounding.places",
                format!("小数位数 {places} 过多，最多 6 位"),
                format!("{places} decimal places are too many; 6 at most"),
            );
        }
        for (n, Gate { of, .. }) in standard.gates.iter().enumerate() {
            let path = format!("gates[{n}].of");
            match of {
                Of::Node(code) if !self.codes.contains_key(code.as_str()) => {
                    self.unknown(path, "指标", "place of the tree", code);
                }
                Of::Standard(id) if *id == standard.id => {
                    self.fault(path, "门槛取本标准总分时写 total", "the gate on its own total is of: total");
                }
                Of::Total | Of::Node(_) | Of::Standard(_) => {}
            }
        }
        let mut codes = HashSet::new();
        for (n, entry) in standard.negative_list.iter().enumerate() {
            if !codes.insert(&entry.code) {
                self.repeated(format!("negative_list[{n}].code"), &entry.code);
            }
            if let Sanction::Deduct { marks, .. } = &entry.sanction
                && *marks <= Decimal::ZERO
            {
                self.fault(
                    format!("negative_list[{n}].sanction.marks"),
                    "扣分应大于 0",
                    "what is taken off must be more than 0",
                );
            }
        }
        if let Some(bonus) = &standard.bonus {
            let mut codes = HashSet::new();
            self.marks("bonus.at_most", bonus.at_most);
            for (n, honour) in bonus.honours.iter().enumerate() {
                self.marks(format!("bonus.honours[{n}].marks"), honour.marks);
                if !codes.insert(&honour.code) {
                    self.repeated(format!("bonus.honours[{n}].code"), &honour.code);
                }
            }
        }
        let mut shares = Decimal::ZERO;
        let mut others = HashSet::new();
        for (n, contribution) in standard.contributions.iter().enumerate() {
            let path = format!("contributions[{n}]");
            shares += contribution.share;
            if contribution.share <= Decimal::ZERO || shares >= Decimal::ONE {
                self.fault(
                    format!("{path}.share"),
                    "比重应大于 0，合计应小于 1",
                    "a share is more than 0, and all together are less than 1",
                );
            }
            if contribution.standard == standard.id {
                self.fault(
                    format!("{path}.standard"),
                    "标准不能计入自身",
                    "a standard can't contribute to itself",
                );
            } else if !others.insert(&contribution.standard) {
                self.repeated(format!("{path}.standard"), &contribution.standard);
            }
        }
        for (n, sampling) in standard.sampling.iter().enumerate() {
            match sampling {
                Sampling::Sites { site_type, .. } if !self.types.contains(site_type.as_str()) => {
                    self.missing(format!("sampling[{n}].site_type"), "点位类型", "site type", site_type);
                }
                Sampling::People { question: Some(id), .. } if !self.ids.contains(id) => {
                    self.missing(format!("sampling[{n}].question"), "问卷题目", "question", id);
                }
                Sampling::Sites { .. } | Sampling::People { .. } => {}
            }
        }
    }
}
