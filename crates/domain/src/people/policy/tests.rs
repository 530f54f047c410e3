use uuid::Uuid;

use super::*;
use crate::{
    id::{GrantId, SessionId, UserId},
    people::Grant,
};

const HERE: CampaignId = CampaignId(Uuid::from_u128(1));
const ELSEWHERE: CampaignId = CampaignId(Uuid::from_u128(2));
const OURS: UnitId = UnitId(Uuid::from_u128(3));
const THEIRS: UnitId = UnitId(Uuid::from_u128(4));

fn actor(role: Role, scope: Scope) -> Actor {
    let user = UserId(Uuid::from_u128(9));
    let grant = Grant::new(GrantId(Uuid::from_u128(8)), user, role, scope);
    Actor {
        user,
        name: "a".into(),
        display_name: "A".into(),
        grants: vec![grant],
        via: Via::Program,
        must_change_password: false,
    }
}

#[test]
fn every_action_has_exactly_one_rule_and_every_code_is_its_own() {
    for (index, rule) in TABLE.iter().enumerate() {
        for other in &TABLE[index + 1..] {
            assert_ne!(rule.action, other.action);
            assert_ne!(rule.code, other.code);
        }
    }
}

#[test]
fn nobody_without_a_login_gets_further_than_the_door() {
    for rule in TABLE {
        let decision = decide(None, rule.action, Resource::Campaign(HERE));
        let open = matches!(
            rule.action,
            A::SeeInstallation
                | A::SetUp
                | A::LogIn
                | A::AcceptInvitation
                | A::FetchCalendar
                | A::ProveAddress
        );
        assert_eq!(decision == Decision::Allowed, open, "{}", rule.code);
    }
}

#[test]
fn the_link_of_a_calendar_is_good_for_the_days_of_tasks_and_nothing_else() {
    for role in Role::ALL {
        let own = actor(role, Scope::Campaign(HERE));
        let link =
            through(TokenLimits { read_only: true, calendar: true, ..TokenLimits::default() }, own.clone());
        for rule in TABLE.iter().filter(|rule| matches!(rule.who, Who::Roles(_))) {
            let (its, theirs) = (visible(&link, rule.action, HERE), visible(&own, rule.action, HERE));
            let expected = if rule.action == A::SeeTasks { theirs } else { Visible::Nothing };
            assert_eq!(its, expected, "{role:?} {}", rule.code);
        }
    }
}

#[test]
fn another_campaign_is_hidden_from_every_role_but_the_system_administrator() {
    for role in Role::ALL {
        for rule in TABLE.iter().filter(|rule| matches!(rule.who, Who::Roles(_))) {
            for scope in [Scope::Campaign(ELSEWHERE), Scope::Unit(ELSEWHERE, OURS)] {
                for resource in [
                    Resource::Campaign(HERE),
                    Resource::Units(HERE, &[OURS]),
                    Resource::Led(HERE, &[OURS], &[OURS]),
                ] {
                    let decision = decide(Some(&actor(role, scope)), rule.action, resource);
                    assert_eq!(decision, Decision::Hidden, "{role:?} {}", rule.code);
                }
            }
            assert_eq!(
                visible(&actor(role, Scope::Campaign(ELSEWHERE)), rule.action, HERE),
                Visible::Nothing
            );
        }
    }
}

#[test]
fn a_liaison_sees_the_duties_of_their_own_unit_and_learns_of_no_other() {
    let liaison = actor(Role::Liaison, Scope::Unit(HERE, OURS));
    let decide = |action, units: &[UnitId]| decide(Some(&liaison), action, Resource::Units(HERE, units));
    assert_eq!(decide(A::SeeDuties, &[OURS]), Decision::Allowed);
    assert_eq!(decide(A::SeeDuties, &[THEIRS, OURS]), Decision::Allowed);
    assert_eq!(decide(A::SeeDuties, &[THEIRS]), Decision::Hidden);
    assert_eq!(decide(A::EditDuties, &[THEIRS]), Decision::Hidden);
    assert_eq!(decide(A::EditDuties, &[OURS]), Decision::Forbidden);
    assert_eq!(visible(&liaison, A::SeeDuties, HERE), Visible::OfUnits(vec![OURS]));
}

#[test]
fn an_auditor_and_a_leader_change_nothing() {
    for role in [Role::Auditor, Role::Leader] {
        let actor = actor(role, Scope::Campaign(HERE));
        for rule in TABLE.iter().filter(|rule| rule.code.ends_with(".edit") || rule.code.starts_with("plan."))
        {
            let allowed = decide(Some(&actor), rule.action, Resource::Campaign(HERE)) == Decision::Allowed;
            assert_eq!(allowed, rule.action == A::SeePlans, "{role:?} {}", rule.code);
        }
    }
}

