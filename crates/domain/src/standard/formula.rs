//! Formulas over statistics, in the Common Expression Language.
//!
//! The language is CEL and its parser is a library; what it comes to is worked out in decimals here, since published
//! numbers have no floating point behind them. Numbers, names, arithmetic, comparisons, `&&`, `||`, `!`, `c ? a : b`,
//! `min` and `max` are known.

use std::collections::BTreeSet;

use cel::{
    common::ast::{Expr, IdedExpr, LiteralValue, operators},
    parser::Parser,
};
use rust_decimal::Decimal;

use super::grading::quotient;

/// The longest expression, in characters.
pub const LONGEST: usize = 1_000;
/// How deep an expression may be nested.
const DEEPEST: u16 = 32;
/// The parser's frames are large, most of all in a debug build.
const STACK: usize = 64 << 20;

/// A formula that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Formula {
    term: Term,
}

#[derive(Debug, Clone, PartialEq)]
enum Term {
    Number(Decimal),
    Truth(bool),
    Name(String),
    Not(Box<Term>),
    Negative(Box<Term>),
    And(Box<Term>, Box<Term>),
    Or(Box<Term>, Box<Term>),
    Two(Operator, Box<Term>, Box<Term>),
    If(Box<Term>, Box<Term>, Box<Term>),
    Least(Vec<Term>),
    Most(Vec<Term>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Value {
    Number(Decimal),
    Truth(bool),
}

/// Why a text is no formula.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormulaFault {
    #[error("it has {0} characters; at most {LONGEST} are possible")]
    TooLong(usize),
    #[error("{0}")]
    Syntax(String),
    #[error("`{0}` is not known here; there are numbers, names, arithmetic, comparisons, `? :`, min and max")]
    Unknown(String),
    #[error("it comes to true or false, not to a number")]
    NoNumber,
    #[error("`{0}` stands where the other kind is expected: a number is no truth")]
    Kind(&'static str),
}

/// Why a formula comes to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Nothing {
    #[error("a statistic that it needs is not known")]
    Unknown,
    #[error("it divides by zero")]
    DividesByZero,
    #[error("a number in it is too large")]
    TooLarge,
}

impl Formula {
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, FormulaFault> {
        let length = text.chars().count();
        if length > LONGEST {
            return Err(FormulaFault::TooLong(length));
        }
        let parse = || {
            Parser::new().max_recursion_depth(DEEPEST).parse(text).map_err(|errors| {
                let first = errors.errors.first().map(|error| error.msg.clone());
                FormulaFault::Syntax(first.unwrap_or_else(|| "it is no expression".to_owned()))
            })
        };
        let parsed = std::thread::scope(|scope| {
            let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, parse);
            let broken = || FormulaFault::Syntax("it could not be read".to_owned());
            thread.map_err(|_| broken())?.join().map_err(|_| broken())?
        })?;
        let term = term(&parsed)?;
        match kind(&term)? {
            Kind::Number => Ok(Self { term }),
            Kind::Truth => Err(FormulaFault::NoNumber),
        }
    }

    /// The statistics that it needs.
    pub fn names(&self) -> BTreeSet<&str> {
        let mut names = BTreeSet::new();
        gather(&self.term, &mut names);
        names
    }

    /// What it comes to, given its statistics.
    ///
    /// # Errors
    /// Where a statistic is missing that this evaluation needs, and where the arithmetic has no answer.
    pub fn evaluate(&self, known: &impl Fn(&str) -> Option<Decimal>) -> Result<Decimal, Nothing> {
        match evaluate(&self.term, known)? {
            Value::Number(number) => Ok(number),
            Value::Truth(_) => Err(Nothing::Unknown),
        }
    }
}

fn term(expression: &IdedExpr) -> Result<Term, FormulaFault> {
    let unknown = |what: &str| Err(FormulaFault::Unknown(what.to_owned()));
    match &expression.expr {
        Expr::Ident(name) => Ok(Term::Name(name.clone())),
        Expr::Literal(literal) => match literal {
            LiteralValue::Boolean(truth) => Ok(Term::Truth(*truth.inner())),
            LiteralValue::Int(number) => Ok(Term::Number(Decimal::from(*number.inner()))),
            LiteralValue::UInt(number) => Ok(Term::Number(Decimal::from(*number.inner()))),
            // The shortest decimal that is this double is what was written.
            LiteralValue::Double(number) => number
                .inner()
                .to_string()
                .parse()
                .map(Term::Number)
                .map_err(|_| FormulaFault::Unknown(number.inner().to_string())),
            _ => unknown("a text"),
        },
        Expr::Call(call) if call.target.is_none() => {
            let terms = call.args.iter().map(term).collect::<Result<Vec<_>, _>>()?;
            named(&call.func_name, terms)
        }
        Expr::Call(call) => unknown(&call.func_name),
        Expr::Select(select) => unknown(&select.field),
        _ => unknown("this"),
    }
}

