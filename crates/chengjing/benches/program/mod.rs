//! The program itself, as benchmarks start, watch and ask it.
#![allow(dead_code, reason = "each benchmark is built by itself and uses what it needs")]

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    fs::File,
    io::ErrorKind,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Interest},
    net::TcpStream,
    time::sleep,
};

/// The program with these arguments, on its data.
pub(crate) fn command(
    arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
    database: &str,
    folder: &Path,
) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chengjing"));
    command.args(arguments).arg("--data").arg(folder).args(["--database", database]);
    command
}

/// A server that is running.
pub(crate) struct Program {
    child: Child,
    pub(crate) address: String,
    /// Until it answered.
    pub(crate) start_up: Duration,
}

impl Program {
    /// Starts it on its data, with settings of the environment.
    pub(crate) async fn serve(database: &str, folder: &Path, settings: &[(&str, &str)]) -> Self {
        let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a port");
        let address = free.to_string();
        let mut serve = command(["serve", "--listen", &address], database, folder);
        serve.envs(settings.iter().copied());
        let begun = Instant::now();
        let child = serve.stdout(Stdio::null()).spawn().expect("the server");
        while TcpStream::connect(&address).await.is_err() {
            assert!(begun.elapsed() < Duration::from_secs(60), "the server does not answer");
            sleep(Duration::from_millis(2)).await;
        }
        Self { child, address, start_up: begun.elapsed() }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Resident memory in MB, from /proc.
    pub(crate) fn memory(&self) -> u64 {
        status(self.id(), "VmRSS:")
    }

    /// The most that it ever had.
    pub(crate) fn most_memory(&self) -> u64 {
        status(self.id(), "VmHWM:")
    }

    /// CPU time so far.
    pub(crate) fn cpu(&self) -> Duration {
        cpu(&self.id().to_string())
    }

    /// Ends it as an office's machine does.
    pub(crate) fn stop(mut self) {
        let id = self.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status().expect("kill");
        assert!(self.child.wait().expect("ended").success(), "the server ends with 0");
    }
}

/// A line of a process' status in /proc, in MB.
pub(crate) fn status(process: u32, name: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|n| n.parse::<u64>().ok()).unwrap_or(0) / 1024
}

/// User and system time of a process, or of `self`, from /proc (in ticks of 10 ms).
pub(crate) fn cpu(process: &str) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks = after_name.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<u64>().ok());
    Duration::from_millis(ticks.sum::<u64>() * 10)
}

pub(crate) enum Body<'a> {
    None,
    Json(Value),
    Bytes(&'a [u8]),
    /// So many bytes of a file from there on, which the kernel takes without the client's having read them.
    Stretch(&'a File, u64, usize),
}

/// Status, headers and bytes of an answer.
pub(crate) type Exchanged = (u16, BTreeMap<String, String>, Vec<u8>);

/// One request on a connection of its own, and its answer; None where the connection broke.
pub(crate) async fn exchange(
    address: &str,
    token: Option<&str>,
    method: &str,
    path: &str,
    headers: &str,
    body: Body<'_>,
) -> Option<Exchanged> {
    let mut wire = BufReader::new(TcpStream::connect(address).await.ok()?);
    let headers = format!("Connection: close\r\n{headers}");
    send(&mut wire, token, method, path, &headers, body).await?;
    receive(&mut wire).await
}

/// Sends a request; each of `headers` has its line end.
pub(crate) async fn send(
    wire: &mut BufReader<TcpStream>,
    token: Option<&str>,
    method: &str,
    path: &str,
    headers: &str,
    body: Body<'_>,
) -> Option<()> {
    let text;
    let (kind, bytes, length) = match &body {
        Body::None => ("", &[][..], 0),
        Body::Json(value) => {
            text = value.to_string();
            ("Content-Type: application/json\r\n", text.as_bytes(), text.len())
        }
        Body::Bytes(bytes) => ("Content-Type: application/octet-stream\r\n", *bytes, bytes.len()),
        Body::Stretch(_, _, length) => ("Content-Type: application/octet-stream\r\n", &[][..], *length),
    };
    let token = token.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
    let head = format!(
        "{method} /api/v1{path} HTTP/1.1\r\nHost: bench\r\n{token}{headers}{kind}Content-Length: {length}\r\n\r\n"
    );
    wire.get_mut().write_all(head.as_bytes()).await.ok()?;
    wire.get_mut().write_all(bytes).await.ok()?;
    if let Body::Stretch(file, from, length) = body {
        hand_over(wire.get_ref(), file, from, length).await.ok()?;
    }
    Some(())
}

async fn hand_over(wire: &TcpStream, file: &File, from: u64, length: usize) -> std::io::Result<()> {
    let (mut at, end) = (from, from + length as u64);
    while at < end {
        wire.writable().await?;
        let left = usize::try_from(end - at).unwrap_or(usize::MAX);
        let some = || rustix::fs::sendfile(wire, file, Some(&mut at), left).map_err(std::io::Error::from);
        match wire.try_io(Interest::WRITABLE, some) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Reads an answer whole. Answers that are read here have a length.
pub(crate) async fn receive(wire: &mut BufReader<TcpStream>) -> Option<Exchanged> {
    let (status, headers) = receive_head(wire).await?;
    let mut bytes = vec![0; length(&headers)];
    wire.read_exact(&mut bytes).await.ok()?;
    Some((status, headers, bytes))
}

/// Reads an answer up to its first byte.
pub(crate) async fn receive_head(wire: &mut BufReader<TcpStream>) -> Option<(u16, BTreeMap<String, String>)> {
    let (mut status, mut headers) = (0, BTreeMap::new());
    loop {
        let mut line = String::new();
        if wire.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        if let Some(words) = line.strip_prefix("HTTP/1.1 ") {
            status = words.get(..3)?.parse().ok()?;
        } else if let Some((name, value)) = line.split_once(':') {
            headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
        } else {
            return Some((status, headers));
        }
    }
}

/// How many bytes follow.
pub(crate) fn length(headers: &BTreeMap<String, String>) -> usize {
    headers.get("content-length").and_then(|text| text.parse().ok()).unwrap_or(0)
}
