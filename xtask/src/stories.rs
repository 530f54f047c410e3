//! What needs the whole program: the API against its own description, and people's stories in a browser.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::{
    run::{binary, cargo, command, must, output, root},
    setup,
};

/// The demo city, or a new installation, on a port and in a folder of its own.
struct Demo {
    server: Child,
    folder: PathBuf,
    address: String,
}

impl Demo {
    fn start(what: &str, how: &[&str]) -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("chengjing-{what}-{}", std::process::id()));
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
        let mut server = Command::new(binary());
        server.args([what, "--listen", &address, "--data"]).arg(&folder).args(how);
        let server = server.stdin(Stdio::null()).spawn().context("the program is not built")?;
        let demo = Self { server, folder, address };
        let start = Instant::now();
        while TcpStream::connect(&demo.address).is_err() {
            if start.elapsed() > Duration::from_secs(60) {
                bail!("the program did not answer within a minute");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(demo)
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.server.id().to_string()).status();
        let _ = self.server.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Every operation, called by every role with good and bad input, answers as its description says.
pub(crate) fn api() -> Result<()> {
    must(&mut cargo(&["build", "--quiet", "--package", "chengjing"]))?;
    let python = setup::python()?;
    let demo = Demo::start("demo", &[])?;
    let logins = output(Command::new(binary()).args(["demo", "--print-logins"]))?;
    let script = root().join("e2e/api/conformance.py").display().to_string();
    let python = python.join("python").display().to_string();
    must(command(&python, &[&script, &format!("http://{}", demo.address)]).env("CHENGJING_LOGINS", logins))
}

/// Webhooks as the program sends them, checked by the library of their specification.
pub(crate) fn webhooks() -> Result<()> {
    must(&mut cargo(&["build", "--quiet", "--package", "chengjing"]))?;
    let python = setup::python()?.join("python").display().to_string();
    let new = Demo::start("serve", &["--webhook-allow", "127.0.0.1", "--webhook-http", "127.0.0.1"])?;
    let script = root().join("e2e/api/webhooks.py").display().to_string();
    must(&mut command(&python, &[&script, &format!("http://{}", new.address)]))
}

/// What the program gives out opens in the programs of others.
pub(crate) fn formats() -> Result<()> {
    must(&mut cargo(&["build", "--quiet", "--package", "chengjing"]))?;
    let python = setup::python()?.join("python").display().to_string();
    let demo = Demo::start("demo", &[])?;
    let logins = output(Command::new(binary()).args(["demo", "--print-logins"]))?;
    let script = root().join("e2e/api/formats.py").display().to_string();
    must(command(&python, &[&script, &format!("http://{}", demo.address)]).env("CHENGJING_LOGINS", logins))
}

/// Stories by role, in Chromium, against the real program.
pub(crate) fn browser() -> Result<()> {
    must(&mut cargo(&["build", "--quiet", "--package", "chengjing"]))?;
    setup::npm("e2e")?;
    let chromium = setup::chromium().context("Chromium is missing")?;
    let mut stories = command("npx", &["playwright", "test"]);
    stories
        .current_dir(root().join("e2e"))
        .env("CHENGJING_BINARY", binary())
        .env("CHENGJING_CHROMIUM", chromium);
    must(&mut stories)
}
