//! Every operation in one list, and the document made from it. A route that is not here does not exist.

mod complete;

use axum::{
    Router,
    body::Bytes,
    http::{HeaderName, header},
};
use chengjing_domain::people::{
    Role,
    policy::{self, Who},
};
use serde_json::Value;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        SecurityRequirement,
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};
use utoipa_axum::{
    router::{OpenApiRouter, UtoipaMethodRouter},
    routes,
};

use crate::{
    State, account, attachments, burden, campaigns, doubts, duties, evidence, handover_requests, holidays,
    http::auth, http::problem::Refused, initiatives, installation, invitations, jobs, ledger, mail, notices,
    observations, oidc, people, plans, publications, reminders, results, score, search, session, sites,
    standards, statistics, tasks, units, users, views, webhooks,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Chengjing 城镜",
        description = "Runs an indicator-based city campaign from the plan on paper to the published result. \
            Rules that hold for every operation stand in docs/API-DESIGN.md; who may call what in docs/PERMISSIONS.md.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    tags(
        (name = "session", description = "Logging in, one's own account"),
        (name = "users", description = "Users and their roles"),
        (name = "campaigns", description = "创建项目"),
        (name = "units", description = "单位"),
        (name = "plans", description = "方案"),
        (name = "duties", description = "责任任务"),
        (name = "holidays", description = "放假安排: public holidays and working weekends"),
        (name = "initiatives", description = "专项行动、工作组"),
        (name = "tasks", description = "任务办理"),
        (name = "standards", description = "测评体系: what a city is assessed by"),
        (name = "evidence", description = "材料: what units file to show that a standard is met, and its review"),
        (name = "burden", description = "负担: how much units and their people are asked for"),
        (name = "sites", description = "点位: the places that are visited"),
        (name = "observations", description = "观察: facts as somebody recorded them"),
        (name = "statistics", description = "统计: series of figures that the standards ask for"),
        (name = "results", description = "测评结果: what official and mock assessments found"),
        (name = "score", description = "得分: how a campaign scores, and why"),
        (name = "search", description = "Finding anything"),
        (name = "jobs", description = "Background work"),
        (name = "ledger", description = "Who did what, when"),
        (name = "notices", description = "提醒: what one was told, and how a campaign reminds"),
        (name = "publications", description = "发布: letters of duty, weekly bulletins, their templates"),
        (name = "mail", description = "Where people get mail, and what left"),
        (name = "webhooks", description = "Programs of the office are told what happens"),
        (name = "attachments", description = "附件: files that prove something"),
    ),
    // The data of a stream's event is text, of which this is the shape.
    components(schemas(crate::notices::listen::ChangedBody)),
    modifiers(&Security),
)]
struct Description;

struct Security;

impl Modify for Security {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_default();
        let cookie = ApiKey::Cookie(ApiKeyValue::with_description(auth::COOKIE, "The session of a browser"));
        components.add_security_scheme("session", SecurityScheme::ApiKey(cookie));
        let token = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("A token for programs"))
            .build();
        components.add_security_scheme("token", SecurityScheme::Http(token));
        let none: [&str; 0] = [];
        openapi.security =
            Some(vec![SecurityRequirement::new("session", none), SecurityRequirement::new("token", none)]);
    }
}

/// Routes as they are gathered.
struct Routes {
    router: Router<State>,
    /// What is written about them. None for answering requests: it is 20 MB, and made when somebody asks for it.
    description: Option<utoipa::openapi::OpenApi>,
}

impl Routes {
    fn routes(mut self, some: UtoipaMethodRouter<State>) -> Self {
        let (router, description) = OpenApiRouter::new().routes(some).split_for_parts();
        if let Some(whole) = &mut self.description {
            whole.merge(description);
        }
        Self { router: self.router.merge(router), ..self }
    }

    fn and(self, more: impl FnOnce(Self) -> Self) -> Self {
        more(self)
    }
}

/// The routes, to answer requests.
pub(crate) fn routes() -> Router<State> {
    every(Routes { router: Router::new(), description: None }).router
}

