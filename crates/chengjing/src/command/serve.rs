use std::{
    future::Future,
    net::SocketAddr,
    path::PathBuf,
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, Result};
use chengjing_api::{Settings, State, router};
use chengjing_domain::{
    clock::day_of,
    id::Ids,
    webhook::{Network, Reach},
};
use chengjing_service::{
    App,
    attachment::sweep,
    evidence, job, live, mail,
    people::oidc::{self, ProviderSettings},
    photo, remind, score, task, webhook,
};
use chengjing_store::{
    Tx, idempotency,
    job::{self as jobs, WorkerOptions, run_jobs},
    ledger, people,
};
use chrono::{Datelike, TimeDelta};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use crate::{
    assets,
    world::{Place, Randomness, real_clock},
};

/// Run the server
#[derive(Debug, clap::Args)]
#[command(after_help = "\
An empty folder is a new installation; the first visitor makes themselves its administrator. SIGTERM and \
Ctrl-C end it with 0 after what is in flight is finished.")]
pub(crate) struct Serve {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    door: Door,
    #[command(flatten)]
    post: Post,
    #[command(flatten)]
    unified: Unified,
    #[command(flatten)]
    reach: Reached,
}

/// By which provider people may log in, beside their passwords (OpenID Connect; docs/OIDC.md).
#[derive(Debug, Clone, Default, clap::Args)]
struct Unified {
    /// The unified login of the house, exactly as it names itself: https://login.example.gov.cn/realms/county. Its client
    /// secret stands in CHENGJING_OIDC_CLIENT_SECRET or in a file
    #[arg(long, env = "CHENGJING_OIDC_ISSUER", value_name = "URL", requires_all = ["oidc_client_id", "site"])]
    oidc_issuer: Option<String>,
    /// What this server is called there
    #[arg(long, env = "CHENGJING_OIDC_CLIENT_ID", value_name = "ID", requires = "oidc_issuer")]
    oidc_client_id: Option<String>,
    /// A file that holds the client secret and nothing else
    #[arg(long, env = "CHENGJING_OIDC_CLIENT_SECRET_FILE", value_name = "FILE", requires = "oidc_issuer")]
    oidc_client_secret_file: Option<PathBuf>,
    /// The claim by which users are expected whom the administrator has entered
    #[arg(
        long,
        env = "CHENGJING_OIDC_NAME_CLAIM",
        value_name = "CLAIM",
        default_value = "preferred_username"
    )]
    oidc_name_claim: String,
}

impl Unified {
    fn provider(self, site: Option<&str>) -> Result<Option<oidc::Provider>> {
        let (Some(issuer), Some(client_id), Some(site)) = (self.oidc_issuer, self.oidc_client_id, site)
        else {
            return Ok(None);
        };
        let client_secret = match &self.oidc_client_secret_file {
            Some(file) => {
                let text = std::fs::read_to_string(file)
                    .with_context(|| format!("the client secret can't be read from {}", file.display()))?;
                Some(text.trim().to_owned())
            }
            // Not an argument: those are seen by whoever lists the machine's programs.
            None => std::env::var("CHENGJING_OIDC_CLIENT_SECRET").ok(),
        };
        let client_secret = client_secret.filter(|secret| !secret.is_empty());
        let name_claim = self.oidc_name_claim;
        let settings =
            ProviderSettings { issuer, client_id, client_secret, site: site.to_owned(), name_claim };
        Ok(Some(oidc::Provider::new(settings).context("the unified login can't be used that way")?))
    }
}

/// What webhooks may reach beside the public internet over TLS.
#[derive(Debug, Clone, Default, clap::Args)]
struct Reached {
    /// Networks of the house that webhooks may reach, such as 10.1.0.0/16, parted by commas. Without it they reach public
    /// addresses only
    #[arg(long, env = "CHENGJING_WEBHOOK_ALLOW", value_name = "CIDR", value_delimiter = ',')]
    webhook_allow: Vec<Network>,
    /// Hosts that webhooks may tell without TLS, parted by commas
    #[arg(long, env = "CHENGJING_WEBHOOK_HTTP", value_name = "HOST", value_delimiter = ',')]
    webhook_http: Vec<String>,
}

