//! Who may do what: one pure function over (actor, action, resource). Deny by default.
//!
//! Every route names its [`Action`]; `docs/PERMISSIONS.md` is made from [`TABLE`]. An answer is one of three, so that
//! who may not see a thing does not learn that it exists: [`Decision::Hidden`] becomes 404, never 403.

use super::{Actor, Role, Scope, TokenLimits, Via};
use crate::id::{CampaignId, UnitId};

/// What a request does. The code is what the API's descriptions, the session's permissions and the docs print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Whether the server lives, its API description, its version, what the login page shows.
    SeeInstallation,
    /// Make the first administrator; possible only while there is no user.
    SetUp,
    LogIn,
    /// One's own session and what one has ordered.
    UseOwnAccount,
    /// One's own password, sessions, tokens: not with a token, or a stolen one would take the whole account.
    SecureOwnAccount,
    /// Come in by an invitation, or see what it is to.
    AcceptInvitation,
    ManageUsers,
    /// See who belongs to a campaign, invite people to it, take their roles in it away: [`may_give`] says which.
    ManagePeople,
    AddCampaign,
    /// The ledger of the whole installation.
    SeeWholeLedger,
    SeeCampaign,
    EditCampaign,
    SeeUnits,
    EditUnits,
    SeePlans,
    ImportPlan,
    CorrectPlan,
    AdoptPlan,
    SeeDuties,
    EditDuties,
    ExportDuties,
    SeeTasks,
    /// Do something to a task, as one of the two below.
    ActOnTasks,
    /// Accept, report, ask: what a unit does with its own tasks, its lead unit with theirs, and who was asked for help.
    WorkOnTasks,
    /// Confirm, send back, reassign, grant: what the office decides.
    DecideTasks,
    SeeOverview,
    SeeLedger,
    Search,
    /// Bring files that prove something; until they are attached they are seen by who brought them.
    UploadFiles,
}

/// How far a role's permission reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Everything in the grant's scope.
    Scope,
    /// Also for a grant over one unit: what belongs to the whole campaign, such as its name and its list of units.
    Campaign,
}

use Action as A;
use Role as R;