/// Every route there is.
fn every(routes: Routes) -> Routes {
    routes
        .routes(routes!(installation::check_health))
        .routes(routes!(installation::look_up))
        .routes(routes!(document))
        .routes(routes!(session::set_up::set_up))
        .routes(routes!(session::look_up::look_up, session::open::open, session::close::close))
        .routes(routes!(session::change_password::change_password))
        .routes(routes!(oidc::begin_login::begin_login))
        .routes(routes!(oidc::open_session::open_session))
        .routes(routes!(oidc::begin_link::begin_link))
        .routes(routes!(oidc::look_up::look_up, oidc::link::link, oidc::unlink::unlink))
        .routes(routes!(
            oidc::look_up_of_user::look_up_of_user,
            oidc::expect::expect,
            oidc::unlink_of_user::unlink_of_user
        ))
        .routes(routes!(users::list::list, users::add::add))
        .routes(routes!(users::look_up::look_up, users::edit::edit))
        .routes(routes!(users::add_grant::add_grant))
        .routes(routes!(users::remove_grant::remove_grant))
        .routes(routes!(campaigns::list::list, campaigns::add::add))
        .routes(routes!(campaigns::look_up::look_up, campaigns::edit::edit))
        .routes(routes!(campaigns::phases::phases))
        .routes(routes!(units::list::list, units::add::add))
        .routes(routes!(units::look_up::look_up, units::edit::edit))
        .routes(routes!(units::merge::merge))
        .routes(routes!(units::record::record))
        .routes(routes!(views::list::list, views::add::add))
        .routes(routes!(views::edit::edit, views::remove::remove))
        .routes(routes!(views::choose_first::choose_first))
        .routes(routes!(units::close::close, units::reopen::reopen))
        .routes(routes!(plans::list::list, plans::import::import))
        .routes(routes!(plans::look_up::look_up, plans::discard::discard))
        .routes(routes!(plans::text::text))
        .routes(routes!(plans::file::file))
        .routes(routes!(plans::correct::correct))
        .routes(routes!(plans::propose_units::propose_units))
        .routes(routes!(plans::adopt::adopt, plans::undo_adoption::undo_adoption))
        .routes(routes!(plans::compare::compare))
        .routes(routes!(duties::list::list, duties::add::add, duties::edit_many::edit_many))
        .routes(routes!(duties::count::count))
        .routes(routes!(duties::groups::groups))
        .routes(routes!(duties::look_up::look_up, duties::edit::edit))
        .routes(routes!(duties::source::source))
        .routes(routes!(duties::withdraw::withdraw, duties::restore::restore))
        .routes(routes!(duties::overview::overview))
        .routes(routes!(duties::task_table::task_table))
        .routes(routes!(tasks::of_duty::of_duty))
        .routes(routes!(tasks::calendar::fetch_calendar))
        .routes(routes!(account::add_calendar::add_calendar))
        .routes(routes!(tasks::figures::figures_of_duty))
        .routes(routes!(tasks::figures::file_figures))
        .routes(routes!(tasks::list::list))
        .routes(routes!(tasks::overview::overview))
        .routes(routes!(tasks::targets::list_targets))
        .routes(routes!(tasks::days::days))
        .routes(routes!(tasks::look_up::look_up))
        .routes(routes!(tasks::act::act))
        .routes(routes!(tasks::urge::urge))
        .routes(routes!(notices::list::list))
        .routes(routes!(notices::listen::listen))
        .routes(routes!(notices::count::count))
        .routes(routes!(notices::read::read))
        .routes(routes!(notices::look_up_choices::look_up_choices, notices::choose::choose))
        .routes(routes!(
            mail::look_up_address::look_up_address,
            mail::set_address::set_address,
            mail::remove_address::remove_address
        ))
        .routes(routes!(mail::set_address_of::set_address_of))
        .routes(routes!(mail::prove_address::prove_address))
        .routes(routes!(mail::send_test::send_test))
        .routes(routes!(mail::list_letters::list_letters))
        .routes(routes!(reminders::look_up::look_up, reminders::edit::edit))
        .routes(routes!(webhooks::list::list, webhooks::add::add))
        .routes(routes!(webhooks::look_up::look_up, webhooks::edit::edit, webhooks::remove::remove))
        .routes(routes!(webhooks::rotate::rotate))
        .routes(routes!(webhooks::test::test))
        .routes(routes!(webhooks::list_messages::list_messages))
        .routes(routes!(webhooks::redeliver::redeliver))
        .routes(routes!(holidays::list::list))
        .routes(routes!(holidays::look_up::look_up, holidays::edit::edit, holidays::reset::reset))
        .routes(routes!(holidays::preview::preview))
        .routes(routes!(search::search))
        .routes(routes!(jobs::list::list))
        .routes(routes!(jobs::look_up::look_up, jobs::cancel::cancel))
        .routes(routes!(jobs::fetch_file::fetch_file))
        .routes(routes!(ledger::of_campaign::of_campaign))
        .routes(routes!(ledger::of_installation::of_installation))
        .routes(routes!(attachments::begin_upload::begin_upload))
        .routes(routes!(
            attachments::look_up_upload::look_up_upload,
            attachments::continue_upload::continue_upload
        ))
        .routes(routes!(attachments::look_up::look_up))
        .routes(routes!(attachments::download::download))
        .routes(routes!(attachments::download_thumbnail::download_thumbnail))
        .routes(routes!(attachments::preview::preview))
        .routes(routes!(
            account::list_sessions::list_sessions,
            account::end_other_sessions::end_other_sessions
        ))
        .routes(routes!(account::end_session::end_session))
        .routes(routes!(account::list_tokens::list_tokens, account::add_token::add_token))
        .routes(routes!(account::revoke_token::revoke_token))
        .routes(routes!(users::list_sessions::list_sessions, users::end_sessions::end_sessions))
        .routes(routes!(
            account::look_up_second_factor::look_up_second_factor,
            account::begin_second_factor::begin_second_factor,
            account::confirm_second_factor::confirm_second_factor
        ))
        .routes(routes!(account::renew_recovery_codes::renew_recovery_codes))
        .routes(routes!(account::remove_second_factor::remove_second_factor))
        .routes(routes!(users::reset_second_factor::reset_second_factor))
        .routes(routes!(invitations::list::list, invitations::invite::invite))
        .routes(routes!(invitations::revoke::revoke))
        .routes(routes!(invitations::renew::renew))
        .routes(routes!(invitations::renew_of_campaign::renew_of_campaign))
        .routes(routes!(
            invitations::list_of_campaign::list_of_campaign,
            invitations::invite_to_campaign::invite_to_campaign
        ))
        .routes(routes!(invitations::revoke_of_campaign::revoke_of_campaign))
        .routes(routes!(invitations::look_up::look_up))
        .routes(routes!(invitations::accept::accept))
        .routes(routes!(invitations::accept_as_oneself::accept_as_oneself))
        .routes(routes!(people::list::list))
        .routes(routes!(people::download_template::download_template, people::import::import))
        .routes(routes!(people::preview_import::preview_import))
        .routes(routes!(people::look_up_handover::look_up_handover, people::hand_over::hand_over))
        .routes(routes!(people::remove_grant::remove_grant))
        .routes(routes!(handover_requests::list::list, handover_requests::ask::ask_for_handover))
        .routes(routes!(handover_requests::withdraw::withdraw))
        .routes(routes!(handover_requests::refuse::refuse))
        .routes(routes!(handover_requests::list_own::list_own))
        .routes(routes!(initiatives::list::list, initiatives::add::add))
        .routes(routes!(initiatives::look_up::look_up, initiatives::edit::edit))
        .routes(routes!(initiatives::close::close, initiatives::reopen::reopen))
        .routes(routes!(units::export_sheet::export_sheet, units::import_sheet::import_sheet))
        .and(of_publications)
        .and(of_standards)
        .and(of_evidence)
        .and(of_the_score)
}

