//! What a score costs: all facts folded anew, beside one more observation on top of what is counted.
//! `cargo bench -p chengjing-reader --bench score`. It stands here because a standard is read from its file. No assertion:
//! the numbers are for people.

#![allow(clippy::print_stdout, reason = "a bench speaks to the terminal")]

use std::{hint::black_box, time::Instant};

use chengjing_domain::{
    score::{Book, Fact, Facts, Observation, Scorecard, Site},
    standard::{CatalogueFile, ItemKind, Whole},
};
use chengjing_reader::standard::{File, put_together, read};
use chrono::{DateTime, TimeDelta, Utc};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Observations beside those that are folded, which are added one by one.
const MORE: usize = 1_000;
const SITES: usize = 1_200;

fn standard() -> Whole {
    let shared: CatalogueFile = match read(include_bytes!("../../../standards/shared.yaml")) {
        Ok(File::Catalogue(catalogue)) => catalogue,
        other => panic!("{other:?}"),
    };
    match read(include_bytes!("../../../standards/civilised-county.yaml")) {
        Ok(File::Standard(standard, places)) => put_together(*standard, &places, &[shared]).expect("right"),
        other => panic!("{other:?}"),
    }
}

/// Numbers that look drawn and are the same in every run.
struct Drawn(u64);

impl Drawn {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % most
    }
}

/// Sites of every type, and visits, reviews and answers in the order in which they were made.
fn facts(whole: &Whole, count: usize) -> Facts {
    let as_of: DateTime<Utc> = "2026-11-01T00:00:00Z".parse().expect("a moment");
    let types = &whole.catalogue.site_types;
    let sites: Vec<Site> = (0..SITES)
        .map(|n| Site { id: format!("s{n}"), site_type: types[n % types.len()].id.clone(), unit: None })
        .collect();
    let mut drawn = Drawn(7);
    let step = TimeDelta::days(300) / i32::try_from(count).expect("a count");
    let observations = (0..count).map(|n| {
        let at = as_of - TimeDelta::days(301) + step * i32::try_from(n).expect("a count");
        let fact = loop {
            let item = &whole.items[drawn.below(whole.items.len())];
            let verdict =
                |words: &[&str], drawn: &mut Drawn| Some(words[drawn.below(words.len())].to_owned());
            break match &item.kind {
                ItemKind::Question { counts, .. } => {
                    let options: Vec<&String> = counts.keys().collect();
                    let chosen = options[drawn.below(options.len())].clone();
                    Fact::Answers { question: item.id.clone(), group: None, options: [(chosen, 1)].into() }
                }
                ItemKind::Requirement { scale } => {
                    let Some(verdict) = verdict(&scale.words(), &mut drawn) else { continue };
                    Fact::Review { requirement: item.id.clone(), verdict }
                }
                ItemKind::Criterion { site_type, scale, .. } => {
                    let type_at = types.iter().position(|one| one.id == *site_type).expect("a type");
                    let site = drawn.below(SITES / types.len()) * types.len() + type_at;
                    let words = scale.words();
                    let (verdict, number, metres) = if words.is_empty() {
                        (None, Some(drawn.below(7).into()), Some(300.into()))
                    } else {
                        (verdict(&words, &mut drawn), None, None)
                    };
                    Fact::Visit {
                        site: sites[site].id.clone(),
                        criterion: item.id.clone(),
                        verdict,
                        number,
                        metres,
                        absent: false,
                    }
                }
            };
        };
        Observation {
            id: format!("o{n:07}"),
            at,
            accepted_at: Some(at),
            covert: false,
            released_at: None,
            round: None,
            fact,
        }
    });
    let observations = observations.collect();
    Facts { as_of, round: None, sites, observations, totals: [].into() }
}

/// The fastest of several rounds, in seconds: what the machine does besides only ever makes one slower.
fn fastest<T>(rounds: usize, mut run: impl FnMut() -> T) -> f64 {
    let mut fastest = f64::INFINITY;
    for _ in 0..rounds {
        let start = Instant::now();
        black_box(run());
        fastest = fastest.min(start.elapsed().as_secs_f64());
    }
    fastest
}

fn main() {
    let whole = standard();
    println!(
        "{} leaves, {} things that are judged or asked, {SITES} sites",
        whole.leaves.len(),
        whole.items.len()
    );
    for count in [10_000, 100_000, 1_000_000] {
        let mut facts = facts(&whole, count + MORE);
        let more = facts.observations.split_off(count);
        let rounds = (2_000_000 / count).clamp(3, 20);
        let folded = fastest(rounds, || Book::open(&whole, &facts));
        let book = Book::open(&whole, &facts);
        let card = fastest(20, || book.card());
        let whole_card = fastest(3, || Scorecard::of(&whole, &facts));
        let mut added = book.clone();
        let start = Instant::now();
        for observation in &more {
            added.add(observation);
        }
        let add = start.elapsed().as_secs_f64() / MORE as f64;
        let mut added = book.clone();
        let start = Instant::now();
        for observation in &more {
            added.add(observation);
            black_box(added.card());
        }
        let add_and_card = start.elapsed().as_secs_f64() / MORE as f64;
        println!(
            "{count:>9} observations: folded {:.1} ms, with the card and every loss {:.1} ms; card from the counters {:.1} µs; \
             one more {:.2} µs, with the card {:.1} µs: folding anew costs {:.0} times that",
            folded * 1e3,
            whole_card * 1e3,
            card * 1e6,
            add * 1e6,
            add_and_card * 1e6,
            (folded + card) / add_and_card
        );
    }
}
