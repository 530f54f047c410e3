//! The disk is full: told clearly, nothing damaged, over as soon as there is room.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use serde_json::json;

use crate::server::{Server, campaign, run};

/// A disk of a few megabytes; needs the right to mount.
pub struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    pub fn new() -> Option<Self> {
        let folder = tempfile::tempdir().ok()?;
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=12m", "chengjing-test"])
            .arg(folder.path())
            .stderr(Stdio::null())
            .status()
            .ok()?;
        mounted.success().then_some(Self(folder))
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        Command::new("umount").arg("-l").arg(self.0.path()).status().ok();
    }
}

#[test]
fn writes_on_a_full_disk_are_refused_with_507_and_go_on_when_there_is_room() {
    let Some(disk) = SmallDisk::new() else {
        eprintln!("the disk-full test is skipped: no right to mount a small disk");
        return;
    };
    let server = Server::start(disk.0.path(), None);
    let client = server.administrator();
    let (campaign, _) = campaign(&client);
    let path = format!("/api/v1/campaigns/{campaign}/duties");
    let ballast = disk.0.path().join("ballast");
    std::fs::write(&ballast, vec![0; 4 << 20]).expect("some room is taken");
    let text = "清".repeat(15_000);
    let add = |n: u32| {
        let new = json!({ "title": format!("任务{n}"), "text": text });
        client.post(&path, &new, &[("idempotency-key", &n.to_string())]).expect("an answer")
    };
    let mut kept = 0;
    let refused = loop {
        let answer = add(kept);
        if answer.status != 201 {
            break answer;
        }
        kept += 1;
        assert!(kept < 1_000, "the disk never fills");
    };
    let problem = refused.must(507);
    assert_eq!(problem["type"], "urn:chengjing:problem:disk-full");
    let upload = format!("/api/v1/campaigns/{campaign}/plans?name=plan.txt");
    let refused = client.send("POST", &upload, &vec![b'x'; 1 << 20], &[]).expect("an answer");
    assert_eq!(refused.must(507)["type"], "urn:chengjing:problem:disk-full", "a file that has no room");
    let count = || client.get(&format!("{path}/count")).expect("an answer").must(200)["count"].as_u64();
    assert_eq!(count(), Some(kept.into()), "what is stored can be read, and nothing else is");
    std::fs::remove_file(&ballast).expect("room again");
    assert_eq!(add(kept).status, 201, "the same request, sent again");
    assert_eq!(count(), Some(u64::from(kept) + 1));
    server.signal("TERM");
    assert_eq!(server.wait().code(), Some(0));
    let (status, said) = run(&["ledger", "verify", "--data", &disk.0.path().display().to_string()]);
    assert!(status.success(), "{said}");
}
