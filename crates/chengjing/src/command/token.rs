use std::{process::ExitCode, sync::Arc};

use anyhow::{Context, Result};
use chengjing_domain::{id::CampaignId, people};
use chengjing_service::{
    App, Caller, Refusal,
    people::add_token::{self, NewToken},
};

use super::user::told;
use crate::world::{Place, real_clock};

/// Make tokens for programs
#[derive(Debug, clap::Args)]
pub(crate) struct Token {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Make a token that acts as that user; it alone is printed to standard output, once
    Create {
        /// The user's login name
        #[arg(long)]
        user: String,
        /// What it is for
        #[arg(long, default_value = "command line")]
        name: String,
        /// It ends after so many days
        #[arg(long, default_value_t = people::ApiToken::LONGEST_DAYS)]
        days: i64,
        /// It sees, and changes nothing
        #[arg(long)]
        read_only: bool,
        /// It reaches nothing outside this campaign
        #[arg(long, value_name = "ID")]
        campaign: Option<CampaignId>,
        #[command(flatten)]
        place: Place,
    },
}

impl Token {
    pub(crate) async fn run(self) -> Result<ExitCode> {
        let What::Create { user, name, days, read_only, campaign, place } = self.what;
        let app = place.open_existing(real_clock()).await?;
        let found =
            app.store.read(|q| async move { chengjing_store::people::lookup_user_by_name(&q, &user).await });
        let user = found.await?.context("there is no such user")?;
        let caller = told(caller_of(&app, user).await)?.context("that user is disabled")?;
        let limits = people::TokenLimits { read_only, campaign, calendar: false };
        let made = add_token::add_token(&app, &caller, NewToken { name, days: Some(days), limits }).await;
        app.store.close().await;
        println!("{}", told(made)?.1);
        Ok(ExitCode::SUCCESS)
    }
}

/// Acts as that user; None where it is disabled.
pub(super) async fn caller_of(app: &App, user: people::User) -> Result<Option<Caller>, Refusal> {
    let actor =
        app.store.read(|q| async move { chengjing_store::people::lookup_actor(&q, user.id).await }).await?;
    Ok(actor.map(|actor| Caller::new(app, Arc::new(actor), None)))
}
