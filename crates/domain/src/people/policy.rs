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
    /// Read a calendar by its secret link, as calendar programs do.
    FetchCalendar,
    ManageUsers,
    /// See which days are public holidays 放假安排, and where that is known from: as public as the notice itself.
    SeeHolidays,
    /// Say what a year's public holidays are, for all campaigns.
    EditHolidays,
    /// See who belongs to a campaign, invite people to it, take their roles in it away: [`may_give`] says which.
    ManagePeople,
    /// Ask the office to hand one's own work over, and take that back.
    AskHandover,
    AddCampaign,
    /// The ledger of the whole installation.
    SeeWholeLedger,
    SeeCampaign,
    EditCampaign,
    SeeUnits,
    EditUnits,
    /// See special actions and working groups; what stands in them is seen as ever.
    SeeInitiatives,
    EditInitiatives,
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
    /// Prove an address by the link that was sent there.
    ProveAddress,
    /// What one was told, and what changes meanwhile of what one sees anyway.
    SeeNotices,
    /// Mark as read what one was told.
    ReadNotices,
    /// What one wants to hear, and how.
    ChooseNotices,
    /// How a campaign reminds.
    SeeReminders,
    EditReminders,
    /// 催办: ask units how their tasks stand.
    UrgeTasks,
    /// Have the letters of units made, of those that the role reaches.
    PrintLetters,
    /// See the weekly bulletins and have them printed.
    SeeBulletins,
    /// Put a week's bulletin together, which freezes it.
    MakeBulletins,
    SeeTemplates,
    /// Bring templates, choose which version is used.
    EditTemplates,
    /// See a campaign's webhooks and how their messages went.
    SeeWebhooks,
    /// Add, change, try and remove webhooks, and give them new secrets.
    EditWebhooks,
    /// See the views of the list of duties that are shared, and one's own.
    SeeViews,
    /// Save views of one's own, and choose which one the list begins with.
    SaveViews,
    /// Share views with the campaign.
    ShareViews,
    /// Read the standards that a campaign is assessed by.
    SeeStandards,
    /// See the standards that are kept for campaigns, drafts and catalogues too.
    BrowseStandards,
    /// Take standards and catalogues in, edit drafts, publish them.
    EditStandards,
    /// Say by which standards a campaign is assessed.
    AttachStandards,
    /// Say which units answer for which indicator.
    AssignLeaves,
    /// See materials with their files, of those units that the role reaches; and what is asked for and missing.
    SeeEvidence,
    /// File materials for a unit, and for which requirements.
    FileEvidence,
    /// Accept materials and return them.
    ReviewEvidence,
    /// Say something of a material that one sees.
    CommentEvidence,
    /// Say which units are asked for a requirement's materials.
    AskEvidence,
    /// Have the dossier 卷宗 of accepted materials packed, of those units that the role reaches.
    PackDossiers,
    /// See how much was asked of units and their people, of those that the role reaches.
    SeeBurden,
    /// See what there is to be looked at about the photographs of materials. Who is told of a doubt may learn what others filed.
    SeeDoubts,
    /// See which sites 点位 a campaign has.
    SeeSites,
    /// Add, edit and close sites.
    EditSites,
    /// See what was observed, of the whole campaign.
    SeeObservations,
    /// Record what was observed, accept it and supersede it.
    RecordObservations,
    /// Release what was seen covertly, and see it before.
    ReleaseObservations,
    /// See how a campaign scores, and why.
    SeeScore,
    /// See what official and mock assessments found.
    SeeResults,
    /// Record what official and mock assessments found, and supersede it.
    RecordResults,
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
const SEES_PROOF: &[Role] = &[R::SystemAdmin, R::Office, R::Leader, R::Reviewer, R::Liaison, R::Auditor];
const LOOKS_INTO_PROOF: &[Role] = &[R::SystemAdmin, R::Office, R::Leader, R::Reviewer, R::Auditor];
const KNOWS_ITS_PLACES: &[Role] =
    &[R::SystemAdmin, R::Office, R::Leader, R::Reviewer, R::Inspector, R::Auditor];
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
    rule(A::SeeHolidays, "holiday.see", Who::AnyUser, Reach::Scope),
    rule(A::EditHolidays, "holiday.edit", Who::Roles(&[R::SystemAdmin]), Reach::Scope),
    rule(A::AddCampaign, "campaign.add", Who::Roles(&[R::SystemAdmin]), Reach::Scope),
    rule(A::SeeWholeLedger, "ledger.see_all", Who::Roles(&[R::SystemAdmin, R::Auditor]), Reach::Scope),
    rule(A::SeeCampaign, "campaign.see", Who::Roles(BELONGS_TO_IT), Reach::Campaign),
    rule(A::EditCampaign, "campaign.edit", Who::Roles(RUNS_IT), Reach::Scope),
    rule(A::SeeUnits, "unit.see", Who::Roles(WORKS_IN_IT), Reach::Campaign),
    rule(A::EditUnits, "unit.edit", Who::Roles(RUNS_IT), Reach::Scope),
    rule(A::SeeInitiatives, "initiative.see", Who::Roles(WORKS_IN_IT), Reach::Campaign),
    rule(A::EditInitiatives, "initiative.edit", Who::Roles(RUNS_IT), Reach::Scope),
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
    rule(A::PrintLetters, "letter.print", Who::Roles(&[R::SystemAdmin, R::Office, R::Liaison]), Reach::Scope),
    rule(A::SeeBulletins, "bulletin.see", Who::Roles(SEES_IT_WHOLE), Reach::Scope),
    rule(A::MakeBulletins, "bulletin.make", Who::Roles(RUNS_IT), Reach::Scope),
    rule(A::SeeTemplates, "template.see", Who::Roles(RUNS_IT), Reach::Scope),
    rule(A::EditTemplates, "template.edit", Who::Roles(RUNS_IT), Reach::Scope),
    rule(A::SeeWebhooks, "webhook.see", Who::Roles(RUNS_IT), Reach::Scope),
    rule(A::EditWebhooks, "webhook.edit", Who::Roles(RUNS_IT), Reach::Scope),
    rule(A::SecureOwnAccount, "account.secure", Who::AnyUser, Reach::Scope),
    rule(A::AcceptInvitation, "invitation.accept", Who::Anybody, Reach::Scope),
    rule(A::FetchCalendar, "calendar.fetch", Who::Anybody, Reach::Scope),
    rule(A::ManagePeople, "people.manage", Who::Roles(RUNS_IT), Reach::Scope),
    rule(A::AskHandover, "handover.ask", Who::Roles(BELONGS_TO_IT), Reach::Campaign),
    rule(A::ProveAddress, "address.prove", Who::Anybody, Reach::Scope),
    rule(A::SeeNotices, "notice.see", Who::AnyUser, Reach::Scope),
    rule(A::ReadNotices, "notice.read", Who::AnyUser, Reach::Scope),
    rule(A::ChooseNotices, "notice.choose", Who::AnyUser, Reach::Scope),
    rule(A::SeeReminders, "reminder.see", Who::Roles(WORKS_IN_IT), Reach::Campaign),
    rule(A::EditReminders, "reminder.edit", Who::Roles(RUNS_IT), Reach::Scope),
    rule(A::UrgeTasks, "task.urge", Who::Roles(RUNS_IT), Reach::Scope),
    rule(A::SeeViews, "view.see", Who::Roles(WORKS_IN_IT), Reach::Campaign),
    rule(A::SaveViews, "view.save", Who::Roles(WORKS_IN_IT), Reach::Campaign),
    rule(A::ShareViews, "view.share", Who::Roles(RUNS_IT), Reach::Scope),
    rule(A::SeeStandards, "standard.see", Who::Roles(WORKS_IN_IT), Reach::Campaign),
    rule(A::BrowseStandards, "standard.browse", Who::Roles(RUNS_IT), Reach::Scope),
    rule(A::EditStandards, "standard.edit", Who::Roles(RUNS_IT), Reach::Scope),
    rule(A::AttachStandards, "standard.attach", Who::Roles(RUNS_IT), Reach::Scope),
    rule(A::AssignLeaves, "standard.assign", Who::Roles(RUNS_IT), Reach::Scope),
    rule(A::SeeEvidence, "evidence.see", Who::Roles(SEES_PROOF), Reach::Scope),
    rule(
        A::FileEvidence,
        "evidence.file",
        Who::Roles(&[R::SystemAdmin, R::Office, R::Liaison]),
        Reach::Scope,
    ),
    rule(
        A::ReviewEvidence,
        "evidence.review",
        Who::Roles(&[R::SystemAdmin, R::Office, R::Reviewer]),
        Reach::Scope,
    ),
    rule(
        A::CommentEvidence,
        "evidence.comment",
        Who::Roles(&[R::SystemAdmin, R::Office, R::Leader, R::Reviewer, R::Liaison]),
        Reach::Scope,
    ),
    rule(A::AskEvidence, "evidence.ask", Who::Roles(RUNS_IT), Reach::Scope),
    rule(
        A::SeeBurden,
        "burden.see",
        Who::Roles(&[R::SystemAdmin, R::Office, R::Leader, R::Auditor, R::Liaison]),
        Reach::Scope,
    ),
    rule(A::PackDossiers, "dossier.pack", Who::Roles(SEES_PROOF), Reach::Scope),
    rule(A::SeeDoubts, "doubt.see", Who::Roles(LOOKS_INTO_PROOF), Reach::Scope),
    rule(A::SeeSites, "site.see", Who::Roles(KNOWS_ITS_PLACES), Reach::Scope),
    rule(A::EditSites, "site.edit", Who::Roles(RUNS_IT), Reach::Scope),
    rule(A::SeeObservations, "observation.see", Who::Roles(SEES_IT_WHOLE), Reach::Scope),
    rule(A::RecordObservations, "observation.record", Who::Roles(RUNS_IT), Reach::Scope),
    rule(A::ReleaseObservations, "observation.release", Who::Roles(RUNS_IT), Reach::Scope),
    rule(A::SeeScore, "score.see", Who::Roles(SEES_IT_WHOLE), Reach::Scope),
    rule(A::SeeResults, "result.see", Who::Roles(SEES_IT_WHOLE), Reach::Scope),
    rule(A::RecordResults, "result.record", Who::Roles(RUNS_IT), Reach::Scope),
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
                | A::FetchCalendar
                | A::UseOwnAccount
                | A::SeeHolidays
                | A::SeeWholeLedger
                | A::SeeCampaign
                | A::SeeUnits
                | A::SeeInitiatives
                | A::SeePlans
                | A::SeeDuties
                | A::ExportDuties
                | A::SeeTasks
                | A::SeeOverview
                | A::SeeLedger
                | A::Search
                | A::SeeNotices
                | A::SeeReminders
                | A::PrintLetters
                | A::SeeBulletins
                | A::SeeTemplates
                | A::SeeWebhooks
                | A::SeeViews
                | A::SeeStandards
                | A::BrowseStandards
                | A::SeeEvidence
                | A::PackDossiers
                | A::SeeBurden
                | A::SeeDoubts
                | A::SeeSites
                | A::SeeObservations
                | A::SeeScore
                | A::SeeResults
        )
    }

    /// Whether who leads an initiative may do it to all duties and tasks in it: looking, and nothing else.
    pub fn is_for_leaders(self) -> bool {
        matches!(self, A::SeeDuties | A::SeeTasks)
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
    /// The same, in an initiative: the last are the unit that leads it and those above, whose people may look.
    Led(CampaignId, &'a [UnitId], &'a [UnitId]),
}

