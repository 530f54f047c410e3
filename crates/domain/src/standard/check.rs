//! All that can be wrong with a standard, each fault with its place in the file.

mod catalogue;
mod measure;
mod texts;

use std::collections::{HashMap, HashSet};

use rust_decimal::Decimal;

use self::measure::named;
use super::{
    Catalogue, CatalogueFile, Combine, Gate, Method, Node, Of, Rounding, Sampling, Sanction, Standard,
    gaps::{Gaps, Hidden},
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
    /// With the titles of their places.
    codes: HashMap<&'a str, &'a str>,
    /// All catalogues that it uses are there.
    complete: bool,
    /// What of its file could not be read.
    gaps: &'a Gaps,
    /// What the catalogues may hold beside what could be read.
    hidden: Hidden<'a>,
    faults: Vec<Fault>,
}

/// `of_files`: what of the files could not be read, as far as there is something.
pub(super) fn check(
    standard: &Standard,
    gaps: &Gaps,
    catalogue: &Catalogue,
    files: &[CatalogueFile],
    of_files: &[Gaps],
) -> Vec<Fault> {
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
        gaps,
        hidden: Hidden::default(),
        faults: Vec::new(),
    };
    check.hidden.add(&standard.catalogue, gaps);
    for (file, gaps) in files.iter().zip(of_files) {
        if standard.uses.iter().any(|uses| uses.catalogue == file.id) {
            check.hidden.add(&file.catalogue, gaps);
        }
    }
    check.id("id", &standard.id, '-');
    check.texts(standard);
    check.uses(standard, files, of_files);
    check.catalogue("catalogue", &standard.catalogue);
    check.twice(catalogue);
    check.tree(standard);
    check.rules(standard);
    check.faults
}

/// All that is wrong with a catalogue's own file, as far as it could be read.
pub fn check_catalogue(file: &CatalogueFile, gaps: &Gaps) -> Vec<Fault> {
    let mut check = Check {
        catalogue: &file.catalogue,
        ids: HashSet::new(),
        types: HashSet::new(),
        statistics: HashSet::new(),
        codes: HashMap::new(),
        complete: true,
        gaps,
        hidden: Hidden::default(),
        faults: Vec::new(),
    };
    check.id("id", &file.id, '-');
    check.texts(file);
    check.catalogue("catalogue", &file.catalogue);
    check.twice(&file.catalogue);
    check.faults
}

/// Standards whose totals would need each other: for each that is part of a circle, its number and the fault.
pub fn check_circles(standards: &[&Standard]) -> Vec<(usize, Fault)> {
    fn next(of: &Standard) -> impl Iterator<Item = (String, &str)> {
        let contributions = of.contributions.iter().enumerate();
        let gates = of.gates.iter().enumerate().filter_map(|(n, gate)| match &gate.of {
            Of::Standard(other) => Some((format!("gates[{n}].of"), other.as_str())),
            Of::Total | Of::Node(_) => None,
        });
        contributions
            .map(|(n, one)| (format!("contributions[{n}].standard"), one.standard.as_str()))
            .chain(gates)
    }
    let returns = |from: &str, to: &str| {
        let (mut seen, mut open) = (HashSet::new(), vec![from]);
        while let Some(here) = open.pop() {
            if here == to {
                return true;
            }
            if seen.insert(here) {
                let own = standards.iter().find(|standard| standard.id == here);
                open.extend(own.into_iter().flat_map(|own| next(own)).map(|(_, other)| other));
            }
        }
        false
    };
    let mut faults = Vec::new();
    for (number, standard) in standards.iter().enumerate() {
        for (path, other) in next(standard) {
            if other != standard.id && returns(other, &standard.id) {
                faults.push((
                    number,
                    Fault {
                        path,
                        zh: format!("“{}”与“{other}”的总分互为前提，形成循环", standard.id),
                        en: format!(
                            "the totals of “{}” and “{other}” need each other: a circle",
                            standard.id
                        ),
                    },
                ));
            }
        }
    }
    faults
}

/// Files that say something else under the same id and edition: for each but the first, its number and the fault. `called`
/// tells where the first is.
pub fn check_twins<T: PartialEq>(
    files: &[&T],
    name: impl Fn(&T) -> (&str, &str),
    called: impl Fn(usize) -> String,
) -> Vec<(usize, Fault)> {
    let fault = |number: usize| {
        let (id, edition) = name(files[number]);
        let first = files[..number].iter().position(|other| name(other) == (id, edition))?;
        if files[first] == files[number] {
            return None;
        }
        let other = called(first);
        Some((
            number,
            Fault {
                path: "edition".to_owned(),
                zh: format!("与 {other} 的编号“{id}”和版本“{edition}”相同，内容不同"),
                en: format!(
                    "{other} has the same id “{id}” and edition “{edition}”, and says something else"
                ),
            },
        ))
    };
    (0..files.len()).filter_map(fault).collect()
}

/// The most marks that what a gate looks at can come to, as far as this standard says.
fn most_of(standard: &Standard, of: &Of) -> Option<Decimal> {
    match of {
        Of::Total => {
            Some(standard.marks + standard.bonus.as_ref().map_or(Decimal::ZERO, |bonus| bonus.at_most))
        }
        Of::Node(code) => {
            let mut open: Vec<&Node> = standard.tree.iter().collect();
            while let Some(node) = open.pop() {
                if node.code == *code {
                    return Some(node.marks);
                }
                open.extend(&node.children);
            }
            None
        }
        Of::Standard(_) => None,
    }
}

