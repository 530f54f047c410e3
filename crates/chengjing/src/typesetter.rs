//! Setting documents in a process of their own: a template that somebody brought may use time and memory without end, and
//! then only that process ends.

use std::{
    io::{self, Read as _, Write as _},
    process::Stdio,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use chengjing_service::typesetter::{self as port, Manuscript, SourceFault};
use chengjing_typeset::{Answer, Fault, Fonts, Task, Trouble, typeset};
use futures_util::future::BoxFuture;
use rustix::process::{Resource, Rlimit, setrlimit};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::Command,
    sync::Semaphore,
};

/// What such a process is called on the command line.
pub(crate) const COMMAND: &str = "typeset-one";

/// A letter takes a fraction of a second, and a few seconds in a debug build on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);
/// Addresses, of which fonts that are looked through take a good part; what is really used is far less.
const MEMORY: u64 = 3 << 30;
/// The largest PDF that is taken, in bytes.
const LARGEST: u64 = 64 << 20;

/// Where documents are set, one at a time: each takes a core.
#[derive(Debug, Clone)]
pub(crate) struct Typesetter(Arc<Semaphore>);

/// Why a document was not set.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unset {
    #[error("the document can't be set")]
    Trouble(#[source] Trouble),
    #[error("the document took more than {} seconds, or too much memory", PATIENCE.as_secs())]
    OverLimits,
    #[error("the process that sets documents failed")]
    Failed(#[source] anyhow::Error),
}

impl Typesetter {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Semaphore::new(1)))
    }

    /// Sets a document and gives its PDF.
    pub(crate) async fn set(&self, task: &Task) -> Result<Vec<u8>, Unset> {
        let _turn = self.0.acquire().await.map_err(|error| Unset::Failed(error.into()))?;
        match tokio::time::timeout(PATIENCE, exchange(task)).await {
            Ok(Ok(Some(answer))) => take_apart(answer),
            Ok(Ok(None)) | Err(_) => Err(Unset::OverLimits),
            Ok(Err(error)) => Err(Unset::Failed(error)),
        }
    }
}

impl port::Typesetter for Typesetter {
    fn set(&self, manuscript: Manuscript) -> BoxFuture<'_, Result<Bytes, port::Unset>> {
        let Manuscript { source, files } = manuscript;
        Box::pin(async move {
            match self.set(&Task { source, files }).await {
                Ok(pdf) => Ok(Bytes::from(pdf)),
                Err(Unset::Trouble(Trouble::Faulty(faults))) => {
                    Err(port::Unset::Faulty(faults.into_iter().map(told).collect()))
                }
                Err(Unset::Trouble(Trouble::NoChineseFont { looked_for, package })) => {
                    Err(port::Unset::NoChineseFont { looked_for, package })
                }
                Err(Unset::OverLimits) => Err(port::Unset::OverLimits),
                Err(Unset::Failed(error)) => Err(port::Unset::Failed(format!("{error:#}"))),
            }
        })
    }
}

fn told(fault: Fault) -> SourceFault {
    let Fault { file, line, message, hints } = fault;
    let hints = hints.into_iter().map(|hint| format!("; {hint}"));
    SourceFault { file, line, message: message + &hints.collect::<String>() }
}

/// What the process answers to a task; None where it died of it.
async fn exchange(task: &Task) -> Result<Option<Vec<u8>>> {
    // The running program itself, also after another version was put in its place.
    let program = if cfg!(target_os = "linux") { "/proc/self/exe".into() } else { std::env::current_exe()? };
    let mut process = Command::new(program);
    process.arg(COMMAND).stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
    // It needs to find fonts, and nothing else that the server knows.
    process.env_clear();
    for name in ["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"] {
        process.envs(std::env::var_os(name).map(|value| (name, value)));
    }
    let mut process = process.spawn().context("it can't be started")?;
    let (stdin, stdout) = (process.stdin.take(), process.stdout.take());
    let (Some(mut stdin), Some(stdout)) = (stdin, stdout) else { bail!("it has no pipes") };
    let task = serde_json::to_vec(task)?;
    // A process that dies while it is told its task closes the pipe: how it ended says more than that.
    let told = async {
        stdin.write_all(&task).await.ok();
        drop(stdin);
    };
    let mut answer = Vec::new();
    let mut limited = stdout.take(LARGEST);
    let heard = limited.read_to_end(&mut answer);
    let ((), heard) = tokio::join!(told, heard);
    heard?;
    let whole = (answer.len() as u64) < LARGEST;
    let ended = if whole { process.wait().await?.success() } else { false };
    Ok(Some(answer).filter(|_| ended))
}

/// An answer is a line that says how it went, and the PDF.
fn take_apart(mut answer: Vec<u8>) -> Result<Vec<u8>, Unset> {
    let end = answer.iter().position(|byte| *byte == b'\n').unwrap_or(answer.len());
    let rest = answer.split_off(answer.len().min(end + 1));
    match serde_json::from_slice::<Answer>(&answer) {
        Ok(Ok(())) => Ok(rest),
        Ok(Err(trouble)) => Err(Unset::Trouble(trouble)),
        Err(error) => Err(Unset::Failed(error.into())),
    }
}

/// The other side: limits itself, reads a task, sets it, answers.
pub(crate) fn serve_one() -> Result<()> {
    let limit = |most: u64| Rlimit { current: Some(most), maximum: Some(most) };
    setrlimit(Resource::As, limit(MEMORY))?;
    // The one who waits ends it before that; this is for the case that nobody waits any more.
    setrlimit(Resource::Cpu, limit(2 * PATIENCE.as_secs()))?;
    let mut task = Vec::new();
    io::stdin().lock().read_to_end(&mut task)?;
    let task: Task = serde_json::from_slice(&task)?;
    let (answer, pdf): (Answer, _) = match typeset(&task, &Fonts::of_the_system()) {
        Ok(pdf) => (Ok(()), pdf),
        Err(trouble) => (Err(trouble), Vec::new()),
    };
    let mut out = io::stdout().lock();
    serde_json::to_writer(&mut out, &answer)?;
    out.write_all(b"\n")?;
    out.write_all(&pdf)?;
    out.flush()?;
    Ok(())
}
