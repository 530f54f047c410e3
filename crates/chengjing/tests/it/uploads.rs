//! Files on their way to the real program: it is killed, its disk is full, its connections hang; and its memory stays
//! flat.

use std::{
    io::{Read, Write},
    path::Path,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    full_disk::SmallDisk,
    server::{Client, Database, Server, campaign, id, run},
};

/// A video of so many bytes, no two stretches of which are alike.
fn video(size: usize) -> Vec<u8> {
    let mut bytes = b"\0\0\0\x18ftypisom\0\0\0\0isomiso2".to_vec();
    let mut x = 0x9e37_79b9_7f4a_7c15_u64;
    while bytes.len() < size {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        bytes.extend(x.to_le_bytes());
    }
    bytes.truncate(size);
    bytes
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn begin(client: &Client, campaign: &str, name: &str, size: usize) -> String {
    let path = format!("/api/v1/campaigns/{campaign}/uploads");
    let begun = client.post(&path, &json!({ "name": name, "size": size }), &[]).expect("an answer").must(201);
    format!("{path}/{}", id(&begun))
}

fn offset(client: &Client, path: &str) -> usize {
    let there = client.get(path).expect("an answer").must(200);
    usize::try_from(there["offset"].as_u64().expect("an offset")).expect("small")
}

/// Sends a file from where it is, in pieces of that size; its attachment.
fn go_on(client: &Client, path: &str, bytes: &[u8], piece: usize) -> Value {
    loop {
        let at = offset(client, path);
        let some = &bytes[at..bytes.len().min(at + piece)];
        let answer =
            client.send("PATCH", path, some, &[("upload-offset", &at.to_string())]).expect("an answer");
        if answer.status == 409 {
            continue;
        }
        let body = answer.must(200);
        if body["state"] == "complete" {
            return body["attachment"].clone();
        }
    }
}

/// The attachment's bytes, without ever holding them; their hash.
fn fetched(client: &Client, campaign: &str, attachment: &Value) -> String {
    let path = format!("/api/v1/campaigns/{campaign}/attachments/{}/content", id(attachment));
    let mut wire = client.begin("GET", &path, 0, &[]).expect("a connection");
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        wire.read_exact(&mut byte).expect("a head");
        head.push(byte[0]);
    }
    assert!(head.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&head));
    let (mut hasher, mut some) = (Sha256::new(), vec![0; 1 << 16]);
    loop {
        match wire.read(&mut some).expect("bytes") {
            0 => return hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect(),
            read => hasher.update(&some[..read]),
        }
    }
}

#[test]
fn an_upload_goes_on_after_the_server_was_killed_in_the_middle_of_it() {
    let databases = [None, Database::new("uploads")];
    for database in databases.iter().enumerate().filter(|(n, database)| *n == 0 || database.is_some()) {
        let url = database.1.as_ref().map(Database::url);
        let folder = tempfile::tempdir().expect("a folder");
        let mut server = Server::start(folder.path(), url.as_deref());
        let mut client = server.administrator();
        let (campaign, _) = campaign(&client);
        let bytes = video(30 << 20);
        let path = begin(&client, &campaign, "现场.mp4", bytes.len());
        let mut acknowledged = 0;
        for round in 0..4 {
            let at = offset(&client, &path);
            assert!(at >= acknowledged, "what was acknowledged is there: {at} of {acknowledged}");
            let rest = &bytes[at..];
            let headers = [("upload-offset", at.to_string())];
            let headers: Vec<(&str, &str)> =
                headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let mut wire = client.begin("PATCH", &path, rest.len() as u64, &headers).expect("a connection");
            wire.write_all(&rest[..rest.len().min((round + 1) * (3 << 20))]).ok();
            if round % 2 == 0 {
                // Long enough for a step to be acknowledged in between.
                std::thread::sleep(Duration::from_millis(300));
                acknowledged = offset(&client, &path);
            }
            server.kill();
            drop(wire);
            server = Server::start(folder.path(), url.as_deref());
            client = server.administrator();
        }
        let attachment = go_on(&client, &path, &bytes, 4 << 20);
        assert_eq!(attachment["sha256"], sha256(&bytes).as_str());
        assert_eq!(fetched(&client, &campaign, &attachment), sha256(&bytes));
        let left = std::fs::read_dir(folder.path().join("uploads")).expect("the spool").count();
        assert_eq!(left, 0, "nothing is left of the way");
        server.signal("TERM");
        assert_eq!(server.wait().code(), Some(0));
        if url.is_none() {
            let (status, said) = run(&["doctor", "--data", &folder.path().display().to_string()]);
            let faults: Vec<&str> = said.lines().filter(|line| !line.contains("web app")).collect();
            assert!(status.success() || faults.is_empty(), "{said}");
        }
    }
}