/// An action, who may do it, and whether a grant over one unit is enough for the campaign's common things.
#[derive(Debug)]
pub struct Rule {
    pub action: Action,
    pub code: &'static str,
    pub who: Who,
    pub reach: Reach,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// No login needed.
    Anybody,
    /// Any user who is logged in.
    AnyUser,
    /// Users who hold one of these roles in a scope that covers the resource.
    Roles(&'static [Role]),
}

const fn rule(action: Action, code: &'static str, who: Who, reach: Reach) -> Rule {
    Rule { action, code, who, reach }
}

const RUNS_IT: &[Role] = &[R::SystemAdmin, R::Office];
const SEES_IT_WHOLE: &[Role] = &[R::SystemAdmin, R::Office, R::Leader, R::Auditor];
const WORKS_IN_IT: &[Role] =
    &[R::SystemAdmin, R::Office, R::Leader, R::Reviewer, R::Inspector, R::Liaison, R::Auditor];
const BRINGS_PROOF: &[Role] = &[R::SystemAdmin, R::Office, R::Reviewer, R::Inspector, R::Liaison];
const BELONGS_TO_IT: &[Role] = &[
    R::SystemAdmin,
    R::Office,
    R::Leader,
    R::Reviewer,
    R::Inspector,
    R::Liaison,
    R::Auditor,
    R::Volunteer,
    R::Public,
];

/// The whole policy. An action that has no line here is refused to everybody.
pub const TABLE: &[Rule] = &[
    rule(A::SeeInstallation, "installation.see", Who::Anybody, Reach::Scope),
    rule(A::SetUp, "installation.set_up", Who::Anybody, Reach::Scope),
    rule(A::LogIn, "session.open", Who::Anybody, Reach::Scope),
    rule(A::UseOwnAccount, "account.use", Who::AnyUser, Reach::Scope),
    rule(A::ManageUsers, "user.manage", Who::Roles(&[R::SystemAdmin]), Reach::Scope),
    rule(A::AddCampaign, "campaign.add", Who::Roles(&[R::SystemAdmin]), Reach::Scope),
    rule(A::SeeWholeLedger, "ledger.see_all", Who::Roles(&[R::SystemAdmin, R::Auditor]), Reach::Scope),
    rule(A::SeeCampaign, "campaign.see", Who::Roles(BELONGS_TO_IT), Reach::Campaign),
    rule(A::EditCampaign, "campaign.edit", Who::Roles(RUNS_IT), Reach::Scope),
    rule(A::SeeUnits, "unit.see", Who::Roles(WORKS_IN_IT), Reach::Campaign),
    rule(A::EditUnits, "unit.edit", Who::Roles(RUNS_IT), Reach::Scope),
    rule(A::SeePlans, "plan.see", Who::Roles(SEES_IT_WHOLE), Reach::Scope),
    rule(A::ImportPlan, "plan.import", Who::Roles(RUNS_IT), Reach::Scope),
    rule(A::CorrectPlan, "plan.correct", Who::Roles(RUNS_IT), Reach::Scope),
    rule(A::AdoptPlan, "plan.adopt", Who::Roles(RUNS_IT), Reach::Scope),
    rule(A::SeeDuties, "duty.see", Who::Roles(WORKS_IN_IT), Reach::Scope),
    rule(A::EditDuties, "duty.edit", Who::Roles(RUNS_IT), Reach::Scope),
    rule(A::ExportDuties, "duty.export", Who::Roles(WORKS_IN_IT), Reach::Scope),
    rule(A::SeeTasks, "task.see", Who::Roles(WORKS_IN_IT), Reach::Scope),
    rule(A::ActOnTasks, "task.act", Who::Roles(&[R::SystemAdmin, R::Office, R::Liaison]), Reach::Scope),
    rule(A::WorkOnTasks, "task.work", Who::Roles(&[R::Liaison]), Reach::Scope),
    rule(A::DecideTasks, "task.decide", Who::Roles(RUNS_IT), Reach::Scope),
    rule(A::SeeOverview, "overview.see", Who::Roles(SEES_IT_WHOLE), Reach::Scope),
    rule(A::SeeLedger, "ledger.see", Who::Roles(&[R::SystemAdmin, R::Office, R::Auditor]), Reach::Scope),
    rule(A::Search, "search", Who::Roles(WORKS_IN_IT), Reach::Scope),
    rule(A::UploadFiles, "file.upload", Who::Roles(BRINGS_PROOF), Reach::Campaign),
    rule(A::SecureOwnAccount, "account.secure", Who::AnyUser, Reach::Scope),
    rule(A::AcceptInvitation, "invitation.accept", Who::Anybody, Reach::Scope),
    rule(A::ManagePeople, "people.manage", Who::Roles(RUNS_IT), Reach::Scope),
];

/// What the office gives and takes in its campaign. Its own role and those above it come from the administrator.
const BELOW_THE_OFFICE: &[Role] =
    &[R::Leader, R::Reviewer, R::Inspector, R::Liaison, R::Auditor, R::Volunteer, R::Public];

impl Action {
    pub fn rule(self) -> Option<&'static Rule> {
        TABLE.iter().find(|rule| rule.action == self)
    }

    /// Whether it leaves everything as it is. What is not named here counts as a change.
    pub fn only_looks(self) -> bool {
        matches!(
            self,
            A::SeeInstallation
                | A::UseOwnAccount
                | A::SeeWholeLedger
                | A::SeeCampaign
                | A::SeeUnits
                | A::SeePlans
                | A::SeeDuties
                | A::ExportDuties
                | A::SeeTasks
                | A::SeeOverview
                | A::SeeLedger
                | A::Search
        )
    }

    /// The code of its rule; an action without a rule can't be done and needs no name.
    pub fn code(self) -> &'static str {
        self.rule().map_or("", |rule| rule.code)
    }
}

/// What is acted upon, as far as the policy looks at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource<'a> {
    /// The installation itself.
    System,
    /// A campaign, or something that belongs to all of it.
    Campaign(CampaignId),
    /// Something of a campaign that belongs to these units (a duty); each with the units above it.
    Units(CampaignId, &'a [UnitId]),
}

