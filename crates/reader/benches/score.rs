//! What a score costs: all facts folded anew, beside one more observation on top of what is counted.
//! `cargo bench -p chengjing-reader --bench score`. It stands here because a standard is read from its file. No assertion:
//! the numbers are for people.

#![allow(clippy::print_stdout, reason = "a bench speaks to the terminal")]

use std::{collections::BTreeMap, hint::black_box, time::Instant};

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
const CRITERIA: usize = 18;
const ANSWERS: usize = 200_000;

fn standard(file: &[u8]) -> Whole {
    let shared: CatalogueFile = match read(include_bytes!("../../../standards/shared.yaml")) {
        Ok(File::Catalogue(catalogue)) => catalogue,
        other => panic!("{other:?}"),
    };
    match read(file) {
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

fn observed(n: usize, at: DateTime<Utc>, fact: Fact) -> Observation {
    Observation {
        id: format!("o{n:08}"),
        at,
        accepted_at: Some(at),
        period: None,
        covert: false,
        released_at: None,
        round: None,
        fact,
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
    let step = TimeDelta::days(300) / i32::try_from(count.max(1)).expect("a count");
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
                    Fact::Review { requirement: item.id.clone(), verdict, incomplete: false }
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
        observed(n, at, fact)
    });
    let observations = observations.collect();
    Facts { as_of, round: None, sites, observations, totals: [].into() }
}

/// The fastest of several rounds, in seconds: what the machine does besides only ever makes one slower.
fn fastest<T>(rounds: usize, mut run: impl FnMut() -> T) -> f64 {
    fastest_of(rounds, || (), |()| run())
}

/// The same, of something that is made anew before each round, off the clock.
fn fastest_of<S, T>(rounds: usize, make: impl Fn() -> S, mut run: impl FnMut(&mut S) -> T) -> f64 {
    let mut fastest = f64::INFINITY;
    for _ in 0..rounds {
        let mut of = make();
        let start = Instant::now();
        black_box(run(&mut of));
        fastest = fastest.min(start.elapsed().as_secs_f64());
    }
    fastest
}

/// Visits to every site by 18 criteria, 200,000 answers, a review of each material: what a city knows at the end of a year,
/// counted by the two standards that it is assessed by. Answers and visits come as they are kept, one by one.
fn city(standards: &[Whole]) {
    let mut drawn = Drawn(11);
    let mut all = Facts { observations: Vec::new(), ..facts(&standards[0], 0) };
    let mut at = all.as_of - TimeDelta::days(300);
    let mut told = |all: &mut Facts, fact: Fact| {
        at += TimeDelta::seconds(100);
        all.observations.push(observed(all.observations.len(), at, fact));
    };
    let items: BTreeMap<&str, &ItemKind> =
        standards.iter().flat_map(|whole| &whole.items).map(|item| (item.id.as_str(), &item.kind)).collect();
    let questions: Vec<_> =
        items.iter().filter(|(_, kind)| matches!(kind, ItemKind::Question { .. })).collect();
    for site in all.sites.clone() {
        let own = items.iter().filter_map(|(id, kind)| match kind {
            ItemKind::Criterion { site_type, scale, .. } if *site_type == site.site_type => Some((id, scale)),
            _ => None,
        });
        let own: Vec<_> = own.collect();
        for n in 0..CRITERIA {
            let Some((id, scale)) = own.get(n % own.len().max(1)) else { continue };
            let words = scale.words();
            let verdict = (!words.is_empty()).then(|| words[drawn.below(words.len())].to_owned());
            let number = verdict.is_none().then(|| drawn.below(7).into());
            let metres = number.map(|_| 300.into());
            let (site, criterion) = (site.id.clone(), (**id).to_owned());
            told(&mut all, Fact::Visit { site, criterion, verdict, number, metres, absent: false });
        }
    }
    for (id, kind) in &items {
        if let ItemKind::Requirement { scale } = kind {
            let words = scale.words();
            let verdict = words[drawn.below(words.len())].to_owned();
            told(&mut all, Fact::Review { requirement: (*id).to_owned(), verdict, incomplete: false });
        }
    }
    for _ in 0..ANSWERS {
        let (id, kind) = questions[drawn.below(questions.len())];
        let ItemKind::Question { counts, .. } = kind else { continue };
        let option = counts.keys().nth(drawn.below(counts.len())).expect("an option").clone();
        told(
            &mut all,
            Fact::Answers { question: (*id).to_owned(), group: None, options: [(option, 1)].into() },
        );
    }
    let more = all.observations.iter().filter(|one| matches!(one.fact, Fact::Visit { .. })).take(MORE);
    let more: Vec<Observation> = more
        .enumerate()
        .map(|(n, one)| observed(10_000_000 + n, all.as_of - TimeDelta::seconds(1), one.fact.clone()))
        .collect();
    let open = || standards.iter().map(|whole| Book::open(whole, &all)).collect::<Vec<_>>();
    let folded = fastest(5, open);
    let mut books = open();
    // Every leaf is graded: nothing was looked at before.
    let card = fastest_of(20, || books.clone(), |books| books.iter_mut().map(Book::card).collect::<Vec<_>>());
    books.iter_mut().for_each(|book| drop(book.card()));
    let start = Instant::now();
    for observation in &more {
        for book in &mut books {
            book.add(observation);
            black_box(book.card());
        }
    }
    let one_more = start.elapsed().as_secs_f64() / more.len() as f64;
    println!(
        "a city: {} leaves, {SITES} sites, {} observations: scored from them {:.1} ms, from the counters {:.1} µs; \
         one more with the cards of both standards {:.1} µs",
        standards.iter().map(|whole| whole.leaves.len()).sum::<usize>(),
        all.observations.len(),
        (folded + card) * 1e3,
        card * 1e6,
        one_more * 1e6
    );
}

fn main() {
    let civilised = standard(include_bytes!("../../../standards/civilised-county.yaml"));
    city(&[civilised.clone(), standard(include_bytes!("../../../standards/minors.yaml"))]);
    let whole = civilised;
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
        let mut book = Book::open(&whole, &facts);
        let card = fastest_of(20, || book.clone(), Book::card);
        book.card();
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
