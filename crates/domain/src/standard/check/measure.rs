//! Measures: whether what they take is there, and whether their grading can grade it.

use std::collections::HashSet;

use rust_decimal::Decimal;

use super::{Check, Fault};
use crate::{
    observation::Step,
    standard::{Grading, Measure, Method, formula::Formula, grading::Counted, plain},
};

impl Check<'_> {
    /// `worth`: the marks of the leaf, where they could be read.
    pub(super) fn measure(&mut self, path: &str, worth: Option<Decimal>, measure: &Measure) {
        for (n, id) in measure.requirements.iter().enumerate() {
            if !self.hidden.requirements && !self.catalogue.requirements.iter().any(|one| one.id == *id) {
                self.missing(format!("{path}.requirements[{n}]"), "材料要求", "requirement", id);
            }
        }
        for (n, id) in measure.questions.iter().enumerate() {
            if !self.hidden.questions && !self.catalogue.questions.iter().any(|one| one.id == *id) {
                self.missing(format!("{path}.questions[{n}]"), "问卷题目", "question", id);
            }
        }
        for (n, id) in measure.criteria.iter().enumerate() {
            let known = match id.strip_suffix("/*") {
                Some(site_type) => self.types.contains(site_type),
                None => id.contains('/') && self.ids.contains(id),
            };
            if !known && !self.hidden.criterion(id) {
                self.missing(format!("{path}.criteria[{n}]"), "检查标准", "criterion", id);
            }
        }
        for id in measure.statistic.iter().chain(compared(&measure.grading)) {
            if !self.hidden.statistics && !self.statistics.contains(id.as_str()) {
                self.missing(format!("{path}.statistic"), "统计指标", "statistic", id);
            }
        }
        let compared = measure.statistic.iter().chain(compared(&measure.grading)).map(String::as_str);
        self.one_period(&format!("{path}.statistic"), compared);
        if named(measure) > 1 {
            self.fault(
                path,
                "一种测评方式只能看一类：材料、考察内容、问卷题、统计指标之一",
                "a measure takes one of requirements, criteria, questions and statistic, not several",
            );
            return;
        }
        self.months(format!("{path}.window.months"), measure.window.and_then(|window| window.months));
        if self.known(&format!("{path}.grading")) {
            self.grading(&format!("{path}.grading"), worth, measure);
        }
        self.fits(path, measure);
    }

    /// Whether it could be read what a measure takes.
    pub(super) fn takes_known(&self, path: &str) -> bool {
        let takes = ["requirements", "criteria", "questions", "statistic", "grading"];
        takes.into_iter().all(|field| self.known(&format!("{path}.{field}")))
    }

    fn grading(&mut self, path: &str, worth: Option<Decimal>, measure: &Measure) {
        match &measure.grading {
            Grading::Binary => {}
            Grading::ThreeStep { partly } => self.share(format!("{path}.partly"), *partly),
            Grading::Letters { grades } => self.grades(&format!("{path}.grades"), grades),
            Grading::Thresholds { steps, otherwise } => self.steps(path, steps, *otherwise),
            Grading::Comparison { above, equal, below, .. } => {
                for (name, counts) in [("above", above), ("equal", equal), ("below", below)] {
                    self.share(format!("{path}.{name}"), *counts);
                }
            }
            Grading::CountToGrade { along, steps, otherwise, .. } => {
                self.along(&format!("{path}.along"), *along);
                self.steps(path, steps, *otherwise);
            }
            Grading::Deduction { off, at_most } => {
                self.marks(format!("{path}.off"), *off);
                self.marks(format!("{path}.at_most"), at_most.unwrap_or_default());
                if *off <= Decimal::ZERO || at_most.is_some_and(|most| most <= Decimal::ZERO) {
                    self.fault(path, "扣分应大于 0", "what is taken off must be more than 0");
                }
                if worth.is_some_and(|marks| marks <= Decimal::ZERO) {
                    self.fault(path, "分值为 0 的指标无分可扣", "a leaf of 0 marks has nothing to take off");
                }
            }
            Grading::Ratio { steps, otherwise } => {
                if !steps.is_empty() {
                    self.steps(path, steps, *otherwise);
                }
            }
            Grading::KOfN { missing, met_from } => {
                self.share(format!("{path}.met_from"), *met_from);
                if missing.is_empty() {
                    self.fault(format!("{path}.missing"), "至少要有一个系数", "one coefficient at least");
                }
                for (n, counts) in missing.iter().enumerate() {
                    self.share(format!("{path}.missing[{n}]"), *counts);
                }
                if missing.windows(2).any(|pair| pair[0] < pair[1]) {
                    self.fault(
                        format!("{path}.missing"),
                        "缺得越多，系数不能越高",
                        "more missing can't count more",
                    );
                }
            }
            Grading::Formula { expression, steps, otherwise, linear } => {
                self.formula(path, expression);
                if let Some(linear) = linear {
                    self.size(format!("{path}.linear.zero_at"), linear.zero_at);
                    self.size(format!("{path}.linear.full_at"), linear.full_at);
                }
                match linear {
                    Some(linear) if linear.zero_at == linear.full_at => self.fault(
                        format!("{path}.linear"),
                        "0 分值与满分值不能相同",
                        "what counts 0 and what counts 1 can't be the same number",
                    ),
                    Some(_) if !steps.is_empty() => {
                        self.fault(path, "分档与线性只能取一种", "steps and linear exclude each other");
                    }
                    Some(_) => {}
                    None => self.steps(path, steps, *otherwise),
                }
            }
        }
    }

    fn formula(&mut self, path: &str, expression: &str) {
        let path = format!("{path}.expression");
        match Formula::parse(expression) {
            Ok(formula) => {
                for name in formula.names() {
                    if !self.hidden.statistics && !self.statistics.contains(name) {
                        self.missing(&path, "统计指标", "statistic", name);
                    }
                }
                self.one_period(&path, formula.names().into_iter());
            }
            Err(fault) => {
                self.fault(path, format!("算式有误：{fault}"), format!("the formula is wrong: {fault}"));
            }
        }
    }

    /// Figures of unlike periods are never set against each other: nothing would ever come of statistics that are asked so.
    fn one_period<'n>(&mut self, path: &str, names: impl Iterator<Item = &'n str>) {
        let catalogue = self.catalogue;
        let known = names.filter_map(|name| catalogue.statistics.iter().find(|one| one.id == name));
        let periods: HashSet<Step> = known.filter_map(|one| one.every).collect();
        if periods.len() > 1 {
            self.fault(
                path,
                "一起比较或计算的统计指标，统计周期应相同",
                "statistics that are compared or worked out together are of one period (every)",
            );
        }
    }

    /// Whether the form of grading can grade what the measure takes.
    fn fits(&mut self, path: &str, measure: &Measure) {
        let by_method = named(measure) == 0 || matches!(measure.grading, Grading::Formula { .. });
        if !self.takes_known(path) || (by_method && !self.known(&format!("{path}.method"))) {
            return;
        }
        let (zh, en, forms): (_, _, &[&str]) = if !measure.requirements.is_empty() {
            ("材料", "materials", &["ratio", "k_of_n", "count_to_grade", "deduction", "thresholds"])
        } else if !measure.criteria.is_empty() {
            ("点位检查", "criteria", &["ratio", "k_of_n", "count_to_grade", "deduction", "thresholds"])
        } else if !measure.questions.is_empty() {
            ("问卷", "questions", &["ratio", "thresholds"])
        } else if measure.statistic.is_some() {
            ("统计指标", "a statistic", &["thresholds", "comparison"])
        } else if measure.method == Method::Statistic {
            ("统计数据", "statistics", &["formula"])
        } else if measure.method == Method::Survey {
            self.fault(format!("{path}.questions"), "问卷调查应写明题目", "a survey names its questions");
            return;
        } else {
            (
                "直接评定",
                "a judgement",
                &["binary", "three_step", "letters", "count_to_grade", "deduction", "thresholds"],
            )
        };
        let form = measure.grading.form();
        if !forms.contains(&form) {
            let called: Vec<&str> = forms.iter().map(|form| plain::form(form)).collect();
            // Its form was read, whatever else of the grading was not.
            self.faults.push(Fault {
                path: format!("{path}.grading"),
                zh: format!("{zh}不能用“{}”评分，可用：“{}”", plain::form(form), called.join("”“")),
                en: format!("{en} can't be graded by {form}; there are {}", forms.join(", ")),
            });
        }
        let places = !measure.requirements.is_empty() || !measure.criteria.is_empty();
        if let Grading::CountToGrade { counted, along, .. } = &measure.grading {
            let number = *counted == Counted::Number;
            if places == number || (places && along.is_some()) {
                self.fault(
                    format!("{path}.grading.counted"),
                    "点位、材料数合格或不合格的个数；直接评定数所记的数量",
                    "criteria and materials count those met or failed; a judgement counts its number",
                );
            }
        }
        if !measure.groups.is_empty() && measure.questions.is_empty() {
            self.fault(format!("{path}.groups"), "只有问卷分人群", "only a survey has population groups");
        }
    }
}

fn compared(grading: &Grading) -> Option<&String> {
    match grading {
        Grading::Comparison { with, .. } => Some(with),
        _ => None,
    }
}

/// Of how many kinds what it takes is.
pub(super) fn named(measure: &Measure) -> usize {
    [
        !measure.requirements.is_empty(),
        !measure.criteria.is_empty(),
        !measure.questions.is_empty(),
        measure.statistic.is_some(),
        matches!(measure.grading, Grading::Formula { .. }),
    ]
    .into_iter()
    .filter(|named| *named)
    .count()
}
