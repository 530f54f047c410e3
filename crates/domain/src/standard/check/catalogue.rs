//! Catalogues: what is looked at, filed, asked and counted, and how it is judged.

use std::collections::HashSet;

use rust_decimal::Decimal;

use super::Check;
use crate::standard::{
    Catalogue, Scale,
    grading::{Grade, Step, idle_step},
};

/// More than any grading has, and few enough to look at each beside all others.
const MOST_STEPS: usize = 100;

impl Check<'_> {
    pub(super) fn catalogue(&mut self, path: &str, catalogue: &Catalogue) {
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
                self.months(format!("{path}.filings[{n}].months"), filing.months);
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

    pub(super) fn repeated(&mut self, path: impl Into<String>, what: &str) {
        self.fault(path, format!("“{what}”重复"), format!("“{what}” is there twice"));
    }

    /// Ids are once in all that a standard uses, so that an observation names one thing.
    pub(super) fn twice(&mut self, catalogue: &Catalogue) {
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
            // What has no id is told for that.
            let named = !id.is_empty() && !id.starts_with('/') && !id.ends_with('/');
            if named && !seen.insert(id.clone()) {
                self.repeated(format!("{place}.id"), &id);
            }
        }
    }

    pub(super) fn scale(&mut self, path: &str, scale: &Scale) {
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

    pub(super) fn along(&mut self, path: &str, along: Option<Decimal>) {
        self.size(path, along.unwrap_or_default());
        if along.is_some_and(|along| along <= Decimal::ZERO) {
            self.fault(path, "长度应大于 0 米", "the length must be more than 0 metres");
        }
    }

    pub(super) fn grades(&mut self, path: &str, grades: &[Grade]) {
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
            let known = self.known(&format!("{path}[{n}].counts"));
            if known && pair[0].counts <= pair[1].counts {
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

    pub(super) fn steps(&mut self, path: &str, steps: &[Step], otherwise: Decimal) {
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
                    "这一档没有写界限，应有“达到”“高于”“不超过”“低于”之一",
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
        if steps.len() > MOST_STEPS {
            let zh = format!("有 {} 档，最多 {MOST_STEPS} 档", steps.len());
            self.fault(
                format!("{path}.steps"),
                zh,
                format!("there are {} steps; {MOST_STEPS} at most", steps.len()),
            );
            return;
        }
        // What is wrong with a step by itself is told already.
        let own = format!("{path}.steps[");
        let told = self.faults.iter().any(|fault| fault.path.starts_with(&own));
        let bounds = ["from", "above", "up_to", "below"];
        let read = (0..steps.len())
            .all(|n| bounds.iter().all(|bound| self.known(&format!("{path}.steps[{n}].{bound}"))));
        if read
            && !told
            && let Some(idle) = idle_step(steps)
        {
            self.fault(
                format!("{path}.steps[{idle}]"),
                "任何数都轮不到这一档：前面的档已经包括了它",
                "no number ever comes to this step: those before it hold all that it holds",
            );
        }
    }

    /// A span of months in which something counts.
    pub(super) fn months(&mut self, path: impl Into<String>, months: Option<u32>) {
        if months == Some(0) {
            self.fault(path, "至少 1 个月；不限时间就不写", "one month at least; left out, it is for ever");
        }
    }
}