fn of_standards(routes: Routes) -> Routes {
    routes
        .routes(routes!(standards::list::list, standards::take_in::take_in))
        .routes(routes!(standards::list_shipped::list_shipped))
        .routes(routes!(standards::take_over::take_over))
        .routes(routes!(
            standards::list_catalogues::list_catalogues,
            standards::take_in_catalogue::take_in_catalogue
        ))
        .routes(routes!(standards::look_up::look_up, standards::edit::edit))
        .routes(routes!(standards::copy::copy))
        .routes(routes!(standards::look_up_edition::look_up_edition, standards::remove::remove))
        .routes(routes!(standards::fetch_source::fetch_source, standards::edit_source::edit_source))
        .routes(routes!(standards::fetch_workbook::fetch_workbook))
        .routes(routes!(standards::add_checklists::add_checklists))
        .routes(routes!(standards::check::check))
        .routes(routes!(standards::publish::publish))
        .routes(routes!(standards::leaf::look_up_leaf, standards::edit_leaf::edit_leaf))
        .routes(routes!(standards::edit_leaf::check_leaf))
        .routes(routes!(standards::search::search))
        .routes(routes!(standards::list_entries::list_entries))
        .routes(routes!(standards::compare::compare))
        .routes(routes!(standards::assess::list_attached, standards::assess::attach))
        .routes(routes!(standards::assess::change_edition, standards::assess::detach))
        .routes(routes!(standards::owners::list_owners, standards::owners::set_owners))
        .routes(routes!(standards::owners::suggest_owners))
        .routes(routes!(standards::owners::export_owners, standards::owners::import_owners))
}

