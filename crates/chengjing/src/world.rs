//! What the rest of the program takes as given: the time, randomness, the log, the store.

use std::{path::PathBuf, sync::Arc};

use anyhow::{Context, Result, bail};
use chengjing_domain::id::Ids;
use chengjing_service::App;
use chengjing_store::{Clock, DatabaseUrl, Store, StoreConfig, file::FilesUrl};
use chrono::{DateTime, Utc};

use crate::typesetter::Typesetter;

/// Where an installation lives.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Place {
    /// The folder of the installation: the database (where it is SQLite) and the files
    #[arg(long, env = "CHENGJING_DATA", default_value = "data", value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// Another database: postgres://user:password@host/name, or sqlite:path
    #[arg(long, env = "CHENGJING_DATABASE", hide_env_values = true, value_name = "URL")]
    pub(crate) database: Option<String>,
    /// Another place for uploaded files: a folder, or s3://bucket/prefix with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,
    /// AWS_REGION and, where it is not Amazon's, AWS_ENDPOINT in the environment
    #[arg(long, env = "CHENGJING_FILES", value_name = "PLACE")]
    pub(crate) files: Option<String>,
}

impl Place {
    pub(crate) fn config(&self, clock: Clock) -> Result<StoreConfig> {
        let mut config = StoreConfig::embedded(self.data.clone(), clock);
        if let Some(url) = &self.database {
            config.database = url.parse::<DatabaseUrl>()?;
        }
        if let Some(place) = &self.files {
            config.files = place.parse::<FilesUrl>()?;
        }
        Ok(config)
    }

    /// As [`Place::config`], of an installation that is there: a folder that was mistyped must not become a new one.
    pub(crate) fn config_of_existing(&self, clock: Clock) -> Result<StoreConfig> {
        let config = self.config(clock)?;
        if let DatabaseUrl::Sqlite(path) = &config.database
            && !path.exists()
        {
            bail!("there is no installation here: {} is missing", path.display());
        }
        Ok(config)
    }

    /// Opens the store, which is made where it is missing, and brings its schema up to date.
    pub(crate) async fn open(&self, clock: Clock) -> Result<App> {
        self.open_by(self.config(Arc::clone(&clock))?, clock).await
    }

    /// As [`Place::open`], of an installation that is there.
    pub(crate) async fn open_existing(&self, clock: Clock) -> Result<App> {
        self.open_by(self.config_of_existing(Arc::clone(&clock))?, clock).await
    }

    async fn open_by(&self, config: StoreConfig, clock: Clock) -> Result<App> {
        let store = Store::open(&config).await.context("the database can't be opened")?;
        store.files().probe().await.context("the place of the files does not answer")?;
        store.migrate().await.context("the database's schema can't be brought up to date")?;
        Ok(App::new(store, clock, Arc::new(Randomness), Arc::new(Typesetter::new())))
    }
}

/// The real time. The one place that asks for it.
pub(crate) fn real_clock() -> Clock {
    #[allow(clippy::disallowed_methods, reason = "the program's one real clock; everything else is given it")]
    fn now() -> DateTime<Utc> {
        DateTime::from(std::time::SystemTime::now())
    }
    Arc::new(now)
}

/// A clock that stands at a moment when the program starts, and goes on from there.
pub(crate) fn clock_from(start: DateTime<Utc>) -> Clock {
    let real = real_clock();
    let started = real();
    Arc::new(move || start + (real() - started))
}

/// Bytes from the operating system.
#[derive(Debug)]
pub(crate) struct Randomness;

impl Ids for Randomness {
    fn random(&self) -> [u8; 10] {
        let mut bytes = [0; 10];
        // Without randomness there is no safe id, no safe session: nothing can go on.
        getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
        bytes
    }
}

/// Logs go to standard error: warnings, with `-v` what happens, with `-vv` everything.
pub(crate) fn start_log(verbose: u8) {
    let level = match verbose {
        // PostgreSQL notes that a transaction which gave way was already over; that is as it should be.
        0 => "warn,chengjing=info,sqlx::postgres::notice=error",
        1 => "info",
        _ => "debug",
    };
    let filter = tracing_subscriber::EnvFilter::try_from_env("CHENGJING_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(level));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false).init();
}
