//! A PostgreSQL cluster of our own: own folder, own port, gone when it is dropped.

use std::{
    fs,
    io::Read,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::{
    run::{must, step},
    setup,
};

/// A running cluster. Tests make databases of their own in it.
pub(crate) struct Cluster {
    folder: PathBuf,
    server: Child,
    port: u16,
}

impl Cluster {
    pub(crate) fn start() -> Result<Self> {
        let bin = setup::postgres_bin().context("PostgreSQL is missing")?;
        let folder = std::env::temp_dir().join(format!("chengjing-postgres-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        if setup::is_root() {
            // PostgreSQL refuses to run as root; Debian's package brings a user for it.
            must(Command::new("chown").arg("postgres").arg(&folder))?;
        }
        let data = folder.join("data");
        let initdb =
            ["--auth=trust", "--username=chengjing", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"];
        let made = as_server(&bin.join("initdb"))
            .args(initdb)
            .arg("-D")
            .arg(&data)
            .stdout(Stdio::null())
            .status()?;
        if !made.success() {
            bail!("initdb ended with {made}");
        }
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut server = as_server(&bin.join("postgres"));
        server.arg("-D").arg(&data).args(["-c", "listen_addresses=127.0.0.1"]);
        server.args([
            "-c",
            &format!("port={port}"),
            "-c",
            &format!("unix_socket_directories={}", folder.display()),
        ]);
        // Tests don't outlive the machine; what must survive a crash is tested with kill, not with a power cut.
        server.args(["-c", "fsync=off", "-c", "max_connections=300", "-c", "log_min_messages=panic"]);
        let server = server.stdout(Stdio::null()).stderr(Stdio::null()).stdin(Stdio::null()).spawn()?;
        let cluster = Self { folder, server, port };
        cluster.wait()?;
        Ok(cluster)
    }

    pub(crate) fn url(&self) -> String {
        format!("postgres://chengjing@127.0.0.1:{}/postgres", self.port)
    }

    fn wait(&self) -> Result<()> {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(30) {
            if std::net::TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                // The port opens a moment before logins are answered.
                std::thread::sleep(Duration::from_millis(500));
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        bail!("PostgreSQL did not answer within 30 seconds")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let postmaster = fs::read_to_string(self.folder.join("data/postmaster.pid")).unwrap_or_default();
        if let Some(pid) = postmaster.lines().next() {
            // SIGINT is PostgreSQL's fast shutdown; runuser would not pass on a kill of itself.
            let _ = Command::new("kill").args(["-INT", pid]).status();
        }
        let _ = self.server.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn as_server(program: &Path) -> Command {
    if setup::is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program).current_dir("/");
        command
    } else {
        Command::new(program)
    }
}

/// `cargo xtask postgres`: for a developer who wants to run single tests.
pub(crate) fn run() -> Result<()> {
    step("set-up", setup::system)?;
    let cluster = Cluster::start()?;
    println!("export CHENGJING_TEST_POSTGRES={}\nPress enter to stop.", cluster.url());
    let _ = std::io::stdin().read(&mut [0]);
    Ok(())
}