impl<'a> Check<'a> {
    /// A fault, unless it may only follow from something that could not be read.
    fn fault(&mut self, path: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) {
        let path = path.into();
        if !self.gaps.touch(&path) {
            self.faults.push(Fault { path, zh: zh.into(), en: en.into() });
        }
    }

    /// Whether the value at a place is what stands in the file.
    fn known(&self, path: &str) -> bool {
        !self.gaps.cover(path)
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

    /// What a gate asks for, of so many marks.
    fn threshold(&mut self, path: String, at_least: Decimal, most: Option<Decimal>) {
        match most {
            Some(most) if at_least > most && self.gaps.is_empty() => self.fault(
                path,
                format!("门槛 {at_least} 分，高于所取的满分 {most} 分，永远达不到"),
                format!("the gate asks for {at_least} of {most} marks, which nobody reaches"),
            ),
            _ => self.marks(path, at_least),
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

    fn uses(&mut self, standard: &Standard, files: &[CatalogueFile], of_files: &[Gaps]) {
        // A catalogue whose name nobody could read may be the one that is meant.
        if !self.known("uses") || of_files.iter().any(|gaps| gaps.cover("id")) {
            self.complete = false;
        }
        for (n, uses) in standard.uses.iter().enumerate() {
            let of_id: Vec<&str> = files
                .iter()
                .filter(|file| file.id == uses.catalogue)
                .map(|file| file.edition.as_str())
                .collect();
            let unread = |field| of_files.iter().any(|gaps| gaps.cover(field));
            if of_id.is_empty() {
                if !unread("id") {
                    self.unknown(format!("uses[{n}].catalogue"), "目录文件", "catalogue", &uses.catalogue);
                }
                self.complete = false;
            } else if !of_id.contains(&uses.edition.as_str()) && !unread("edition") {
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
            None if sum != marks && self.can_be_summed(children, path, nodes) => self.fault(
                path,
                format!("下级分值之和 {sum} 与 {marks} 不等；确实如此的，写明封顶说明"),
                format!(
                    "the children add up to {sum}, not to {marks}; where that is meant, say why it is capped"
                ),
            ),
            Some(_) | None => {}
        }
    }

    /// Whether the marks of all children were read, and that nothing says why they need not add up.
    fn can_be_summed(&self, children: &str, path: &str, nodes: &[Node]) -> bool {
        let capped = path.strip_suffix("marks").map(|above| format!("{above}capped"));
        let each = (0..nodes.len()).all(|n| self.known(&format!("{children}[{n}].marks")));
        each && capped.is_none_or(|capped| self.known(&capped))
    }

    fn node(&mut self, path: &str, node: &'a Node) {
        self.marks(format!("{path}.marks"), node.marks);
        if node.code.trim().is_empty() {
            self.fault(format!("{path}.code"), "缺少指标编号", "the code is missing");
        } else if let Some(first) = self.codes.insert(&node.code, &node.title) {
            self.fault(
                format!("{path}.code"),
                format!("指标编号“{}”重复，先用于“{first}”", node.code),
                format!("the code “{}” is there twice, first for “{first}”", node.code),
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
                let worth = self.known(&format!("{path}.marks")).then_some(node.marks);
                for (n, measure) in node.measures.iter().enumerate() {
                    self.measure(&format!("{path}.measures[{n}]"), worth, measure);
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
            if !self.known(&format!("{path}.combine")) {
                break;
            }
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
            let place = format!("{path}.measures[{n}]");
            let known = self.takes_known(&place) && self.known(&format!("{place}.method"));
            if known && named(measure) == 0 && !judged.insert(measure.method) {
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
        self.months("window.months", standard.window.and_then(|window| window.months));
        for (n, Gate { of, at_least, .. }) in standard.gates.iter().enumerate() {
            let path = format!("gates[{n}].of");
            self.threshold(format!("gates[{n}].at_least"), *at_least, most_of(standard, of));
            match of {
                Of::Node(code) if !self.codes.contains_key(code.as_str()) => {
                    if !self.gaps.hide_codes() {
                        self.unknown(path, "指标", "place of the tree", code);
                    }
                }
                Of::Standard(id) if *id == standard.id => {
                    self.fault(
                        path,
                        "门槛取本标准的总分时，写“总分”（total），不写编号",
                        "the gate on its own total is of: total",
                    );
                }
                Of::Total | Of::Node(_) | Of::Standard(_) => {}
            }
        }
        let mut codes = HashSet::new();
        for (n, entry) in standard.negative_list.iter().enumerate() {
            if !codes.insert(&entry.code) {
                self.repeated(format!("negative_list[{n}].code"), &entry.code);
            }
            self.months(format!("negative_list[{n}].months"), entry.months);
            if let Sanction::SuspendTitle { months } = entry.sanction {
                self.months(format!("negative_list[{n}].sanction.months"), Some(months));
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
            let (field, drawn) = match sampling {
                Sampling::Sites { draw, .. } => ("draw", *draw),
                Sampling::People { ask, .. } => ("ask", *ask),
            };
            if drawn == 0 {
                self.fault(format!("sampling[{n}].{field}"), "至少抽 1 个", "one at least is drawn");
            }
            match sampling {
                Sampling::Sites { site_type, .. } if !self.types.contains(site_type.as_str()) => {
                    if !self.hidden.site_types {
                        self.missing(format!("sampling[{n}].site_type"), "点位类型", "site type", site_type);
                    }
                }
                Sampling::People { question: Some(id), .. } if !self.ids.contains(id) => {
                    if !self.hidden.questions {
                        self.missing(format!("sampling[{n}].question"), "问卷题目", "question", id);
                    }
                }
                Sampling::Sites { .. } | Sampling::People { .. } => {}
            }
        }
    }
}
