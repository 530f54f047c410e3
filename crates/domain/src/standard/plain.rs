//! How something is graded, in a sentence that an office would write.

use rust_decimal::Decimal;

use super::{
    Grading, Method, Scale, Step,
    grading::{Counted, Grade, Linear},
};

/// The same sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plain {
    pub zh: String,
    pub en: String,
}

impl Plain {
    fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    fn listed(all: &[Self]) -> Self {
        let join = |text: fn(&Self) -> &str, with: &str| all.iter().map(text).collect::<Vec<_>>().join(with);
        Self { zh: join(|one| &one.zh, "，"), en: join(|one| &one.en, ", ") }
    }

    fn then(&self, next: &Self) -> Self {
        Self { zh: format!("{}；{}", self.zh, next.zh), en: format!("{}; {}", self.en, next.en) }
    }
}

/// What the field calls it.
pub fn method(method: Method) -> Plain {
    let (zh, en) = match method {
        Method::Material => ("材料审核", "materials"),
        Method::Visit => ("实地考察", "visits"),
        Method::Survey => ("问卷调查", "survey"),
        Method::Web => ("网络调查", "survey on the web"),
        Method::Statistic => ("统计数据", "statistics"),
        Method::Opinion => ("主管部门意见", "the authority's opinion"),
        Method::Report => ("听取汇报", "report"),
        Method::Overall => ("整体观察", "overall impression"),
    };
    Plain::new(zh, en)
}

/// What a form of grading is called in Chinese; files name it by a word of their own.
pub fn form(code: &str) -> &str {
    match code {
        "binary" => "符合或不符合",
        "three_step" => "符合、基本符合、不符合",
        "letters" => "等次",
        "thresholds" => "分档",
        "comparison" => "与另一个指标比",
        "count_to_grade" => "按个数分档",
        "deduction" => "逐处扣分",
        "ratio" => "按比例",
        "k_of_n" => "一组里缺几项",
        "formula" => "算式",
        other => other,
    }
}

/// A grading in words. `called` tells what a statistic is called.
pub fn grading(grading: &Grading, called: impl Fn(&str) -> String) -> Plain {
    match grading {
        Grading::Binary => scale(&Scale::Binary),
        Grading::ThreeStep { partly } => scale(&Scale::ThreeStep { partly: *partly }),
        Grading::Letters { grades } => letters(grades),
        Grading::Thresholds { steps, otherwise } => in_steps(steps, *otherwise, ""),
        Grading::Comparison { with, above, equal, below } => {
            let with = called(with);
            let side = |zh: &str, en: &str, counts: Decimal| {
                let counts = worth(counts);
                Plain::new(format!("{zh}{}", counts.zh), format!("{en}: {}", counts.en))
            };
            Plain::listed(&[
                side(&format!("高于{with}"), &format!("above {with}"), *above),
                side("持平", "equal", *equal),
                side("低于", "below", *below),
            ])
        }
        Grading::CountToGrade { counted, along, steps, otherwise } => {
            let what = match counted {
                Counted::Met => Plain::new("看符合的个数", "by how many are met"),
                Counted::Failed => Plain::new("看不符合的个数", "by how many are not met"),
                Counted::Number => match along {
                    Some(along) => Plain::new(
                        format!("看数量，折算到每 {along} 米"),
                        format!("by the number, brought to {along} metres"),
                    ),
                    None => Plain::new("看数量", "by the number"),
                },
            };
            what.then(&in_steps(steps, *otherwise, ""))
        }
        Grading::Deduction { off, at_most } => {
            let each = Plain::new(format!("每有一处扣 {off} 分"), format!("{off} off for each"));
            match at_most {
                Some(most) => {
                    Plain::listed(&[each, Plain::new(format!("最多扣 {most} 分"), format!("{most} at most"))])
                }
                None => Plain::listed(&[each, Plain::new("扣完为止", "down to nothing")]),
            }
        }
        Grading::Ratio { steps, .. } if steps.is_empty() => {
            Plain::new("按符合的比例得分", "by the share that is met")
        }
        Grading::Ratio { steps, otherwise } => {
            Plain::new("看符合的比例", "by the share that is met").then(&in_steps(steps, *otherwise, "%"))
        }
        Grading::KOfN { missing, met_from } => of_all(missing, *met_from),
        Grading::Formula { expression, steps, otherwise, linear } => {
            let formula = Plain::new(format!("按算式 {expression}"), format!("by {expression}"));
            match linear {
                Some(linear) => formula.then(&between(*linear)),
                None => formula.then(&in_steps(steps, *otherwise, "")),
            }
        }
    }
}

