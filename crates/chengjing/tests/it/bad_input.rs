//! What clients do to a server: broken files, endless uploads, two hands at once, connections cut anywhere.

use std::{
    io::{Read, Write},
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::server::{Client, Server, campaign, id, list, read_answer, run};

const DOCUMENT: &[u8] = include_bytes!("../../demo/plan.docx");

fn plans(campaign: &str) -> String {
    format!("/api/v1/campaigns/{campaign}/plans")
}

/// Uploads a file and waits until it is read; the plan as it then is.
fn import(client: &Client, campaign: &str, name: &str, bytes: &[u8]) -> Value {
    let path = format!("{}?name={name}", plans(campaign));
    let sent = client.send("POST", &path, bytes, &[]).expect("an answer").must(202);
    let path = format!("{}/{}", plans(campaign), id(&sent["plan"]));
    let start = Instant::now();
    loop {
        let plan = client.get(&path).expect("an answer").must(200);
        if plan["state"] != "reading" {
            return plan;
        }
        assert!(start.elapsed() < Duration::from_secs(60), "{name} is never read");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_file_that_cannot_be_read_is_told_why_and_the_next_one_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path(), None);
    let client = server.administrator();
    let (campaign, _) = campaign(&client);
    for cut in [10, DOCUMENT.len() / 3, DOCUMENT.len() - 40] {
        let plan = import(&client, &campaign, "cut.docx", &DOCUMENT[..cut]);
        assert_eq!(plan["state"], "failed", "cut at {cut}");
        let said = plan["problems"][0]["zh"].as_str().unwrap_or_default();
        assert!(!said.is_empty(), "cut at {cut}: {plan}");
    }
    // Half a UTF-16 file, bytes of no encoding: whatever becomes of them, the server goes on.
    let mut odd = vec![0xff, 0xfe];
    odd.extend("清水县方案".encode_utf16().flat_map(u16::to_le_bytes));
    odd.pop();
    import(&client, &campaign, "odd.txt", &odd);
    let noise: Vec<u8> = (0..20_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    import(&client, &campaign, "noise.txt", &noise);
    let whole = import(&client, &campaign, "plan.docx", DOCUMENT);
    assert_eq!(whole["state"], "draft");
}

#[test]
fn an_upload_beyond_the_limit_is_refused_before_it_takes_memory() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path(), None);
    let client = server.administrator();
    let (campaign, _) = campaign(&client);
    let path = format!("{}?name=large.txt", plans(&campaign));
    let before = server.memory();
    // Said to be too large: refused at once.
    let mut wire = client.begin("POST", &path, (200 << 20) + 1, &[]).expect("a connection");
    let refused = read_answer(&mut wire).expect("an answer");
    let problem = refused.must(413);
    assert_eq!(problem["type"], "urn:chengjing:problem:too-large");
    assert!(problem["title"].as_str().is_some_and(|title| title.contains("200 MB")), "{problem}");
    // Not said: streamed to the disk, until it is too much.
    let mut wire = std::net::TcpStream::connect(client.address).expect("a connection");
    wire.set_read_timeout(Some(Duration::from_secs(60))).expect("a limit");
    let cookie = client.cookie.as_deref().unwrap_or_default();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ntransfer-encoding: chunked\r\ncookie: {cookie}\r\n\r\n"
    );
    wire.write_all(head.as_bytes()).expect("the head");
    let piece = vec![b'x'; 1 << 20];
    let mut most = 0;
    for sent in 0..=201 {
        let whole = [format!("{:x}\r\n", piece.len()).as_bytes(), &piece, b"\r\n"].concat();
        if wire.write_all(&whole).is_err() {
            assert!(sent >= 200, "refused after {sent} MiB");
            break;
        }
        most = most.max(server.memory());
    }
    if let Ok(answer) = read_answer(&mut wire) {
        assert_eq!(answer.status, 413);
    }
    let grown = most.max(server.memory()).saturating_sub(before) >> 20;
    assert!(grown < 64, "200 MiB on the way took {grown} MiB of memory");
    let left = std::fs::read_dir(folder.path().join("files")).map_or(0, |files| {
        files.flatten().filter(|file| file.metadata().is_ok_and(|about| about.len() > 1 << 20)).count()
    });
    assert_eq!(left, 0, "nothing of it is left");
    assert_eq!(list(&client, &plans(&campaign)).len(), 0);
}

#[test]
fn an_upload_that_is_cut_off_leaves_nothing_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path(), None);
    let client = server.administrator();
    let (campaign, _) = campaign(&client);
    let path = format!("{}?name=cut.txt", plans(&campaign));
    for sent in [0, 1, 100_000, 3 << 20] {
        let mut wire = client.begin("POST", &path, 5 << 20, &[]).expect("a connection");
        wire.write_all(&vec![b'x'; sent]).expect("a part of it");
    }
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(list(&client, &plans(&campaign)).len(), 0);
    let whole = import(&client, &campaign, "plan.docx", DOCUMENT);
    assert_eq!(whole["state"], "draft");
}