fn named(name: &str, terms: Vec<Term>) -> Result<Term, FormulaFault> {
    let operator = match name {
        operators::ADD => Some(Operator::Add),
        operators::SUBSTRACT => Some(Operator::Subtract),
        operators::MULTIPLY => Some(Operator::Multiply),
        operators::DIVIDE => Some(Operator::Divide),
        operators::EQUALS => Some(Operator::Equal),
        operators::NOT_EQUALS => Some(Operator::NotEqual),
        operators::LESS => Some(Operator::Less),
        operators::LESS_EQUALS => Some(Operator::AtMost),
        operators::GREATER => Some(Operator::Greater),
        operators::GREATER_EQUALS => Some(Operator::AtLeast),
        _ => None,
    };
    let unknown = FormulaFault::Unknown(name.to_owned());
    // The parser joins a row of `&&` into one call.
    let joined = |terms: Vec<Term>, join: fn(Box<Term>, Box<Term>) -> Term| {
        terms.into_iter().reduce(|left, right| join(Box::new(left), Box::new(right)))
    };
    match (operator, name) {
        (Some(operator), _) => {
            let two: Result<[Term; 2], _> = terms.try_into();
            let [left, right] = two.map_err(|_| unknown)?;
            Ok(Term::Two(operator, Box::new(left), Box::new(right)))
        }
        (None, operators::LOGICAL_AND) => joined(terms, Term::And).ok_or(unknown),
        (None, operators::LOGICAL_OR) => joined(terms, Term::Or).ok_or(unknown),
        (None, operators::LOGICAL_NOT) => single(terms).map(Term::Not).ok_or(unknown),
        (None, operators::NEGATE) => single(terms).map(Term::Negative).ok_or(unknown),
        (None, operators::CONDITIONAL) => {
            let three: Result<[Term; 3], _> = terms.try_into();
            let [condition, then, otherwise] = three.map_err(|_| unknown)?;
            Ok(Term::If(Box::new(condition), Box::new(then), Box::new(otherwise)))
        }
        (None, "min") if !terms.is_empty() => Ok(Term::Least(terms)),
        (None, "max") if !terms.is_empty() => Ok(Term::Most(terms)),
        _ => Err(unknown),
    }
}

fn single(mut terms: Vec<Term>) -> Option<Box<Term>> {
    (terms.len() == 1).then(|| terms.pop()).flatten().map(Box::new)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Truth,
}

/// What a term comes to; an expression whose kinds do not fit is found before anybody relies on it.
fn kind(term: &Term) -> Result<Kind, FormulaFault> {
    let must = |term: &Term, expected: Kind, place: &'static str| match kind(term)? {
        found if found == expected => Ok(()),
        _ => Err(FormulaFault::Kind(place)),
    };
    match term {
        Term::Number(_) | Term::Name(_) => Ok(Kind::Number),
        Term::Truth(_) => Ok(Kind::Truth),
        Term::Not(term) => must(term, Kind::Truth, "!").map(|()| Kind::Truth),
        Term::Negative(term) => must(term, Kind::Number, "-").map(|()| Kind::Number),
        Term::And(left, right) | Term::Or(left, right) => {
            must(left, Kind::Truth, "&&, ||")?;
            must(right, Kind::Truth, "&&, ||")?;
            Ok(Kind::Truth)
        }
        Term::Two(operator, left, right) => {
            let (expected, place, result) = match operator {
                Operator::Add => (Kind::Number, "+", Kind::Number),
                Operator::Subtract => (Kind::Number, "-", Kind::Number),
                Operator::Multiply => (Kind::Number, "*", Kind::Number),
                Operator::Divide => (Kind::Number, "/", Kind::Number),
                Operator::Equal => (Kind::Number, "==", Kind::Truth),
                Operator::NotEqual => (Kind::Number, "!=", Kind::Truth),
                Operator::Less => (Kind::Number, "<", Kind::Truth),
                Operator::AtMost => (Kind::Number, "<=", Kind::Truth),
                Operator::Greater => (Kind::Number, ">", Kind::Truth),
                Operator::AtLeast => (Kind::Number, ">=", Kind::Truth),
            };
            must(left, expected, place)?;
            must(right, expected, place)?;
            Ok(result)
        }
        Term::If(condition, then, otherwise) => {
            must(condition, Kind::Truth, "?")?;
            let result = kind(then)?;
            must(otherwise, result, ":")?;
            Ok(result)
        }
        Term::Least(terms) | Term::Most(terms) => {
            terms.iter().try_for_each(|term| must(term, Kind::Number, "min, max"))?;
            Ok(Kind::Number)
        }
    }
}

