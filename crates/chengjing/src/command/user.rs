use std::{
    io::{BufRead, IsTerminal},
    process::ExitCode,
};

use anyhow::{Context, Result, bail};
use chengjing_domain::{
    id::{CampaignId, UnitId},
    people::Role,
};
use chengjing_service::{App, Paging, Refusal, people};

use crate::{
    command::token::caller_of,
    world::{Place, real_clock},
};

/// Add, list, disable users
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Ends with 0 where it was done, else with 1 and the reason; nothing is done by halves."
)]
pub(crate) struct User {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Add a user; the password comes from CHENGJING_PASSWORD or standard input, never from the command line
    Add {
        /// What is typed at login
        #[arg(long)]
        name: String,
        /// 姓名, as others see it
        #[arg(long)]
        display_name: Option<String>,
        /// What the user is; the first user of an installation is its system_admin
        #[arg(long, default_value = "system_admin", value_parser = role)]
        role: Role,
        /// Where the role holds
        #[arg(long, value_name = "ID")]
        campaign: Option<CampaignId>,
        /// For a liaison: the unit
        #[arg(long, value_name = "ID")]
        unit: Option<UnitId>,
        /// The password is the user's own already: it need not be changed at the first login
        #[arg(long)]
        keep_password: bool,
        #[command(flatten)]
        place: Place,
    },
    /// List all users
    List {
        #[command(flatten)]
        place: Place,
    },
    /// Turn a user's second factor off, where phone and recovery codes are lost
    ResetSecondFactor {
        #[arg(long)]
        name: String,
        #[command(flatten)]
        place: Place,
    },
    /// Disable a user: no login, no session, no token works any more
    Disable {
        #[arg(long)]
        name: String,
        #[command(flatten)]
        place: Place,
    },
}

fn role(code: &str) -> Result<Role, String> {
    Role::from_code(code).ok_or_else(|| {
        let codes: Vec<&str> = Role::ALL.into_iter().map(Role::code).collect();
        format!("one of {}", codes.join(", "))
    })
}

impl User {
    pub(crate) async fn run(self) -> Result<ExitCode> {
        match self.what {
            What::Add { name, display_name, role, campaign, unit, keep_password, place } => {
                let app = place.open(real_clock()).await?;
                let password = password()?;
                let display_name = display_name.unwrap_or_else(|| name.clone());
                let grant = people::NewGrant { role, campaign, unit };
                let password = Password { text: password, must_change: !keep_password };
                let added = add(&app, name, display_name, password, grant).await;
                app.store.close().await;
                told(added)?;
                println!("added");
            }
            What::List { place } => {
                let app = place.open_existing(real_clock()).await?;
                let listed = list(&app).await;
                app.store.close().await;
                told(listed)?;
            }
            What::ResetSecondFactor { name, place } => {
                let app = place.open_existing(real_clock()).await?;
                let reset = reset_second_factor(&app, &name).await;
                app.store.close().await;
                reset?;
                println!("reset");
            }
            What::Disable { name, place } => {
                let app = place.open_existing(real_clock()).await?;
                let disabled = disable(&app, &name).await;
                app.store.close().await;
                disabled?;
                println!("disabled");
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// What a user is given to come in with.
struct Password {
    text: String,
    must_change: bool,
}

async fn add(
    app: &App,
    name: String,
    display_name: String,
    password: Password,
    grant: people::NewGrant,
) -> Result<(), Refusal> {
    if people::set_up::is_needed(app).await? {
        if grant.role != Role::SystemAdmin {
            let (zh, en) = ("第一个用户应为系统管理员", "the first user must be a system_admin");
            return Err(Refusal::invalid("role", zh, en));
        }
        let first = people::set_up::FirstAdministrator { name, display_name, password: password.text };
        return people::set_up::set_up(app, first, "", "command line").await.map(|_| ());
    }
    let new = people::add_user::NewUser {
        name,
        display_name,
        password: password.text,
        must_change_password: password.must_change,
        grants: vec![grant],
    };
    people::add_user::add_user(app, &operator(app).await?, new).await.map(|_| ())
}

async fn list(app: &App) -> Result<(), Refusal> {
    let caller = operator(app).await?;
    let mut paging = Paging { after: None, limit: 200 };
    loop {
        let page = people::list_users::list_users(app, &caller, None, paging).await?;
        for view in page.items {
            let roles: Vec<&str> = view.grants.iter().map(|grant| grant.grant.role.code()).collect();
            let state = if view.user.disabled_at.is_some() { "disabled" } else { "enabled" };
            println!("{}\t{}\t{}\t{state}", view.user.name, view.user.display_name, roles.join(","));
        }
        let Some(next) = page.next else { return Ok(()) };
        paging = Paging { after: Some(next), limit: 200 };
    }
}

async fn named(app: &App, name: &str) -> Result<chengjing_domain::people::User> {
    let name = name.to_owned();
    app.store
        .read(|q| async move { chengjing_store::people::lookup_user_by_name(&q, &name).await })
        .await?
        .context("there is no such user")
}

async fn reset_second_factor(app: &App, name: &str) -> Result<()> {
    let caller = told(operator(app).await)?;
    let user = named(app, name).await?;
    told(people::second_factor::remove::of_user(app, &caller, user.id).await)
}

async fn disable(app: &App, name: &str) -> Result<()> {
    let caller = told(operator(app).await)?;
    let user = named(app, name).await?;
    let change = people::edit_user::UserChange { disabled: Some(true), ..Default::default() };
    told(people::edit_user::edit_user(app, &caller, user.id, user.version, change).await)?;
    Ok(())
}

/// Whoever may run commands on the machine acts as its first administrator; the ledger says so.
pub(super) async fn operator(app: &App) -> Result<chengjing_service::Caller, Refusal> {
    let first = app
        .store
        .read(|q| async move {
            let grants = chengjing_store::people::list_grants_of_role(&q, Role::SystemAdmin).await?;
            match grants.first() {
                Some(grant) => chengjing_store::people::lookup_user(&q, grant.user).await,
                None => Ok(None),
            }
        })
        .await?;
    let first =
        first.ok_or_else(|| Refusal::conflict("还没有系统管理员", "there is no administrator yet"))?;
    caller_of(app, first)
        .await?
        .ok_or_else(|| Refusal::conflict("系统管理员已停用", "the first administrator is disabled"))
}

fn password() -> Result<String> {
    if let Ok(password) = std::env::var("CHENGJING_PASSWORD") {
        return Ok(password);
    }
    let stdin = std::io::stdin();
    let mut line = String::new();
    if stdin.is_terminal() {
        line = rpassword::prompt_password("Password: ")?;
        if rpassword::prompt_password("Once more: ")? != line {
            bail!("the two passwords are not the same");
        }
    } else {
        stdin.lock().read_line(&mut line)?;
    }
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        bail!("no password: set CHENGJING_PASSWORD or write it to standard input");
    }
    Ok(password.to_owned())
}

/// A refusal as lines for a terminal: every fault, where it is.
pub(crate) fn told<T>(result: Result<T, Refusal>) -> Result<T> {
    result.map_err(|refusal| match refusal {
        Refusal::Invalid(faults) => {
            let lines: Vec<String> =
                faults.iter().map(|fault| format!("{}: {}", fault.path, fault.words.en)).collect();
            anyhow::anyhow!("{}", lines.join("\n       "))
        }
        other => other.into(),
    })
}