impl Resource<'_> {
    fn campaign(&self) -> Option<CampaignId> {
        match *self {
            Self::System => None,
            Self::Campaign(campaign) | Self::Units(campaign, _) => Some(campaign),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    Allowed,
    /// Nobody is logged in: 401.
    LogInFirst,
    /// The actor may know that it exists, but not do this: 403.
    Forbidden,
    /// The actor must not learn that it exists: 404.
    Hidden,
}

/// Who somebody is who comes with a token: its user, holding only what the token's campaign lets it reach.
///
/// Together with [`is_good_for`], which [`decide`] and [`visible`] ask, this is all that limits a token.
#[must_use]
pub fn through(limits: TokenLimits, mut actor: Actor) -> Actor {
    if let Some(campaign) = limits.campaign {
        actor.grants.retain(|grant| belongs_to(grant.scope, campaign));
        for grant in actor.grants.iter_mut().filter(|grant| grant.scope == Scope::System) {
            grant.scope = Scope::Campaign(campaign);
        }
    }
    actor.via = Via::Token(limits);
    actor
}

/// Whether the way by which somebody came in is good for that, whatever they hold.
fn is_good_for(actor: &Actor, action: Action) -> bool {
    let own = matches!(action, Action::UseOwnAccount | Action::SecureOwnAccount);
    match actor.via {
        Via::Program => true,
        // With a password that somebody else knows one can choose another, and nothing else.
        Via::Session(_) | Via::Token(_) if actor.must_change_password && !own => false,
        Via::Session(_) => true,
        Via::Token(limits) => {
            action != Action::SecureOwnAccount && (!limits.read_only || action.only_looks())
        }
    }
}

/// The policy. `actor` is None where nobody is logged in.
pub fn decide(actor: Option<&Actor>, action: Action, resource: Resource<'_>) -> Decision {
    match by_roles(actor, action, resource) {
        // Its user may, so that it may be known; the token is not for it.
        Decision::Allowed if actor.is_some_and(|actor| !is_good_for(actor, action)) => Decision::Forbidden,
        decision => decision,
    }
}

fn by_roles(actor: Option<&Actor>, action: Action, resource: Resource<'_>) -> Decision {
    let Some(rule) = action.rule() else { return Decision::Hidden };
    let roles = match (rule.who, actor) {
        (Who::Anybody, _) | (Who::AnyUser, Some(_)) => return Decision::Allowed,
        (Who::AnyUser | Who::Roles(_), None) => return Decision::LogInFirst,
        (Who::Roles(roles), Some(_)) => roles,
    };
    let grants = actor.map_or(&[][..], |actor| &actor.grants);
    if grants.iter().any(|grant| roles.contains(&grant.role) && covers(grant.scope, rule.reach, resource)) {
        return Decision::Allowed;
    }
    let may_know = match resource {
        Resource::System => true,
        Resource::Campaign(campaign) => grants.iter().any(|grant| belongs_to(grant.scope, campaign)),
        // Who sees a duty knows that it is there; whether it may be edited is another question.
        Resource::Units(..) => {
            action != Action::SeeDuties && decide(actor, Action::SeeDuties, resource) == Decision::Allowed
        }
    };
    if may_know { Decision::Forbidden } else { Decision::Hidden }
}

fn belongs_to(scope: Scope, campaign: CampaignId) -> bool {
    scope.campaign().is_none_or(|own| own == campaign)
}

fn covers(scope: Scope, reach: Reach, resource: Resource<'_>) -> bool {
    match (scope, resource) {
        (Scope::System, _) => true,
        (_, Resource::System) => false,
        (Scope::Campaign(own), _) => resource.campaign() == Some(own),
        (Scope::Unit(own, _), Resource::Campaign(campaign)) => reach == Reach::Campaign && own == campaign,
        (Scope::Unit(own, unit), Resource::Units(campaign, units)) => {
            own == campaign && units.contains(&unit)
        }
    }
}

/// Whether the actor may give somebody that role there, or take it away: who manages users any, who manages a campaign's
/// people those below their own within it.
pub fn may_give(actor: &Actor, role: Role, scope: Scope) -> Decision {
    let any = decide(Some(actor), Action::ManageUsers, Resource::System);
    let Some(campaign) = scope.campaign().filter(|_| any != Decision::Allowed) else { return any };
    match decide(Some(actor), Action::ManagePeople, Resource::Campaign(campaign)) {
        Decision::Allowed if !BELOW_THE_OFFICE.contains(&role) => Decision::Forbidden,
        decision => decision,
    }
}

/// Which things of a campaign an actor may do this to; lists, counts, search and exports are cut to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Visible {
    All,
    /// Only what belongs to these units (and, by the caller, to those below them).
    OfUnits(Vec<UnitId>),
    Nothing,
}

/// The part of a campaign that `actor` may do `action` to.
pub fn visible(actor: &Actor, action: Action, campaign: CampaignId) -> Visible {
    let Some(Rule { who: Who::Roles(roles), .. }) = action.rule() else { return Visible::Nothing };
    if !is_good_for(actor, action) {
        return Visible::Nothing;
    }
    let mut units = Vec::new();
    for grant in actor.grants.iter().filter(|grant| roles.contains(&grant.role)) {
        match grant.scope {
            Scope::System => return Visible::All,
            Scope::Campaign(own) if own == campaign => return Visible::All,
            Scope::Unit(own, unit) if own == campaign && !units.contains(&unit) => units.push(unit),
            Scope::Campaign(_) | Scope::Unit(..) => {}
        }
    }
    if units.is_empty() { Visible::Nothing } else { Visible::OfUnits(units) }
}