/// How mail leaves.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Post {
    /// The mail server: smtps://name:password@host, smtp+starttls://name:password@host, or smtp://relay inside the house.
    /// A % and an @ in the name are written %25 and %40
    #[arg(long, env = "CHENGJING_MAIL", hide_env_values = true, value_name = "URL", requires_all = ["mail_from", "site"])]
    mail: Option<String>,
    /// Whom letters are from: 城镜 <chengjing@example.gov.cn>
    #[arg(long, env = "CHENGJING_MAIL_FROM", value_name = "ADDRESS")]
    mail_from: Option<String>,
    /// Where people reach this server, for the links in letters and the way back from the unified login: https://chengjing.example.gov.cn
    #[arg(long, env = "CHENGJING_SITE", value_name = "URL")]
    site: Option<String>,
}

impl Post {
    fn office(&self) -> Result<Option<mail::PostOffice>> {
        let (Some(server), Some(from), Some(site)) = (&self.mail, &self.mail_from, &self.site) else {
            return Ok(None);
        };
        Ok(Some(mail::PostOffice::read(server, from, site).context("mail can't be sent that way")?))
    }
}

/// How people reach the server.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Door {
    /// Where to listen
    #[arg(long, env = "CHENGJING_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    pub(crate) listen: SocketAddr,
    /// People come over HTTPS (a proxy in front ends it): cookies are marked Secure and the proxy's X-Forwarded-For counts
    #[arg(long, env = "CHENGJING_BEHIND_PROXY")]
    pub(crate) behind_proxy: bool,
    /// The largest file that may be uploaded, in MiB
    #[arg(long, env = "CHENGJING_UPLOAD_LIMIT", default_value_t = 200, value_name = "MIB")]
    pub(crate) upload_limit: u64,
}