#[test]
fn a_token_for_reading_changes_nothing_and_sees_what_its_user_sees() {
    for role in Role::ALL {
        let user = actor(role, Scope::Campaign(HERE));
        let token = through(TokenLimits { read_only: true, ..TokenLimits::default() }, user.clone());
        for rule in TABLE.iter().filter(|rule| matches!(rule.who, Who::Roles(_))) {
            for resource in [Resource::System, Resource::Campaign(HERE), Resource::Units(HERE, &[OURS])] {
                let by_user = decide(Some(&user), rule.action, resource);
                let expected = match by_user {
                    Decision::Allowed if !rule.action.only_looks() => Decision::Forbidden,
                    decision => decision,
                };
                assert_eq!(decide(Some(&token), rule.action, resource), expected, "{role:?} {}", rule.code);
            }
            let expected =
                if rule.action.only_looks() { visible(&user, rule.action, HERE) } else { Visible::Nothing };
            assert_eq!(visible(&token, rule.action, HERE), expected, "{role:?} {}", rule.code);
        }
    }
}

#[test]
fn a_token_for_one_campaign_is_a_stranger_everywhere_else() {
    for (role, scope) in [
        (Role::SystemAdmin, Scope::System),
        (Role::Office, Scope::Campaign(ELSEWHERE)),
        (Role::Liaison, Scope::Unit(ELSEWHERE, OURS)),
    ] {
        let user = actor(role, scope);
        let here = through(TokenLimits { campaign: Some(HERE), ..TokenLimits::default() }, user.clone());
        let there =
            through(TokenLimits { campaign: Some(ELSEWHERE), ..TokenLimits::default() }, user.clone());
        for rule in TABLE.iter().filter(|rule| matches!(rule.who, Who::Roles(_))) {
            let elsewhere = [Resource::Campaign(ELSEWHERE), Resource::Units(ELSEWHERE, &[OURS])];
            for resource in elsewhere {
                let (user, there) =
                    (decide(Some(&user), rule.action, resource), decide(Some(&there), rule.action, resource));
                assert_eq!(decide(Some(&here), rule.action, resource), Decision::Hidden, "{}", rule.code);
                assert_eq!(there, user, "{role:?} {}", rule.code);
            }
            for token in [&here, &there] {
                assert_ne!(decide(Some(token), rule.action, Resource::System), Decision::Allowed);
            }
            assert_eq!(visible(&here, rule.action, ELSEWHERE), Visible::Nothing);
        }
    }
}

#[test]
fn no_token_touches_the_account_that_it_acts_for() {
    let user = actor(Role::SystemAdmin, Scope::System);
    assert_eq!(decide(Some(&user), A::SecureOwnAccount, Resource::System), Decision::Allowed);
    let token = through(TokenLimits::default(), user);
    assert_eq!(decide(Some(&token), A::SecureOwnAccount, Resource::System), Decision::Forbidden);
    assert_eq!(decide(Some(&token), A::UseOwnAccount, Resource::System), Decision::Allowed);
}

#[test]
fn the_office_gives_roles_below_its_own_within_its_campaign_and_nobody_else_gives_any() {
    for role in Role::ALL {
        for (holder, held) in [
            (Role::SystemAdmin, Scope::System),
            (Role::Office, Scope::Campaign(HERE)),
            (Role::Office, Scope::Unit(HERE, OURS)),
            (Role::Liaison, Scope::Unit(HERE, OURS)),
            (Role::Auditor, Scope::Campaign(HERE)),
            (Role::Leader, Scope::Campaign(HERE)),
        ] {
            let actor = actor(holder, held);
            let below = !matches!(role, Role::SystemAdmin | Role::Office);
            let office = held == Scope::Campaign(HERE) && holder == Role::Office;
            for scope in
                [Scope::System, Scope::Campaign(ELSEWHERE), Scope::Campaign(HERE), Scope::Unit(HERE, THEIRS)]
            {
                let here = scope.campaign() == Some(HERE);
                let expected = holder == Role::SystemAdmin || (office && here && below);
                let decision = may_give(&actor, role, scope);
                assert_eq!(decision == Decision::Allowed, expected, "{holder:?} gives {role:?} {scope:?}");
                if scope == Scope::Campaign(ELSEWHERE) && holder != Role::SystemAdmin {
                    assert_eq!(decision, Decision::Hidden);
                }
            }
        }
    }
}