fn of_evidence(routes: Routes) -> Routes {
    routes
        .routes(routes!(evidence::list::list, evidence::file::file))
        .routes(routes!(evidence::check::check))
        .routes(routes!(evidence::look_up::look_up))
        .routes(routes!(evidence::renew::renew))
        .routes(routes!(evidence::link::link))
        .routes(routes!(evidence::unlink::unlink))
        .routes(routes!(evidence::submit::submit))
        .routes(routes!(evidence::review::review))
        .routes(routes!(evidence::list_remarks::list_remarks, evidence::comment::comment))
        .routes(routes!(evidence::suggest::suggest))
        .routes(routes!(evidence::carry::carry))
        .routes(routes!(evidence::follow::follow))
        .routes(routes!(evidence::list_elsewhere::list_elsewhere))
        .routes(routes!(evidence::list_reviews::list_reviews))
        .routes(routes!(evidence::list_requirements::list_requirements))
        .routes(routes!(doubts::list::list))
        .routes(routes!(doubts::list_uncompared::list_uncompared))
        .routes(routes!(doubts::dismiss::dismiss, doubts::raise::raise))
        .routes(routes!(evidence::ask_units::ask_units))
        .routes(routes!(evidence::pack_dossier::pack_dossier))
        .routes(routes!(burden::list::list))
        .routes(routes!(burden::look_up::look_up))
}

fn of_the_score(routes: Routes) -> Routes {
    routes
        .routes(routes!(sites::list::list, sites::add::add))
        .routes(routes!(sites::look_up::look_up, sites::edit::edit))
        .routes(routes!(sites::close::close))
        .routes(routes!(observations::observable::list))
        .routes(routes!(observations::list::list, observations::record::record))
        .routes(routes!(observations::look_up::look_up))
        .routes(routes!(observations::accept::accept))
        .routes(routes!(observations::release::release))
        .routes(routes!(observations::supersede::supersede))
        .routes(routes!(observations::withdraw::withdraw))
        .routes(routes!(statistics::list::list))
        .routes(routes!(statistics::export_sheet::export_sheet, statistics::import_sheet::import_sheet))
        .routes(routes!(statistics::fill_in::fill_in))
        .routes(routes!(sites::export_sheet::export_sheet, sites::import_sheet::import_sheet))
        .routes(routes!(results::list::list, results::record::record))
        .routes(routes!(results::look_up::look_up))
        .routes(routes!(results::supersede::supersede))
        .routes(routes!(results::export_sheet::export_sheet, results::import_sheet::import_sheet))
        .routes(routes!(score::look_up::look_up))
        .routes(routes!(score::leaf::look_up_leaf))
        .routes(routes!(score::rests_on::list_leaf_observations))
        .routes(routes!(score::days::list_days))
        .routes(routes!(score::compare::compare))
        .routes(routes!(score::units::list_units))
        .routes(routes!(score::workbook::fetch_workbook))
}

fn of_publications(routes: Routes) -> Routes {
    routes
        .routes(routes!(publications::print_letters::print_letters))
        .routes(routes!(
            publications::list_bulletins::list_bulletins,
            publications::make_bulletin::make_bulletin
        ))
        .routes(routes!(publications::look_up_bulletin::look_up_bulletin))
        .routes(routes!(publications::make_bulletin_anew::make_bulletin_anew))
        .routes(routes!(publications::print_bulletin::print_bulletin))
        .routes(routes!(publications::list_documents::list_documents))
        .routes(routes!(
            publications::list_templates::list_templates,
            publications::add_template::add_template
        ))
        .routes(routes!(publications::use_template::use_template))
        .routes(routes!(publications::use_built_in_template::use_built_in_template))
        .routes(routes!(publications::download_template::download_template))
        .routes(routes!(publications::download_built_in_template::download_built_in_template))
        .routes(routes!(publications::preview_template::preview_template))
        .routes(routes!(publications::preview_built_in_template::preview_built_in_template))
        .routes(routes!(publications::list_template_fields::list_template_fields))
}

