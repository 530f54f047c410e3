//! How the program ends, and what it says about itself.

use std::io::Write;

use serde_json::json;

use crate::server::{Server, campaign, read_answer, run};

const COMMANDS: &[&[&str]] = &[
    &["serve"],
    &["demo"],
    &["read"],
    &["standard", "check"],
    &["standard", "show"],
    &["score"],
    &["migrate"],
    &["user"],
    &["user", "add"],
    &["token", "create"],
    &["ledger", "verify"],
    &["backup"],
    &["restore"],
    &["doctor"],
];

#[test]
fn every_command_explains_itself_and_a_wrong_one_ends_with_two() {
    for command in COMMANDS {
        let (status, said) = run(&[command, ["--help"].as_slice()].concat());
        assert_eq!(status.code(), Some(0), "{command:?}");
        assert!(said.contains("Usage:"), "{command:?}: {said}");
        assert!(said.lines().all(|line| line.chars().count() <= 100), "{command:?}: {said}");
    }
    assert_eq!(run(&["fly"]).0.code(), Some(2));
    assert_eq!(run(&["serve", "--no-such-option"]).0.code(), Some(2));
    assert_eq!(run(&["read", "/no/such/plan.docx"]).0.code(), Some(1));
}

#[test]
fn a_server_told_to_end_finishes_what_is_in_flight_and_ends_with_zero() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path(), None);
    let client = server.administrator();
    let (campaign, _) = campaign(&client);
    let body = json!({ "title": "在途的任务" }).to_string();
    let headers = [("content-type", "application/json")];
    let path = format!("/api/v1/campaigns/{campaign}/duties");
    let mut wire = client.begin("POST", &path, body.len() as u64, &headers).expect("a connection");
    wire.write_all(&body.as_bytes()[..5]).expect("half of it");
    std::thread::sleep(std::time::Duration::from_millis(200));
    server.signal("TERM");
    std::thread::sleep(std::time::Duration::from_millis(200));
    wire.write_all(&body.as_bytes()[5..]).expect("the rest");
    assert_eq!(read_answer(&mut wire).expect("an answer").status, 201);
    assert_eq!(server.wait().code(), Some(0));
    let server = Server::start(folder.path(), None);
    let client = server.administrator();
    assert_eq!(client.get(&format!("{path}/count")).expect("an answer").must(200)["count"], 1);
}