fn gather<'a>(term: &'a Term, names: &mut BTreeSet<&'a str>) {
    match term {
        Term::Number(_) | Term::Truth(_) => {}
        Term::Name(name) => drop(names.insert(name)),
        Term::Not(term) | Term::Negative(term) => gather(term, names),
        Term::And(left, right) | Term::Or(left, right) | Term::Two(_, left, right) => {
            gather(left, names);
            gather(right, names);
        }
        Term::If(condition, then, otherwise) => {
            [condition, then, otherwise].into_iter().for_each(|term| gather(term, names));
        }
        Term::Least(terms) | Term::Most(terms) => terms.iter().for_each(|term| gather(term, names)),
    }
}

/// One side can decide alone, whichever it is and whatever is wrong with the other.
fn either(decides: bool, left: Result<bool, Nothing>, right: Result<bool, Nothing>) -> Result<bool, Nothing> {
    match (left, right) {
        (Ok(one), _) | (_, Ok(one)) if one == decides => Ok(decides),
        (Ok(_), Ok(_)) => Ok(!decides),
        // What is missing comes before what could not be worked out.
        (Err(Nothing::Unknown), _) | (_, Err(Nothing::Unknown)) => Err(Nothing::Unknown),
        (Err(why), _) | (_, Err(why)) => Err(why),
    }
}

fn evaluate(term: &Term, known: &impl Fn(&str) -> Option<Decimal>) -> Result<Value, Nothing> {
    let number = |term: &Term| match evaluate(term, known)? {
        Value::Number(number) => Ok(number),
        Value::Truth(_) => Err(Nothing::Unknown),
    };
    let truth = |term: &Term| match evaluate(term, known)? {
        Value::Truth(truth) => Ok(truth),
        Value::Number(_) => Err(Nothing::Unknown),
    };
    let most_of = |terms: &[Term], better: fn(Decimal, Decimal) -> Decimal| {
        let numbers = terms.iter().map(number).collect::<Result<Vec<_>, _>>()?;
        numbers.into_iter().reduce(better).map(Value::Number).ok_or(Nothing::Unknown)
    };
    match term {
        Term::Number(number) => Ok(Value::Number(*number)),
        Term::Truth(truth) => Ok(Value::Truth(*truth)),
        Term::Name(name) => known(name).map(Value::Number).ok_or(Nothing::Unknown),
        Term::Not(term) => truth(term).map(|truth| Value::Truth(!truth)),
        Term::Negative(term) => number(term).map(|number| Value::Number(-number)),
        Term::If(condition, then, otherwise) => {
            evaluate(if truth(condition)? { then } else { otherwise }, known)
        }
        Term::Least(terms) => most_of(terms, Decimal::min),
        Term::Most(terms) => most_of(terms, Decimal::max),
        Term::And(left, right) => either(false, truth(left), truth(right)).map(Value::Truth),
        Term::Or(left, right) => either(true, truth(left), truth(right)).map(Value::Truth),
        Term::Two(operator, left, right) => {
            let (left, right) = (number(left)?, number(right)?);
            let result = |result: Option<Decimal>| result.map(Value::Number).ok_or(Nothing::TooLarge);
            match operator {
                Operator::Add => result(left.checked_add(right)),
                Operator::Subtract => result(left.checked_sub(right)),
                Operator::Multiply => result(left.checked_mul(right)),
                Operator::Divide if right.is_zero() => Err(Nothing::DividesByZero),
                Operator::Divide => {
                    left.checked_div(right).ok_or(Nothing::TooLarge)?;
                    Ok(Value::Number(quotient(left, right)))
                }
                Operator::Equal => Ok(Value::Truth(left == right)),
                Operator::NotEqual => Ok(Value::Truth(left != right)),
                Operator::Less => Ok(Value::Truth(left < right)),
                Operator::AtMost => Ok(Value::Truth(left <= right)),
                Operator::Greater => Ok(Value::Truth(left > right)),
                Operator::AtLeast => Ok(Value::Truth(left >= right)),
            }
        }
    }
}
