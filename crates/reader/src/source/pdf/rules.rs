//! The straight lines that are drawn on a page: the rules of its tables, among them.

use super::page::Matrix;

/// More lines than on any page with tables; hatching and maps have more.
const MOST: usize = 50_000;

/// Points of one path. A page's borders may be one path; a map's coast is no border.
const PATH: usize = 20_000;

/// Wider strokes, in points, are bars and bands.
const WIDE: f32 = 8.0;

/// Filled areas that are thinner, in points, are lines: Word draws its borders so.
const THIN: f32 = 4.0;

/// Filled squares that are no larger, in points, are the dots of a dotted line.
const DOT: f32 = 2.0;

/// How far the ends of a straight line may be apart across its direction.
const SLANT: f32 = 0.5;

/// Farther from a page's corner nothing is on paper.
const FAR: f32 = 20_000.0;

/// A straight line. Heights count downwards, as people read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rule {
    /// The height of a horizontal one, the distance from the left of a vertical one.
    pub(super) at: f32,
    pub(super) from: f32,
    pub(super) to: f32,
}

/// The rules of a page.
#[derive(Debug, Default)]
pub(super) struct Rules {
    pub(super) across: Vec<Rule>,
    pub(super) down: Vec<Rule>,
}

impl Rules {
    /// Too many to be those of tables.
    pub(super) fn too_many(&self) -> bool {
        self.across.len() + self.down.len() >= MOST
    }

    fn line(&mut self, a: Point, b: Point) {
        if self.too_many() || [a.0, a.1, b.0, b.1].iter().any(|value| !value.is_finite() || value.abs() > FAR)
        {
            return;
        }
        let (wide, high) = ((a.0 - b.0).abs(), (a.1 - b.1).abs());
        if high <= SLANT && wide > high {
            self.across.push(Rule { at: -f32::midpoint(a.1, b.1), from: a.0.min(b.0), to: a.0.max(b.0) });
        } else if wide <= SLANT && high > wide {
            self.down.push(Rule {
                at: f32::midpoint(a.0, b.0),
                from: (-a.1).min(-b.1),
                to: (-a.1).max(-b.1),
            });
        }
    }

    /// A filled area is a line when it is thin and long.
    fn area(&mut self, area: &Area) {
        let (wide, high) = (area.right - area.left, area.top - area.bottom);
        let (x, y) = (f32::midpoint(area.left, area.right), f32::midpoint(area.bottom, area.top));
        let dot = wide.max(high) <= DOT;
        if dot || high <= THIN && wide >= 2.0 * high {
            self.line((area.left, y), (area.right, y));
        }
        if dot || wide <= THIN && high >= 2.0 * wide {
            self.line((x, area.bottom), (x, area.top));
        }
    }

    /// What is filled between two rectangles is a border: the middle of it.
    fn ring(&mut self, outer: &Area, inner: &Area) {
        let left = f32::midpoint(outer.left, inner.left);
        let right = f32::midpoint(outer.right, inner.right);
        let (bottom, top) = (f32::midpoint(outer.bottom, inner.bottom), f32::midpoint(outer.top, inner.top));
        self.line((left, top), (right, top));
        self.line((left, bottom), (right, bottom));
        self.line((left, bottom), (left, top));
        self.line((right, bottom), (right, top));
    }
}

type Point = (f32, f32);

/// What a part of a path encloses.
#[derive(Debug, Clone, Copy)]
struct Area {
    left: f32,
    right: f32,
    bottom: f32,
    top: f32,
    curved: bool,
}

impl Area {
    fn at((x, y): Point) -> Self {
        Self { left: x, right: x, bottom: y, top: y, curved: false }
    }

    /// Whether the other lies inside, everywhere as near as a line is wide.
    fn is_around(&self, other: &Self) -> bool {
        let wide = [
            other.left - self.left,
            self.right - other.right,
            other.bottom - self.bottom,
            self.top - other.top,
        ];
        wide.iter().all(|wide| (0.0..=THIN).contains(wide)) && !self.curved && !other.curved
    }

    fn reach(&mut self, (x, y): Point) {
        self.left = self.left.min(x);
        self.right = self.right.max(x);
        self.bottom = self.bottom.min(y);
        self.top = self.top.max(y);
    }
}

/// The path that is being drawn, in the page's own coordinates.
#[derive(Debug, Default)]
pub(super) struct Path {
    lines: Vec<(Point, Point)>,
    areas: Vec<Area>,
    open: Option<Area>,
    begin: Point,
    at: Point,
}

impl Path {
    /// Follows an operator, if it is one of paths. `width` is that of a line.
    pub(super) fn follow(
        &mut self,
        operator: &str,
        value: impl Fn(usize) -> f32,
        matrix: &Matrix,
        width: f32,
        rules: &mut Rules,
    ) {
        let point = |index: usize| placed(matrix, value(index), value(index + 1));
        match operator {
            "m" => {
                self.end_part();
                (self.begin, self.at) = (point(0), point(0));
                self.open = Some(Area::at(self.at));
            }
            "l" => self.line(point(0)),
            "c" => self.curve(point(4)),
            "v" | "y" => self.curve(point(2)),
            "h" => self.close(),
            "re" => {
                self.end_part();
                let (x, y, wide, high) = (value(0), value(1), value(2), value(3));
                self.begin = placed(matrix, x, y);
                self.at = self.begin;
                self.open = Some(Area::at(self.at));
                self.line(placed(matrix, x + wide, y));
                self.line(placed(matrix, x + wide, y + high));
                self.line(placed(matrix, x, y + high));
                self.close();
                self.end_part();
            }
            "S" => self.paint(true, false, matrix, width, rules),
            "s" => {
                self.close();
                self.paint(true, false, matrix, width, rules);
            }
            "f" | "F" | "f*" => self.paint(false, true, matrix, width, rules),
            "B" | "B*" => self.paint(true, true, matrix, width, rules),
            "b" | "b*" => {
                self.close();
                self.paint(true, true, matrix, width, rules);
            }
            "n" => self.clear(),
            _ => {}
        }
    }