#[test]
fn an_administrators_token_for_one_campaign_gives_what_its_office_gives() {
    let admin = actor(Role::SystemAdmin, Scope::System);
    let token = through(TokenLimits { campaign: Some(HERE), ..TokenLimits::default() }, admin);
    assert_eq!(may_give(&token, Role::Leader, Scope::Campaign(HERE)), Decision::Allowed);
    assert_eq!(may_give(&token, Role::Office, Scope::Campaign(HERE)), Decision::Forbidden);
    assert_eq!(may_give(&token, Role::SystemAdmin, Scope::System), Decision::Forbidden);
    assert_eq!(may_give(&token, Role::Leader, Scope::Campaign(ELSEWHERE)), Decision::Hidden);
}

#[test]
fn lists_are_cut_to_exactly_what_single_things_would_show() {
    for role in Role::ALL {
        for scope in
            [Scope::System, Scope::Campaign(HERE), Scope::Unit(HERE, OURS), Scope::Unit(ELSEWHERE, OURS)]
        {
            for rule in TABLE.iter().filter(|rule| matches!(rule.who, Who::Roles(_))) {
                let actor = actor(role, scope);
                for unit in [OURS, THEIRS] {
                    let alone = decide(Some(&actor), rule.action, Resource::Units(HERE, &[unit]));
                    let listed = match visible(&actor, rule.action, HERE) {
                        Visible::All => true,
                        Visible::OfUnits(units) => units.contains(&unit),
                        Visible::Nothing => false,
                    };
                    assert_eq!(alone == Decision::Allowed, listed, "{role:?} {scope:?} {}", rule.code);
                }
            }
        }
    }
}

#[test]
fn with_a_password_that_others_know_nothing_is_done_but_choosing_another() {
    for role in Role::ALL {
        let session = Via::Session(SessionId(Uuid::from_u128(9)));
        for (via, free) in
            [(session, false), (Via::Token(TokenLimits::default()), false), (Via::Program, true)]
        {
            let actor = Actor { must_change_password: true, via, ..actor(role, Scope::Campaign(HERE)) };
            for rule in TABLE.iter().filter(|rule| matches!(rule.who, Who::Roles(_))) {
                let decision = decide(Some(&actor), rule.action, Resource::Campaign(HERE));
                let seen = visible(&actor, rule.action, HERE);
                assert!(free || decision != Decision::Allowed, "{role:?} {}", rule.code);
                assert!(free || seen == Visible::Nothing, "{role:?} {}", rule.code);
            }
            assert_eq!(decide(Some(&actor), Action::UseOwnAccount, Resource::System), Decision::Allowed);
            let secure = decide(Some(&actor), Action::SecureOwnAccount, Resource::System);
            assert_eq!(secure == Decision::Allowed, !matches!(via, Via::Token(_)));
        }
    }
}

#[test]
fn who_leads_an_initiative_looks_at_what_is_in_it_and_touches_nothing() {
    for role in Role::ALL {
        let leading = actor(role, Scope::Unit(HERE, OURS));
        for rule in TABLE.iter().filter(|rule| matches!(rule.who, Who::Roles(_))) {
            let led = decide(Some(&leading), rule.action, Resource::Led(HERE, &[THEIRS], &[OURS]));
            let looks = matches!(rule.action, A::SeeDuties | A::SeeTasks);
            let own = decide(Some(&leading), rule.action, Resource::Units(HERE, &[OURS]));
            let knows = decide(Some(&leading), A::SeeDuties, Resource::Units(HERE, &[OURS]));
            let expected = match own {
                Decision::Allowed if looks => Decision::Allowed,
                _ if knows == Decision::Allowed => Decision::Forbidden,
                _ => Decision::Hidden,
            };
            assert_eq!(led, expected, "{role:?} {}", rule.code);
        }
    }
}

#[test]
fn a_member_of_an_initiative_sees_no_more_than_before() {
    let member = actor(Role::Liaison, Scope::Unit(HERE, OURS));
    for action in [A::SeeDuties, A::SeeTasks, A::WorkOnTasks, A::EditDuties] {
        let led = |units: &[UnitId]| decide(Some(&member), action, Resource::Led(HERE, units, &[THEIRS]));
        let alone = |units: &[UnitId]| decide(Some(&member), action, Resource::Units(HERE, units));
        assert_eq!(led(&[THEIRS]), Decision::Hidden);
        assert_eq!(led(&[OURS]), alone(&[OURS]));
    }
}
