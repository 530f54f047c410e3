use uuid::Uuid;

use super::*;
use crate::id::UserId;

fn result() -> AssessmentResult {
    AssessmentResult {
        campaign: CampaignId(Uuid::from_u128(1)),
        id: ResultId(Uuid::from_u128(2)),
        standard: StandardId(Uuid::from_u128(3)),
        edition: EditionId(Uuid::from_u128(4)),
        on: NaiveDate::from_ymd_opt(2026, 5, 20).expect("a day"),
        kind: ResultKind::Mock,
        covert: true,
        team: "市文明办".to_owned(),
        total: Decimal::from(81),
        leaves: Vec::new(),
        judged: 0,
        source: "通报".to_owned(),
        superseded_by: None,
        by: Author::User(UserId(Uuid::from_u128(5))),
        recorded_at: DateTime::from_timestamp(1_780_000_000, 0).expect("a moment"),
    }
}

#[test]
fn a_result_is_superseded_once_by_one_of_the_same_standard_and_kind() {
    let later = AssessmentResult { id: ResultId(Uuid::from_u128(9)), ..result() };
    let gone = result().supersede(&later).expect("superseded");
    assert_eq!((gone.superseded_by, gone.version()), (Some(later.id), 2));
    assert_eq!(gone.supersede(&later), Err(ResultRefusal::Superseded));
    assert_eq!(result().supersede(&result()), Err(ResultRefusal::Other), "none supersedes itself");
    for other in [
        AssessmentResult { kind: ResultKind::Official, ..later.clone() },
        AssessmentResult { standard: StandardId(Uuid::from_u128(8)), ..later },
    ] {
        assert_eq!(result().supersede(&other), Err(ResultRefusal::Other));
    }
}