/// How one criterion at one site, or one material, is judged.
pub fn scale(scale: &Scale) -> Plain {
    match scale {
        Scale::Binary => Plain::new("符合得满分，不符合不得分", "met: in full, not met: nothing"),
        Scale::ThreeStep { partly } => {
            let partly = worth(*partly);
            Plain::new(
                format!("符合得满分，基本符合{}，不符合不得分", partly.zh),
                format!("met: in full, partly: {}, not met: nothing", partly.en),
            )
        }
        Scale::Letters { grades } => letters(grades),
        Scale::Count { along, steps, otherwise } => {
            let what = match along {
                Some(along) => Plain::new(
                    format!("数数量，折算到每 {along} 米"),
                    format!("counted, brought to {along} metres"),
                ),
                None => Plain::new("数数量", "counted"),
            };
            what.then(&in_steps(steps, *otherwise, ""))
        }
    }
}

/// What a coefficient is worth.
fn worth(counts: Decimal) -> Plain {
    if counts.is_zero() {
        Plain::new("不得分", "nothing")
    } else if counts == Decimal::ONE {
        Plain::new("得满分", "in full")
    } else {
        let percent = (counts * Decimal::ONE_HUNDRED).normalize();
        Plain::new(format!("得 {percent}%"), format!("{percent}%"))
    }
}

fn letters(grades: &[Grade]) -> Plain {
    let told = |grade: &Grade| {
        let counts = worth(grade.counts);
        Plain::new(format!("{} {}", grade.name, counts.zh), format!("{}: {}", grade.name, counts.en))
    };
    Plain::listed(&grades.iter().map(told).collect::<Vec<_>>())
}

fn in_steps(steps: &[Step], otherwise: Decimal, unit: &str) -> Plain {
    let told = |step: &Step| {
        let bounds = bounds(step, unit);
        let counts = worth(step.counts);
        let grade = step.grade.as_ref().map(|grade| (format!("（{grade}）"), format!(" ({grade})")));
        let (zh, en) = grade.unwrap_or_default();
        Plain::new(format!("{}{}{zh}", bounds.zh, counts.zh), format!("{}: {}{en}", bounds.en, counts.en))
    };
    let mut all: Vec<Plain> = steps.iter().map(told).collect();
    let rest = worth(otherwise);
    all.push(Plain::new(format!("其余{}", rest.zh), format!("otherwise: {}", rest.en)));
    Plain::listed(&all)
}

fn bounds(step: &Step, unit: &str) -> Plain {
    let each = [
        (step.from, "达到", "at least"),
        (step.above, "高于", "above"),
        (step.up_to, "不超过", "at most"),
        (step.below, "低于", "below"),
    ];
    let told = each.into_iter().filter_map(|(bound, zh, en)| {
        bound.map(|bound| Plain::new(format!("{zh} {bound}{unit} "), format!("{en} {bound}{unit}")))
    });
    let all: Vec<Plain> = told.collect();
    let (zh, en): (Vec<&str>, Vec<&str>) = all.iter().map(|one| (one.zh.as_str(), one.en.as_str())).unzip();
    Plain::new(zh.join("且"), en.join(" and "))
}

fn of_all(missing: &[Decimal], met_from: Decimal) -> Plain {
    let told = |(n, counts): (usize, &Decimal)| {
        let counts = worth(*counts);
        match n {
            0 => Plain::new(format!("全部符合{}", counts.zh), format!("all met: {}", counts.en)),
            n => Plain::new(format!("差 {n} 项{}", counts.zh), format!("{n} missing: {}", counts.en)),
        }
    };
    let mut all: Vec<Plain> = missing.iter().enumerate().map(told).collect();
    all.push(Plain::new("再少不得分", "fewer: nothing"));
    let told = Plain::listed(&all);
    if met_from == Decimal::ONE {
        return told;
    }
    let percent = (met_from * Decimal::ONE_HUNDRED).normalize();
    told.then(&Plain::new(
        format!("一项在各点位平均达到 {percent}% 就算符合"),
        format!("one counts as met from a mean of {percent}% on"),
    ))
}