#[test]
fn of_two_hands_at_once_one_does_it_and_the_other_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path(), None);
    let client = server.administrator();
    let (campaign, _) = campaign(&client);
    let text = "云溪县方案\n一、重点任务\n1.清理背街小巷。\n责任单位：县城管局\n2.新建公厕6座。\n责任单位：县城管局\n";
    let plan = import(&client, &campaign, "plan.txt", text.as_bytes());
    let path = format!("{}/{}/adoption", plans(&campaign), id(&plan));
    let seen = format!("\"v{}\"", plan["version"]);
    let both = |act: &(dyn Fn() -> u16 + Sync)| {
        let mut two = std::thread::scope(|scope| {
            let other = scope.spawn(act);
            [act(), other.join().expect("the other")]
        });
        two.sort_unstable();
        two
    };
    let adopt = || {
        let decisions = json!({ "duties": null, "phases": false, "units": [] });
        client.post(&path, &decisions, &[("if-match", &seen)]).expect("an answer").status
    };
    let twice = both(&adopt);
    assert!(twice == [200, 409] || twice == [200, 412], "a double click on adopt: {twice:?}");
    let duties = list(&client, &format!("/api/v1/campaigns/{campaign}/duties"));
    assert_eq!(duties.len(), 2, "adopted once");

    let one = format!("/api/v1/campaigns/{campaign}/duties/{}", id(&duties[0]));
    let edit = || {
        let change = json!({ "due": "2026-09-30" });
        client.patch(&one, &change, &[("if-match", "\"v1\"")]).expect("an answer").status
    };
    assert_eq!(both(&edit), [200, 412], "two people at one duty");
    assert_eq!(client.get(&one).expect("an answer").must(200)["version"], 2);
}

/// The median and the slowest of so many readings of a list.
fn read_lists(client: &Client, path: &str, times: usize) -> (Duration, Duration) {
    let mut took: Vec<Duration> = (0..times)
        .map(|_| {
            let start = Instant::now();
            client.get(path).expect("an answer").must(200);
            start.elapsed()
        })
        .collect();
    took.sort_unstable();
    (took[times / 2], took[times - 1])
}

#[test]
fn clients_that_drop_their_connections_cost_nobody_else_anything() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::demo(&folder.path().join("county"));
    let mut client = server.client();
    let login = json!({ "name": "office", "password": "Qingshui-2026" });
    let session = client.post("/api/v1/session", &login, &[]).expect("an answer");
    client.cookie =
        session.header("set-cookie").and_then(|cookie| cookie.split(';').next()).map(str::to_owned);
    let session = client.get("/api/v1/session").expect("an answer").must(200);
    let inside = |rest: &str| {
        format!("/api/v1/campaigns/{}/{rest}", session["campaigns"][0]["id"].as_str().expect("a campaign"))
    };
    let page = inside("duties?limit=200");
    read_lists(&client, &page, 20);
    let alone = read_lists(&client, &page, 30);

    // Fifty who ask for a long answer, read a few bytes of it and are gone or stop reading.
    let stop = AtomicBool::new(false);
    let beside = std::thread::scope(|scope| {
        for dropper in 0..50 {
            let (client, stop) = (&client, &stop);
            let path = if dropper % 10 == 0 { inside("task-table?format=xlsx") } else { page.clone() };
            scope.spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    if let Ok(mut wire) = client.begin("GET", &path, 0, &[]) {
                        // Every other one does not even wait for the first byte.
                        if dropper % 2 == 0 {
                            wire.read_exact(&mut [0; 16]).ok();
                        }
                    }
                    // So that the droppers together ask for less than the machine can answer.
                    std::thread::sleep(Duration::from_millis(1_000 + dropper * 20));
                }
            });
        }
        let beside = read_lists(&client, &page, 30);
        stop.store(true, Ordering::Relaxed);
        beside
    });
    let after = read_lists(&client, &page, 30);
    eprintln!(
        "a page of 120 duties, median and slowest: alone {alone:?}, beside 50 droppers {beside:?}, after {after:?}"
    );
    // Their requests cost what requests cost; nothing of them stays. What else the machine does meanwhile is allowed for.
    assert!(after.0 < alone.0 * 10 + Duration::from_millis(200), "{after:?} after, {alone:?} before");
    assert!(beside.0 < alone.0 * 10 + Duration::from_millis(200), "{beside:?} beside, {alone:?} alone");
    assert!(server.memory() < 256 << 20, "{} MiB", server.memory() >> 20);
}

#[test]
fn two_documents_that_would_be_written_to_one_file_are_refused_before_anything_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    for town in ["east", "west"] {
        std::fs::create_dir(path(town)).expect("a folder");
        std::fs::write(path(&format!("{town}/plan.txt")), "一、清理河道。责任单位:水利局").expect("a plan");
    }
    let (status, _) = run(&["read", &path("east/plan.txt"), &path("west/plan.txt"), "-o", &path("out")]);
    assert!(!status.success());
    assert!(!folder.path().join("out").exists());
}