/// This description.
#[utoipa::path(
    get,
    path = "/api/v1/openapi.json",
    operation_id = "look_up_description",
    tag = "session",
    responses((status = 200, description = "OpenAPI 3.1.", body = Value), Refused),
    security(()),
    extensions(("x-permission" = json!("installation.see"))),
)]
async fn document() -> ([(HeaderName, &'static str); 1], Bytes) {
    // Its text, for the tree that it is written from takes fifty times as much.
    static DOCUMENT: std::sync::OnceLock<Bytes> = std::sync::OnceLock::new();
    let text = DOCUMENT.get_or_init(|| serde_json::to_vec(&whole()).unwrap_or_default().into());
    ([(header::CONTENT_TYPE, "application/json")], text.clone())
}

/// The description, with what holds for operations of a kind written into each.
fn whole() -> Value {
    let routes = Routes { router: Router::new(), description: Some(Description::openapi()) };
    let mut document = serde_json::to_value(every(routes).description).unwrap_or_default();
    complete::write_out(&mut document["components"]["schemas"]);
    let schemas = document["components"]["schemas"].clone();
    for item in document["paths"].as_object_mut().into_iter().flat_map(serde_json::Map::values_mut) {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            complete::complete(method, operation, &schemas);
        }
    }
    document
}

/// The description as `docs/openapi.json` holds it.
pub fn description() -> String {
    let mut text = serde_json::to_string_pretty(&whole()).unwrap_or_default();
    text.push('\n');
    text
}

/// (operation id, permission) of every operation, by id.
fn operations() -> Vec<(String, String)> {
    let document = whole();
    let mut operations: Vec<(String, String)> = document["paths"]
        .as_object()
        .into_iter()
        .flat_map(serde_json::Map::values)
        .flat_map(|item| item.as_object().into_iter().flat_map(serde_json::Map::values))
        .map(|operation| {
            let text = |key: &str| operation[key].as_str().unwrap_or_default().to_owned();
            (text("operationId"), text("x-permission"))
        })
        .collect();
    operations.sort();
    operations
}

/// `docs/PERMISSIONS.md`: operation × role, made from the policy itself.
pub fn permissions_table() -> String {
    let mut text = String::from(
        "# Who may do what\n\nMade by `cargo xtask update` from `domain::people::policy`; don't edit it.\n\n\
         ● allowed within the role's scope (for a role over one unit: what belongs to that unit); ○ needs no login or \
         no role. Everything else is refused, and what a person may not see answers 404.\n\n| operation | permission |",
    );
    for role in Role::ALL {
        text.push_str(&format!(" {} |", role.code()));
    }
    text.push_str("\n|---|---|");
    text.push_str(&"---|".repeat(Role::ALL.len()));
    text.push('\n');
    for (operation, permission) in operations() {
        text.push_str(&format!("| `{operation}` | `{permission}` |"));
        let rule = policy::TABLE.iter().find(|rule| rule.code == permission);
        for role in Role::ALL {
            let mark = match rule.map(|rule| rule.who) {
                Some(Who::Anybody | Who::AnyUser) => "○",
                Some(Who::Roles(roles)) if roles.contains(&role) => "●",
                Some(Who::Roles(_)) | None => "",
            };
            text.push_str(&format!(" {mark} |"));
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_body_has_an_example() {
        let document = whole();
        let without: Vec<&str> = document["paths"]
            .as_object()
            .into_iter()
            .flat_map(serde_json::Map::values)
            .flat_map(|item| item.as_object().into_iter().flat_map(serde_json::Map::values))
            .filter(|operation| {
                let body = &operation["requestBody"]["content"]["application/json"];
                let is_empty = body["example"].as_object().is_some_and(serde_json::Map::is_empty);
                body.is_object() && (is_empty || body["example"].is_null() && body["examples"].is_null())
            })
            .filter_map(|operation| operation["operationId"].as_str())
            .collect();
        assert_eq!(without, Vec::<&str>::new(), "a required text of their bodies has no example");
    }

    #[test]
    fn every_operation_names_a_permission_that_the_policy_has_a_rule_for() {
        for (operation, permission) in operations() {
            assert!(!operation.is_empty());
            assert!(policy::TABLE.iter().any(|rule| rule.code == permission), "{operation}: {permission:?}");
        }
    }
}