fn between(Linear { zero_at, full_at }: Linear) -> Plain {
    Plain::new(
        format!("得数 {zero_at} 不得分，{full_at} 得满分，中间按比例"),
        format!("{zero_at}: nothing, {full_at}: in full, linear between"),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[track_caller]
    fn check(form: Value, zh: &str, en: &str) {
        let form: Grading = serde_json::from_value(form).expect("a grading");
        let told = grading(&form, |id| if id == "mean" { "全市平均".to_owned() } else { id.to_owned() });
        assert_eq!((told.zh.as_str(), told.en.as_str()), (zh, en));
    }

    #[test]
    fn every_form_is_told_in_a_sentence() {
        check(json!({ "form": "binary" }), "符合得满分，不符合不得分", "met: in full, not met: nothing");
        check(
            json!({ "form": "three_step", "partly": "0.5" }),
            "符合得满分，基本符合得 50%，不符合不得分",
            "met: in full, partly: 50%, not met: nothing",
        );
        check(
            json!({ "form": "letters" }),
            "A 得满分，B 得 66%，C 得 33%，D 不得分",
            "A: in full, B: 66%, C: 33%, D: nothing",
        );
        check(
            json!({ "form": "thresholds", "otherwise": "0.33", "steps": [
                { "from": "90", "grade": "A", "counts": "1" }, { "above": "80", "below": "90", "counts": "0.66" },
            ] }),
            "达到 90 得满分（A），高于 80 且低于 90 得 66%，其余得 33%",
            "at least 90: in full (A), above 80 and below 90: 66%, otherwise: 33%",
        );
        check(
            json!({ "form": "comparison", "with": "mean", "above": "1", "equal": "0.66", "below": "0" }),
            "高于全市平均得满分，持平得 66%，低于不得分",
            "above 全市平均: in full, equal: 66%, below: nothing",
        );
        check(
            json!({ "form": "count_to_grade", "counted": "number", "along": "300", "steps": [{ "from": "5", "counts": "1" }] }),
            "看数量，折算到每 300 米；达到 5 得满分，其余不得分",
            "by the number, brought to 300 metres; at least 5: in full, otherwise: nothing",
        );
        check(
            json!({ "form": "count_to_grade", "counted": "failed", "steps": [{ "up_to": "0", "counts": "1" }] }),
            "看不符合的个数；不超过 0 得满分，其余不得分",
            "by how many are not met; at most 0: in full, otherwise: nothing",
        );
        check(
            json!({ "form": "deduction", "off": "0.5", "at_most": "2" }),
            "每有一处扣 0.5 分，最多扣 2 分",
            "0.5 off for each, 2 at most",
        );
        check(
            json!({ "form": "deduction", "off": "1" }),
            "每有一处扣 1 分，扣完为止",
            "1 off for each, down to nothing",
        );
        check(json!({ "form": "ratio" }), "按符合的比例得分", "by the share that is met");
        check(
            json!({ "form": "ratio", "steps": [{ "from": "95", "counts": "1" }] }),
            "看符合的比例；达到 95% 得满分，其余不得分",
            "by the share that is met; at least 95%: in full, otherwise: nothing",
        );
        check(
            json!({ "form": "k_of_n", "missing": ["1", "0.66"], "met_from": "0.8" }),
            "全部符合得满分，差 1 项得 66%，再少不得分；一项在各点位平均达到 80% 就算符合",
            "all met: in full, 1 missing: 66%, fewer: nothing; one counts as met from a mean of 80% on",
        );
        check(
            json!({ "form": "formula", "expression": "a / b", "linear": { "zero_at": "60", "full_at": "10" } }),
            "按算式 a / b；得数 60 不得分，10 得满分，中间按比例",
            "by a / b; 60: nothing, 10: in full, linear between",
        );
    }

    #[test]
    fn a_counted_criterion_says_what_its_number_is_worth() {
        let scale_of = |form: Value| scale(&serde_json::from_value(form).expect("a scale")).zh;
        assert_eq!(
            scale_of(
                json!({ "form": "count", "along": "1000", "steps": [{ "from": "3", "counts": "1" }], "otherwise": "0.5" })
            ),
            "数数量，折算到每 1000 米；达到 3 得满分，其余得 50%"
        );
        assert_eq!(scale_of(json!({ "form": "binary" })), "符合得满分，不符合不得分");
    }

    #[test]
    fn every_method_has_a_name_of_its_own() {
        let names: std::collections::HashSet<String> =
            Method::ALL.into_iter().map(|one| method(one).zh).collect();
        assert_eq!(names.len(), Method::ALL.len());
    }
}
