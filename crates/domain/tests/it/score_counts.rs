//! The score from counters is the score from what was observed.

use chengjing_domain::{
    id::{CampaignId, ObservationId},
    ledger::Author,
    observation::{KeptObservation, counted, counters, round_at, standing, standing_at},
    score::{Book, FactKind, Facts, Scope, When, month_of},
    standard::{Whole, Window},
};
use chrono::TimeDelta;
use proptest::prelude::*;
use uuid::Uuid;

use crate::{
    score::{facts, moment},
    score_laws::{config, fitting, observations, standards},
};

/// Windows of measures and of the whole, by chance.
fn windows() -> impl Strategy<Value = Vec<Option<Window>>> {
    let window = (proptest::option::of(1_u32..4), any::<bool>())
        .prop_map(|(months, this_round)| Window { months, this_round });
    proptest::collection::vec(proptest::option::of(window), 16)
}

fn windowed(mut whole: Whole, windows: &[Option<Window>]) -> Whole {
    whole.standard.window = windows[0];
    let measures = whole.leaves.iter_mut().flat_map(|leaf| &mut leaf.measures);
    for (taken, window) in measures.zip(&windows[1..]) {
        taken.measure.window = *window;
    }
    whole
}

/// How old an observation is, of which round, and which earlier one it supersedes.
type Told = (i64, u8, Option<prop::sample::Index>);

/// A history of a campaign: what was observed over four months in rounds, some of it superseded.
fn history(facts: Facts, told: &[Told]) -> Vec<KeptObservation> {
    let mut all: Vec<KeptObservation> = Vec::new();
    for (n, (observation, (days, round, supersedes))) in facts.observations.into_iter().zip(told).enumerate()
    {
        let at = observation.at - TimeDelta::days(*days);
        let mut one = KeptObservation {
            campaign: CampaignId(Uuid::from_u128(1)),
            id: ObservationId(Uuid::from_u128(100 + n as u128)),
            at,
            accepted_at: observation.accepted_at,
            covert: observation.covert,
            released_at: observation.released_at,
            round: [None, Some("1"), Some("2")][usize::from(*round % 3)].map(str::to_owned),
            fact: observation.fact,
            standard: None,
            unit: None,
            source: String::new(),
            period: observation.period.map(|period| period.to_string()),
            files: Vec::new(),
            superseded_by: None,
            withdraws: false,
            by: Author::System,
            recorded_at: moment(),
        };
        // Both of one moment: which is the newer is for the ids to say.
        if days % 5 == 0
            && let Some(last) = all.last()
        {
            one.at = last.at;
        }
        if let Some(index) = supersedes.filter(|_| !all.is_empty()) {
            let place = index.index(all.len());
            let mistaken = (days % 7 == 0).then(|| {
                let id = ObservationId(Uuid::from_u128(1_000 + n as u128));
                all[place].withdrawal(id, String::new(), Author::System, at)
            });
            if let Some(Ok(withdrawal)) = mistaken {
                all[place] = all[place].clone().supersede(&withdrawal).expect("it is of the same thing");
                all.push(withdrawal);
            } else if let Ok(gone) = all[place].clone().supersede(&one) {
                all[place] = gone;
            }
        }
        all.push(one);
    }
    all
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn counters_give_the_score_that_the_observations_give(
        whole in standards(), windows in windows(), seen in observations(),
        told in proptest::collection::vec((0_i64..130, any::<u8>(), proptest::option::weighted(0.3, any::<prop::sample::Index>())), 14),
    ) {
        let whole = windowed(whole, &windows);
        let all = history(fitting(&whole, seen), &told);
        let round = round_at(&all, moment());
        let observed = |picked: &dyn Fn(&KeptObservation) -> bool| Facts {
            round: round.clone(),
            observations: standing_at(&all, moment()).into_iter().filter(|one| picked(one)).map(KeptObservation::observed).collect(),
            ..facts(Vec::new())
        };
        let raw = observed(&|_| true);
        let expected = Book::open(&whole, &raw).card();

        // As the store does it: counters by month, and one by one what is of a month in which a window begins.
        let kinds = [FactKind::Visit, FactKind::Answers];
        let singles = observed(&|one| !kinds.contains(&one.fact.kind()));
        let mut book = Book::open(&whole, &singles);
        let edges = book.edges();
        for (key, times) in counters(&all) {
            if !edges.contains(&key.month) {
                let times = u64::try_from(times).expect("none is counted down");
                book.count(&key.about, &key.scope, When::In(&key.month), &key.outcome, times);
            }
        }
        // What was graded by then is graded again where it counts more.
        book.card();
        for (of, scope) in standing_ones(&all) {
            if edges.contains(&month_of(of.at)) {
                for (key, times) in counted(of, &scope) {
                    let times = u64::try_from(times).expect("more than nothing");
                    book.count(&key.about, &key.scope, When::At(of.at), &key.outcome, times);
                }
            }
        }
        prop_assert_eq!(book.card(), expected, "{:#?}", all);
    }
}

/// The visits that stand in their cells, and the answers that count, with their scopes.
fn standing_ones(all: &[KeptObservation]) -> Vec<(&KeptObservation, Scope)> {
    let mut found = Vec::new();
    for one in all {
        match one.cell() {
            Some(cell) => {
                let scopes = standing(&cell, all).into_iter().filter(|standing| standing.id == one.id);
                found.extend(scopes.map(|standing| (one, standing.scope)));
            }
            None => {
                // The row of what supersedes it, one after the other.
                let mut later = one;
                let mut gone = false;
                let next =
                    |one: &KeptObservation| all.iter().find(|other| Some(other.id) == one.superseded_by);
                while let Some(by) = next(later) {
                    let void = next(by).is_some_and(|other| other.withdraws && other.counts());
                    gone |= by.counts() && !void && (!by.withdraws || later.id == one.id);
                    later = by;
                }
                if one.counts() && !one.withdraws && !gone {
                    found.push((one, Scope::Round(one.round.clone())));
                }
            }
        }
    }
    found
}