#[test]
fn a_full_disk_in_the_middle_of_an_upload_is_told_and_nothing_of_it_is_lost() {
    let Some(disk) = SmallDisk::new() else {
        eprintln!("the disk-full test is skipped: no right to mount a small disk");
        return;
    };
    let server = Server::start(disk.path(), None);
    let client = server.administrator();
    let (campaign, _) = campaign(&client);
    let bytes = video(4 << 20);
    let path = begin(&client, &campaign, "现场.mp4", bytes.len());
    let ballast = disk.path().join("ballast");
    std::fs::write(&ballast, vec![0; 9 << 20]).ok();
    let mut sent = 0;
    let refused = loop {
        let some = &bytes[sent..bytes.len().min(sent + (256 << 10))];
        let answer =
            client.send("PATCH", &path, some, &[("upload-offset", &sent.to_string())]).expect("an answer");
        if answer.status != 200 {
            break answer;
        }
        sent += some.len();
        assert!(sent < bytes.len(), "the disk never fills");
    };
    assert_eq!(refused.must(507)["type"], "urn:chengjing:problem:disk-full");
    let there = offset(&client, &path);
    assert!((sent..bytes.len()).contains(&there), "what was acknowledged is there: {there} of {sent}");
    std::fs::remove_file(&ballast).expect("room again");
    let attachment = go_on(&client, &path, &bytes, 1 << 20);
    assert_eq!(attachment["sha256"], sha256(&bytes).as_str());
    assert_eq!(fetched(&client, &campaign, &attachment), sha256(&bytes));
}

#[test]
fn whoever_hangs_in_an_upload_makes_way_for_whoever_goes_on_with_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path(), None);
    let client = server.administrator();
    let (campaign, _) = campaign(&client);
    let bytes = video(1 << 20);
    let path = begin(&client, &campaign, "现场.mp4", bytes.len());
    // A tunnel: half of it has come, and the connection says nothing any more, not even that it is over.
    let mut hanging =
        client.begin("PATCH", &path, bytes.len() as u64, &[("upload-offset", "0")]).expect("a wire");
    hanging.write_all(&bytes[..500_000]).expect("a part of it");
    std::thread::sleep(Duration::from_millis(200));
    let start = Instant::now();
    let attachment = go_on(&client, &path, &bytes, bytes.len());
    assert_eq!(attachment["sha256"], sha256(&bytes).as_str());
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    drop(hanging);
}

/// The most memory that a server holds while something is done.
fn most_memory(server: &Server, work: impl FnOnce()) -> u64 {
    let (stop, most) = (AtomicBool::new(false), AtomicU64::new(server.memory()));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                most.fetch_max(server.memory(), Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(10));
            }
        });
        work();
        stop.store(true, Ordering::Relaxed);
    });
    most.into_inner()
}

#[test]
fn memory_stays_flat_while_two_hundred_megabytes_come_and_go() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path(), None);
    let client = server.administrator();
    let (campaign, _) = campaign(&client);
    let bytes = video(200 << 20);
    let before = server.memory();
    let mut attachment = Value::Null;
    let start = Instant::now();
    let coming = most_memory(&server, || {
        let path = begin(&client, &campaign, "现场.mp4", bytes.len());
        attachment = go_on(&client, &path, &bytes, bytes.len());
    });
    let came = start.elapsed();
    let going = most_memory(&server, || assert_eq!(fetched(&client, &campaign, &attachment), sha256(&bytes)));
    let mib = |bytes: u64| bytes >> 20;
    eprintln!(
        "200 MiB: {} MiB of memory before, {} while they came ({came:?}), {} while they went",
        mib(before),
        mib(coming),
        mib(going)
    );
    assert!(
        coming < before + (64 << 20) && going < before + (64 << 20),
        "{} {} {}",
        mib(before),
        mib(coming),
        mib(going)
    );
}

#[test]
fn files_lie_in_s3_where_the_server_is_told_so() {
    let Ok(bucket) = std::env::var("CHENGJING_TEST_S3") else {
        eprintln!("the S3 test is skipped: CHENGJING_TEST_S3 names no bucket");
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let place = format!("{bucket}/server-{}", std::process::id());
    let server = Server::with_files(folder.path(), &place);
    let client = server.administrator();
    let (campaign, _) = campaign(&client);
    let bytes = video(20 << 20);
    let path = begin(&client, &campaign, "现场.mp4", bytes.len());
    let attachment = go_on(&client, &path, &bytes, 6 << 20);
    assert_eq!(attachment["sha256"], sha256(&bytes).as_str());
    assert_eq!(fetched(&client, &campaign, &attachment), sha256(&bytes));
    let content = format!("/api/v1/campaigns/{campaign}/attachments/{}/content", id(&attachment));
    let part = client.send("GET", &content, &[], &[("range", "bytes=9999990-10000009")]).expect("an answer");
    assert_eq!((part.status, &part.bytes[..]), (206, &bytes[9_999_990..10_000_010]));
    // A plan document takes the same way.
    let plans = format!("/api/v1/campaigns/{campaign}/plans?name=plan.txt");
    let text = "云溪县方案\n一、重点任务\n1.清理背街小巷。\n责任单位：县城管局\n";
    let plan =
        client.send("POST", &plans, text.as_bytes(), &[]).expect("an answer").must(202)["plan"].clone();
    let plan = format!("/api/v1/campaigns/{campaign}/plans/{}", id(&plan));
    let start = Instant::now();
    while client.get(&plan).expect("an answer").must(200)["state"] == "reading" {
        assert!(start.elapsed() < Duration::from_secs(20), "the plan is not read");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(client.get(&format!("{plan}/file")).expect("an answer").bytes, text.as_bytes());
    assert!(!Path::new(&folder.path().join("files")).exists(), "nothing lies on the own disk");
}