impl Resource<'_> {
    fn campaign(&self) -> Option<CampaignId> {
        match *self {
            Self::System => None,
            Self::Campaign(campaign) | Self::Units(campaign, _) | Self::Led(campaign, ..) => Some(campaign),
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
            let within = if limits.calendar { action == Action::SeeTasks } else { true };
            within && action != Action::SecureOwnAccount && (!limits.read_only || action.only_looks())
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
    if grants.iter().any(|grant| roles.contains(&grant.role) && covers(grant.scope, rule, resource)) {
        return Decision::Allowed;
    }
    let may_know = match resource {
        Resource::System => true,
        Resource::Campaign(campaign) => grants.iter().any(|grant| belongs_to(grant.scope, campaign)),
        // Who sees a duty knows that it is there; whether it may be edited is another question.
        Resource::Units(..) | Resource::Led(..) => {
            action != Action::SeeDuties && decide(actor, Action::SeeDuties, resource) == Decision::Allowed
        }
    };
    if may_know { Decision::Forbidden } else { Decision::Hidden }
}

fn belongs_to(scope: Scope, campaign: CampaignId) -> bool {
    scope.campaign().is_none_or(|own| own == campaign)
}

fn covers(scope: Scope, rule: &Rule, resource: Resource<'_>) -> bool {
    match (scope, resource) {
        (Scope::System, _) => true,
        (_, Resource::System) => false,
        (Scope::Campaign(own), _) => resource.campaign() == Some(own),
        (Scope::Unit(own, _), Resource::Campaign(campaign)) => {
            rule.reach == Reach::Campaign && own == campaign
        }
        (Scope::Unit(own, unit), Resource::Units(campaign, units)) => {
            own == campaign && units.contains(&unit)
        }
        (Scope::Unit(own, unit), Resource::Led(campaign, units, leader)) => {
            let leads = rule.action.is_for_leaders() && leader.contains(&unit);
            own == campaign && (units.contains(&unit) || leads)
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

/// To which campaigns' things an actor may do something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Where {
    /// Everywhere, and to the installation's own.
    Everywhere,
    /// To things of these, whole; empty: nowhere.
    In(Vec<CampaignId>),
}

/// Where the actor may do `action` to all of a campaign: what lists of things of several campaigns are cut to.
pub fn reach_of(actor: &Actor, action: Action) -> Where {
    let Some(Rule { who: Who::Roles(roles), .. }) = action.rule() else { return Where::In(Vec::new()) };
    let mut campaigns = Vec::new();
    if is_good_for(actor, action) {
        for grant in actor.grants.iter().filter(|grant| roles.contains(&grant.role)) {
            match grant.scope {
                Scope::System => return Where::Everywhere,
                Scope::Campaign(own) if !campaigns.contains(&own) => campaigns.push(own),
                Scope::Campaign(_) | Scope::Unit(..) => {}
            }
        }
    }
    Where::In(campaigns)
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
mod tests;
