//! Standards as workbooks, through the page: what an office takes out, works in and brings back.

use std::io::{Cursor, Read as _, Write as _};

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

use crate::{
    harness::{on_both, text},
    standards::{SMALL, Shelf, edition_path},
};

/// The workbook with other words in place of some of its own, wherever they stand.
fn with(workbook: &[u8], words: &[(&str, &str)]) -> Vec<u8> {
    let mut old = ZipArchive::new(Cursor::new(workbook)).expect("a workbook");
    let mut new = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..old.len() {
        let mut part = old.by_index(index).expect("a part");
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).expect("read");
        if let Ok(mut said) = String::from_utf8(bytes.clone()) {
            for (from, to) in words {
                said = said.replace(from, to);
            }
            bytes = said.into_bytes();
        }
        let name = part.name().expect("a name").into_owned();
        new.start_file(name, SimpleFileOptions::default()).expect("begun");
        new.write_all(&bytes).expect("written");
    }
    new.finish().expect("whole").into_inner()
}

fn first(answer: &Value) -> (String, String) {
    (text(&answer["faults"][0]["path"]), text(&answer["faults"][0]["zh"]))
}

#[tokio::test]
async fn a_workbook_is_taken_out_changed_and_brought_back_with_every_fault_at_its_cell() {
    on_both(|server| async move {
        let (_, shelf) = Shelf::new(&server).await;
        shelf.catalogue(crate::standards::CATALOGUE).await;
        let draft = shelf.take_in(SMALL).await.must(StatusCode::CREATED);
        let (one, office) = (edition_path(&draft), &shelf.office);
        let (status, headers, workbook) = office.fetch(&format!("{one}/workbook"), &[]).await;
        assert_eq!(status, StatusCode::OK);
        let name = headers["content-disposition"].to_str().expect("a name");
        assert!(name.ends_with(".xlsx"), "{name}");

        let shelf_path = format!("/standards?campaign={}", shelf.campaign);
        let again = office.upload(&shelf_path, workbook.clone()).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        let (place, words) = first(&again);
        assert!(place.contains('!') && words.contains("这个版本已经有了"), "{place} {words}");
        let (sheet, cell) = place.split_once('!').expect("a cell");
        assert!(words.starts_with(&format!("“{sheet}”{cell}：")), "{words}");

        let strange = with(&workbook, &[("market/*", "shop/*"), (">2026<", ">2028<")]);
        let strange = office.upload(&shelf_path, strange).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert!(first(&strange).0.contains('!'), "{strange}");

        let changed = with(&workbook, &[("小体系", "小镇体系"), ("name=\"说明\"", "name=\"杂记\"")]);
        let put = async |bytes: Vec<u8>, version: i64| {
            let seen = format!("\"v{version}\"");
            office.send_bytes(Method::PUT, &format!("{one}/source"), bytes, &[("if-match", &seen)]).await
        };
        let edited = put(changed, 1).await.must(StatusCode::OK);
        assert_eq!((&edited["title"], &edited["version"]), (&json!("小镇体系"), &json!(2)));
        assert_eq!(edited["passed_over"].as_array().map(Vec::len), Some(1), "{}", edited["passed_over"]);
        assert!(text(&edited["passed_over"][0]["zh"]).contains("杂记"));
        assert_eq!(edited["counts"], draft["counts"], "nothing was lost on the way");
        let (_, _, source) = office.fetch(&format!("{one}/source"), &[]).await;
        assert!(String::from_utf8_lossy(&source).contains("小镇体系"), "kept as a text");
        assert_eq!(put(workbook.clone(), 1).await.status, StatusCode::PRECONDITION_FAILED);

        let next = with(&workbook, &[(">2026<", ">2027<")]);
        let next = office.upload(&shelf_path, next).await.must(StatusCode::CREATED);
        assert_eq!((&next["edition"], &next["passed_over"]), (&json!("2027"), &json!([])));
        let cut = workbook[..workbook.len() / 2].to_vec();
        assert_eq!(office.upload(&shelf_path, cut).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    })
    .await;
}
