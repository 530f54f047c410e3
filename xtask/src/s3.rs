//! A stand-in for S3 (moto, from PyPI) with one bucket: own port, gone when it is dropped.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::setup;

const BUCKET: &str = "chengjing-test";

/// A running stand-in. Tests take a prefix of their own in its bucket.
pub(crate) struct Bucket {
    server: Child,
    address: String,
}

impl Bucket {
    pub(crate) fn start() -> Result<Self> {
        let program = setup::python()?.join("moto_server");
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let mut server = Command::new(&program);
        server.args(["-H", "127.0.0.1", "-p", &address.port().to_string()]);
        let server = server.stdout(Stdio::null()).stderr(Stdio::null()).stdin(Stdio::null()).spawn();
        let server = server.with_context(|| format!("cannot start {}", program.display()))?;
        let bucket = Self { server, address: address.to_string() };
        bucket.make()?;
        Ok(bucket)
    }

    /// What a program needs to know to reach it.
    pub(crate) fn environment(&self) -> [(&'static str, String); 5] {
        [
            ("CHENGJING_TEST_S3", format!("s3://{BUCKET}")),
            ("AWS_ENDPOINT", format!("http://{}", self.address)),
            ("AWS_ACCESS_KEY_ID", "test".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "test".to_owned()),
            ("AWS_REGION", "us-east-1".to_owned()),
        ]
    }

    /// The stand-in asks for no signature, so that a plain request makes the bucket.
    fn make(&self) -> Result<()> {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(30) {
            if let Ok(mut wire) = TcpStream::connect(&self.address) {
                write!(
                    wire,
                    "PUT /{BUCKET} HTTP/1.1\r\nhost: {}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
                    self.address
                )?;
                let mut answer = String::new();
                wire.read_to_string(&mut answer)?;
                if !answer.starts_with("HTTP/1.1 200") {
                    bail!(
                        "the stand-in for S3 makes no bucket: {}",
                        answer.lines().next().unwrap_or_default()
                    );
                }
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        bail!("the stand-in for S3 did not answer within 30 seconds")
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