/// The codes of all actions that the actor may do somewhere in that campaign (None: to the installation): what the
/// pages need to know in order to show no button that would be refused.
pub fn permissions(actor: &Actor, campaign: Option<CampaignId>) -> Vec<&'static str> {
    TABLE
        .iter()
        .filter(|rule| matches!(rule.who, Who::Roles(_)))
        .filter(|rule| match campaign {
            None => decide(Some(actor), rule.action, Resource::System) == Decision::Allowed,
            Some(campaign) => visible(actor, rule.action, campaign) != Visible::Nothing,
        })
        .map(|rule| rule.code)
        .collect()
}

#[cfg(test)]
mod tests {
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
            let open = matches!(rule.action, A::SeeInstallation | A::SetUp | A::LogIn | A::AcceptInvitation);
            assert_eq!(decision == Decision::Allowed, open, "{}", rule.code);
        }
    }

    #[test]
    fn another_campaign_is_hidden_from_every_role_but_the_system_administrator() {
        for role in Role::ALL {
            for rule in TABLE.iter().filter(|rule| matches!(rule.who, Who::Roles(_))) {
                for scope in [Scope::Campaign(ELSEWHERE), Scope::Unit(ELSEWHERE, OURS)] {
                    for resource in [Resource::Campaign(HERE), Resource::Units(HERE, &[OURS])] {
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
            for rule in
                TABLE.iter().filter(|rule| rule.code.ends_with(".edit") || rule.code.starts_with("plan."))
            {
                let allowed =
                    decide(Some(&actor), rule.action, Resource::Campaign(HERE)) == Decision::Allowed;
                assert_eq!(allowed, rule.action == A::SeePlans, "{role:?} {}", rule.code);
            }
        }
    }

    #[test]
    fn a_token_for_reading_changes_nothing_and_sees_what_its_user_sees() {
        for role in Role::ALL {
            let user = actor(role, Scope::Campaign(HERE));
            let token = through(TokenLimits { read_only: true, campaign: None }, user.clone());
            for rule in TABLE.iter().filter(|rule| matches!(rule.who, Who::Roles(_))) {
                for resource in [Resource::System, Resource::Campaign(HERE), Resource::Units(HERE, &[OURS])] {
                    let by_user = decide(Some(&user), rule.action, resource);
                    let expected = match by_user {
                        Decision::Allowed if !rule.action.only_looks() => Decision::Forbidden,
                        decision => decision,
                    };
                    assert_eq!(
                        decide(Some(&token), rule.action, resource),
                        expected,
                        "{role:?} {}",
                        rule.code
                    );
                }
                let expected = if rule.action.only_looks() {
                    visible(&user, rule.action, HERE)
                } else {
                    Visible::Nothing
                };
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
            let here = through(TokenLimits { read_only: false, campaign: Some(HERE) }, user.clone());
            let there = through(TokenLimits { read_only: false, campaign: Some(ELSEWHERE) }, user.clone());
            for rule in TABLE.iter().filter(|rule| matches!(rule.who, Who::Roles(_))) {
                let elsewhere = [Resource::Campaign(ELSEWHERE), Resource::Units(ELSEWHERE, &[OURS])];
                for resource in elsewhere {
                    let (user, there) = (
                        decide(Some(&user), rule.action, resource),
                        decide(Some(&there), rule.action, resource),
                    );
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
                for scope in [
                    Scope::System,
                    Scope::Campaign(ELSEWHERE),
                    Scope::Campaign(HERE),
                    Scope::Unit(HERE, THEIRS),
                ] {
                    let here = scope.campaign() == Some(HERE);
                    let expected = holder == Role::SystemAdmin || (office && here && below);
                    let decision = may_give(&actor, role, scope);
                    assert_eq!(
                        decision == Decision::Allowed,
                        expected,
                        "{holder:?} gives {role:?} {scope:?}"
                    );
                    if scope == Scope::Campaign(ELSEWHERE) && holder != Role::SystemAdmin {
                        assert_eq!(decision, Decision::Hidden);
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
    fn an_administrators_token_for_one_campaign_gives_what_its_office_gives() {
        let admin = actor(Role::SystemAdmin, Scope::System);
        let token = through(TokenLimits { read_only: false, campaign: Some(HERE) }, admin);
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
}