impl Serve {
    pub(crate) async fn run(self) -> Result<ExitCode> {
        let post_office = self.post.office()?.map(Arc::new);
        let unified = self.unified.provider(self.post.site.as_deref())?.map(Arc::new);
        let mut app = self.place.open(real_clock()).await?;
        app.post_office = post_office;
        app.oidc = unified;
        let Reached { webhook_allow: networks, webhook_http: plain_hosts } = self.reach;
        app.reach = Arc::new(Reach { networks, plain_hosts, ..Reach::default() });
        serve(app, &self.door, Settings::default()).await?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Serves until the program is told to end, and then finishes what is in flight.
pub(crate) async fn serve(app: App, door: &Door, settings: Settings) -> Result<()> {
    let settings = Settings {
        secure_cookies: door.behind_proxy,
        behind_proxy: door.behind_proxy,
        upload_limit: door.upload_limit << 20,
        ..settings
    };
    if !assets::are_there() {
        tracing::warn!("the web app is not built into this program; only the API answers");
    }
    // Before anybody can see it answer: who sees it may end it.
    let told_to_end = told_to_end()?;
    let listener =
        TcpListener::bind(door.listen).await.with_context(|| format!("can't listen on {}", door.listen))?;
    let address = listener.local_addr()?;
    let (stop, stopped) = watch::channel(false);
    let background = start_background(&app, &stopped);
    let service = router(State::new(app.clone(), settings), assets::assets());
    println!("Chengjing answers on http://{address}");
    let server = axum::serve(listener, service.into_make_service_with_connect_info::<SocketAddr>());
    // What is in flight is finished; somebody who holds a connection open for ever holds up nobody.
    const PATIENCE: Duration = Duration::from_secs(20);
    let mut end = stopped.clone();
    let mut over = stopped.clone();
    let serving = server.with_graceful_shutdown(async move { drop(end.wait_for(|stop| *stop).await) });
    let serving = tokio::spawn(serving.into_future());
    told_to_end.await;
    stop.send(true).ok();
    // An open page listens for ever; the server does not wait for it.
    app.live.end();
    drop(over.wait_for(|stop| *stop).await);
    if let Ok(ended) = tokio::time::timeout(PATIENCE, serving).await {
        ended.context("the server's task failed")?.context("the server failed")?;
    }
    for task in background {
        drop(tokio::time::timeout(PATIENCE, task).await);
    }
    // The last entries get their block before the program ends.
    if let Err(error) = ledger::seal(&app.store).await {
        tracing::warn!(%error, "the last ledger entries will be sealed at the next start");
    }
    app.store.close().await;
    Ok(())
}

/// SIGTERM or Ctrl-C, heard from the moment of the call.
fn told_to_end() -> Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).context("can't listen for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("can't listen for Ctrl-C")?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

fn start_background(app: &App, stopped: &watch::Receiver<bool>) -> Vec<JoinHandle<()>> {
    let until =
        |mut stopped: watch::Receiver<bool>| async move { drop(stopped.wait_for(|stop| *stop).await) };
    let worker = WorkerOptions::new(Randomness.uuid(app.now()));
    let jobs = run_jobs(app.store.clone(), job::handlers(app), worker, until(stopped.clone()));
    let sweeping = app.clone();
    let sweep = every(Duration::from_secs(3600), until(stopped.clone()), move || {
        let app = sweeping.clone();
        async move {
            if let Err(error) = sweep_out(&app).await {
                tracing::warn!(%error, "old sessions and answers could not be removed");
            }
            if let Err(error) = webhook::deliver::sweep(&app).await {
                tracing::warn!(%error, "old messages of webhooks could not be removed");
            }
            // Two days old by the machine's own time: whatever a row will name is named by then.
            if let Err(error) = sweep::order(&app, real_clock()() - TimeDelta::days(2)).await {
                tracing::warn!(%error, "files that nobody names could not be looked for");
            }
        }
    });
    let dated = app.clone();
    let ordered = Arc::new(AtomicI64::new(0));
    // A new day is noticed within minutes; the first one at once.
    let dates = every(Duration::from_secs(60), until(stopped.clone()), move || {
        let (app, ordered) = (dated.clone(), Arc::clone(&ordered));
        async move {
            let today = i64::from(day_of(app.now()).num_days_from_ce());
            if ordered.load(Ordering::Relaxed) == today {
                return;
            }
            let all = async {
                task::dates::order_all(&app).await?;
                evidence::expire::order_all(&app).await?;
                remind::calendar::order_all(&app).await?;
                score::days::order_all(&app).await?;
                photo::fill::order_all(&app).await
            };
            match all.await {
                Ok(()) => ordered.store(today, Ordering::Relaxed),
                Err(error) => tracing::warn!(%error, "what a new day brings could not be ordered"),
            }
        }
    });
    let posted = app.clone();
    // One round at a time: a mail server that hangs holds up its letters and nothing else.
    let posting = every(Duration::from_secs(20), until(stopped.clone()), move || {
        let app = posted.clone();
        async move {
            if let Err(error) = mail::deliver::deliver(&app).await {
                tracing::warn!(%error, "letters could not be sent; it is tried again");
            }
        }
    });
    let told = app.clone();
    let telling = every(Duration::from_secs(2), until(stopped.clone()), move || {
        let app = told.clone();
        async move {
            if let Err(error) = webhook::deliver::deliver(&app).await {
                tracing::warn!(%error, "webhooks could not be told; it is tried again");
            }
        }
    });
    let following = follow(app.clone(), until(stopped.clone()));
    vec![
        tokio::spawn(jobs),
        tokio::spawn(sweep),
        tokio::spawn(dates),
        tokio::spawn(posting),
        tokio::spawn(telling),
        tokio::spawn(following),
    ]
}

/// Tells people, and the pages that they have open, what the ledger says, a moment after it was sealed.
async fn follow(app: App, stop: impl Future<Output = ()>) {
    // Another server's blocks ring no bell here.
    const AT_MOST: Duration = Duration::from_secs(2);
    let mut stop = std::pin::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => return,
            () = app.store.wait_for_block(AT_MOST) => {}
        }
        if let Err(error) = remind::follow::catch_up(&app).await {
            tracing::warn!(%error, "what was done could not be told; it is tried again");
        }
        if let Err(error) = webhook::follow::catch_up(&app).await {
            tracing::warn!(%error, "what was done could not be laid out for webhooks; it is tried again");
        }
        if let Err(error) = live::spread(&app).await {
            tracing::warn!(%error, "open pages could not be told what changed");
        }
    }
}

async fn every<F, Fut>(pause: Duration, stop: impl Future<Output = ()>, work: F)
where
    F: Fn() -> Fut,
    Fut: Future<Output = ()>,
{
    let mut stop = std::pin::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => return,
            () = tokio::time::sleep(pause) => work().await,
        }
    }
}

/// Removes what nobody will ask for again: sessions that ended, answers a day old, jobs over for a month, and of files
/// uploads that broke off and tables that were printed a day ago.
async fn sweep_out(app: &App) -> Result<(), chengjing_store::StoreError> {
    let now = app.now();
    // Files have the machine's own time, whatever day a demo city stands at.
    app.store.files().sweep(real_clock()() - TimeDelta::days(1)).await?;
    app.store
        .write_unrecorded("old sessions, answers and jobs are removed", move |tx: Tx| async move {
            people::remove_expired_sessions(&tx, now).await?;
            people::remove_turns_before(&tx, now).await?;
            idempotency::remove_before(&tx, now - TimeDelta::days(1)).await?;
            jobs::remove_before(&tx, now - TimeDelta::days(30)).await?;
            Ok(())
        })
        .await
}
