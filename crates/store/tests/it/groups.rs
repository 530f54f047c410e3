//! The groups of a filtered list are what the list itself shows when it is asked for each of them.

use std::collections::BTreeMap;

use chengjing_domain::{
    duty::{Duty, view::Grouping},
    id::CampaignId,
};
use chengjing_store::{
    Paging, campaign,
    duty::{self, DutyFilter, GroupCounts},
};
use chrono::Datelike;

use crate::harness::{self, Bench, on_both, recorded, with_campaign, write};

async fn counted(
    bench: &Bench,
    here: CampaignId,
    filter: &DutyFilter,
    by: Grouping,
    most: u64,
) -> GroupCounts {
    let filter = filter.clone();
    let read = bench.store.read(|r| async move { duty::group_counts(&r, here, &filter, by, most).await });
    read.await.expect("counted")
}

#[tokio::test]
async fn a_groups_number_is_that_of_the_list_of_it_beside_any_filter_and_scope() {
    on_both(|bench: Bench| async move {
        let (here, units) = with_campaign(&bench.store, &["城管局", "教育局", "住建局"]).await;
        let phase = harness::phase(here, 30, 0);
        let duties: Vec<Duty> = (0..40_u32)
            .map(|n| {
                let from = usize::try_from(n % 3).expect("small");
                let duty = harness::duty(here, 200 + u128::from(n), "整治", &units[from..], n % 29);
                Duty {
                    phase: (n % 4 == 0).then_some(phase.id),
                    part: (n % 5 > 0).then(|| format!("二、重点任务 › ({})", n % 5)),
                    ..duty
                }
            })
            .collect();
        write!(bench, [phase, duties], |tx| {
            campaign::add_phase(&tx, &phase).await?;
            duty::add_many(&tx, &duties).await?;
            recorded(&tx).await
        })
        .expect("duties");
        let filters = [
            DutyFilter::default(),
            DutyFilter { unit: Some(units[1].id), ..DutyFilter::default() },
            DutyFilter { any_unit: Some(vec![units[0].id, units[1].id]), ..DutyFilter::default() },
            DutyFilter { phaseless: true, last_first: true, ..DutyFilter::default() },
            DutyFilter { text: Some("没有的词".into()), ..DutyFilter::default() },
            DutyFilter { any_unit: Some(Vec::new()), ..DutyFilter::default() },
        ];
        for filter in &filters {
            for by in [Grouping::Unit, Grouping::Phase, Grouping::Part, Grouping::Month, Grouping::Initiative]
            {
                let groups = counted(&bench, here, filter, by, 1_000).await;
                assert!(groups.complete);
                let asked = filter.clone();
                let page = bench
                    .store
                    .read(|r| async move { duty::list(&r, here, &asked, &Paging::first(1_000)).await });
                let mut expected: BTreeMap<String, u64> = BTreeMap::new();
                for duty in page.await.expect("a list").items {
                    let keys = match by {
                        Grouping::Phase => vec![duty.phase.map(|id| id.to_string()).unwrap_or_default()],
                        Grouping::Part => vec![duty.part.unwrap_or_default()],
                        Grouping::Month => {
                            let month = |day: chrono::NaiveDate| format!("{}-{:02}", day.year(), day.month());
                            vec![duty.due_on.map(month).unwrap_or_default()]
                        }
                        Grouping::Initiative => vec![String::new()],
                        Grouping::Unit => Vec::new(),
                    };
                    keys.into_iter().for_each(|key| *expected.entry(key).or_default() += 1);
                }
                if by == Grouping::Unit {
                    for unit in units.iter().filter(|unit| filter.unit.is_none_or(|wanted| wanted == unit.id))
                    {
                        let of_unit = DutyFilter { unit: Some(unit.id), ..filter.clone() };
                        let page = bench.store.read(|r| async move {
                            duty::list(&r, here, &of_unit, &Paging::first(1_000)).await
                        });
                        let n = page.await.expect("a list").items.len() as u64;
                        if n > 0 {
                            expected.insert(unit.id.to_string(), n);
                        }
                    }
                }
                assert_eq!(groups.counts, expected, "{by:?} {filter:?} {}", bench.engine);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_list_that_is_longer_than_is_counted_says_so() {
    on_both(|bench: Bench| async move {
        let (here, units) = with_campaign(&bench.store, &["城管局"]).await;
        let duties: Vec<Duty> =
            (0..10).map(|n| harness::duty(here, 200 + n, "整治", &units[..1], 20)).collect();
        write!(bench, [duties], |tx| {
            duty::add_many(&tx, &duties).await?;
            recorded(&tx).await
        })
        .expect("duties");
        let all = DutyFilter::default();
        let seven = counted(&bench, here, &all, Grouping::Month, 7).await;
        assert_eq!((seven.complete, seven.counts.get("2026-06")), (false, Some(&7)), "{}", bench.engine);
        let ten = counted(&bench, here, &all, Grouping::Month, 10).await;
        assert_eq!((ten.complete, ten.counts.get("2026-06")), (true, Some(&10)), "{}", bench.engine);
    })
    .await;
}