    fn line(&mut self, to: Point) {
        if self.lines.len() < PATH {
            self.lines.push((self.at, to));
        }
        self.at = to;
        self.open.get_or_insert(Area::at(to)).reach(to);
    }

    fn curve(&mut self, to: Point) {
        self.at = to;
        let area = self.open.get_or_insert(Area::at(to));
        area.reach(to);
        area.curved = true;
    }

    fn close(&mut self) {
        if self.at != self.begin && self.open.is_some() {
            self.line(self.begin);
        }
    }

    fn end_part(&mut self) {
        if let Some(area) = self.open.take()
            && self.areas.len() < PATH
        {
            self.areas.push(area);
        }
    }

    fn paint(&mut self, stroke: bool, fill: bool, matrix: &Matrix, width: f32, rules: &mut Rules) {
        self.end_part();
        let [a, b, c, d, ..] = *matrix;
        let on_paper = width * (a * d - b * c).abs().sqrt();
        if stroke && on_paper <= WIDE {
            for &(from, to) in &self.lines {
                rules.line(from, to);
            }
        }
        if fill {
            let mut rest = self.areas.as_slice();
            while let [area, after @ ..] = rest {
                rest = after;
                match after {
                    [other, after @ ..] if area.is_around(other) || other.is_around(area) => {
                        rules.ring(area, other);
                        rest = after;
                    }
                    _ if !area.curved => rules.area(area),
                    _ => {}
                }
            }
        }
        self.clear();
    }

    fn clear(&mut self) {
        self.lines.clear();
        self.areas.clear();
        self.open = None;
    }
}

fn placed([a, b, c, d, e, f]: &Matrix, x: f32, y: f32) -> Point {
    (a * x + c * y + e, b * x + d * y + f)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(operators: &[(&str, &[f32])]) -> Rules {
        let (mut path, mut rules) = (Path::default(), Rules::default());
        for (operator, values) in operators {
            let value = |index: usize| values.get(index).copied().unwrap_or(0.0);
            path.follow(operator, value, &[1.0, 0.0, 0.0, 1.0, 0.0, 0.0], 1.0, &mut rules);
        }
        rules
    }

    #[test]
    fn only_what_is_painted_straight_and_thin_is_a_rule() {
        type Drawing<'a> = &'a [(&'a str, &'a [f32])];
        let across = |at: f32| Rule { at: -at, from: 10.0, to: 110.0 };
        let cases: [(Drawing<'_>, Vec<Rule>, usize); 11] = [
            (&[("m", &[110.0, 50.0]), ("l", &[10.0, 50.0]), ("S", &[])], vec![across(50.0)], 0),
            (&[("re", &[10.0, 49.75, 100.0, 0.5]), ("f", &[])], vec![across(50.0)], 0),
            (&[("re", &[10.0, 50.0, 100.0, -20.0]), ("S", &[])], vec![across(50.0), across(30.0)], 2),
            // Dots, and what is filled between two rectangles.
            (
                &[("re", &[10.0, 50.0, 1.0, 1.0]), ("re", &[12.0, 50.0, 1.0, 1.0]), ("f", &[])],
                vec![Rule { at: -50.5, from: 10.0, to: 11.0 }, Rule { at: -50.5, from: 12.0, to: 13.0 }],
                2,
            ),
            (
                &[("re", &[11.0, 31.0, 98.0, 18.0]), ("re", &[9.0, 29.0, 102.0, 22.0]), ("f*", &[])],
                vec![across(50.0), across(30.0)],
                2,
            ),
            // A background, and a line that is only a limit of what is drawn.
            (&[("re", &[10.0, 50.0, 100.0, 20.0]), ("f*", &[])], vec![], 0),
            (&[("re", &[10.0, 50.0, 100.0, 0.5]), ("W", &[]), ("n", &[]), ("f", &[])], vec![], 0),
            (&[("m", &[10.0, 50.0]), ("l", &[110.0, 60.0]), ("S", &[])], vec![], 0),
            (&[("m", &[10.0, 50.0]), ("c", &[9.0, 9.0, 9.0, 9.0, 110.0, 50.0]), ("B", &[])], vec![], 0),
            // Neither numbers nor places that are on no paper.
            (&[("re", &[f32::NAN, f32::INFINITY, 1e30, 0.5]), ("b", &[]), ("h", &[])], vec![], 0),
            (
                &[("h", &[]), ("S", &[]), ("y", &[]), ("h", &[]), ("s", &[]), ("W", &[]), ("B", &[])],
                vec![],
                0,
            ),
        ];
        for (operators, expected, down) in cases {
            let rules = drawn(operators);
            assert_eq!((rules.across, rules.down.len()), (expected, down), "{operators:?}");
        }
    }
}
