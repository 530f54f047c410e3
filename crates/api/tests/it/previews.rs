use std::io::{Cursor, Write};

use axum::http::StatusCode;
use chengjing_domain::people::Role;
use rust_xlsxwriter::{Format, Workbook};
use serde_json::json;
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::{
    attachments::send,
    harness::{Caller, on_both, text},
    office::campaign,
    refusals::person,
};

pub fn docx(body: &str) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let document = format!("<w:document><w:body>{body}</w:body></w:document>");
    for (name, text) in [("[Content_Types].xml", "<Types/>"), ("word/document.xml", document.as_str())] {
        zip.start_file(name, SimpleFileOptions::default()).expect("a part");
        zip.write_all(text.as_bytes()).expect("its bytes");
    }
    zip.finish().expect("a zip").into_inner()
}

fn xlsx() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("台账").expect("a name");
    sheet.write(0, 0, "参加率").expect("a cell");
    sheet.write_with_format(0, 1, 0.875, &Format::new().set_num_format("0.0%")).expect("a cell");
    book.save_to_buffer().expect("a workbook")
}

/// Sends a file and returns where its preview is.
async fn sent(caller: &Caller, campaign: &str, name: &str, bytes: &[u8]) -> String {
    let attachment = send(caller, campaign, name, bytes).await;
    format!("/campaigns/{campaign}/attachments/{}/preview", text(&attachment["id"]))
}

#[tokio::test]
async fn documents_are_looked_at_without_being_fetched() {
    on_both(|server| async move {
        let office = server.administrator().await;
        let campaign = campaign(&office).await;
        let body = "<w:p><w:pPr><w:outlineLvl w:val=\"0\"/></w:pPr><w:r><w:t>自查报告</w:t></w:r></w:p>\
            <w:tbl><w:tr><w:tc><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:tc></w:tr></w:tbl>";
        let report = sent(&office, &campaign, "报告.docx", &docx(body)).await;
        let shown = office.get(&report).await.must(StatusCode::OK);
        let heading = json!({
            "kind": "paragraph", "text": "自查报告", "heading": 1, "marker": null, "level": 0, "centred": false,
        });
        let cell = json!({ "column": 0, "text": "甲", "columns": 1, "rows": 1, "number": false });
        let blocks = json!([heading, { "kind": "table", "rows": [[cell]] }]);
        assert_eq!(shown, json!({ "kind": "document", "blocks": blocks, "more": 0, "pictures": 0 }));

        let table = sent(&office, &campaign, "台账.xlsx", &xlsx()).await;
        let shown = office.get(&table).await.must(StatusCode::OK);
        let sheet = &shown["sheets"][0];
        assert_eq!((&sheet["name"], &sheet["columns"]), (&json!("台账"), &json!(2)));
        assert_eq!(sheet["rows"][0]["number"], 1);
        assert_eq!(sheet["rows"][0]["cells"][1]["text"], "87.5%", "as it is displayed");
        assert_eq!((&shown["more"], &shown["hidden"]), (&json!(0), &json!(0)));

        let note = sent(&office, &campaign, "说明.txt", "一\n二".as_bytes()).await;
        let shown = office.get(&note).await.must(StatusCode::OK);
        assert_eq!(shown, json!({ "kind": "text", "lines": ["一", "二"], "more": 0 }));
    })
    .await;
}

#[tokio::test]
async fn what_a_browser_keeps_of_a_preview_is_not_made_again() {
    on_both(|server| async move {
        let office = server.administrator().await;
        let campaign = campaign(&office).await;
        let table = sent(&office, &campaign, "台账.xlsx", &xlsx()).await;
        let (status, headers, _) = office.fetch(&table, &[]).await;
        assert_eq!(
            (status, &headers["cache-control"]),
            (StatusCode::OK, &"private, no-cache".parse().expect("a value"))
        );
        let tag = headers["etag"].to_str().expect("text").to_owned();
        let (status, _, bytes) = office.fetch(&table, &[("if-none-match", &tag)]).await;
        assert_eq!((status, bytes.len()), (StatusCode::NOT_MODIFIED, 0));
        let (_, headers, _) = office.fetch(&table.replace("/preview", "/content"), &[]).await;
        assert_ne!(headers["etag"].to_str().expect("text"), tag, "the file itself is another thing");
    })
    .await;
}

#[tokio::test]
async fn a_file_that_cannot_be_looked_at_says_why_and_what_to_do() {
    on_both(|server| async move {
        let office = server.administrator().await;
        let campaign = campaign(&office).await;
        let locked = [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), vec![0; 600]].concat();
        let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let locked = [locked, name].concat();
        for (file, bytes, word) in [
            ("坏.docx", docx("<w:p>"), "损坏"),
            ("有密码.docx", locked, "密码"),
            ("报告.pdf", b"%PDF-1.7\n".to_vec(), "没有文字预览"),
        ] {
            let path = sent(&office, &campaign, file, &bytes).await;
            let problem = office.get(&path).await.must(StatusCode::UNPROCESSABLE_ENTITY);
            assert_eq!(problem["type"], "urn:chengjing:problem:unreadable", "{file}");
            assert!(text(&problem["title"]).contains(word), "{file}: {problem}");
            assert!(text(&problem["title"]).contains("下载"), "{file}: {problem}");
            assert!(text(&problem["title_en"]).contains("download"), "{file}: {problem}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_preview_is_there_for_nobody_who_may_not_see_its_file() {
    on_both(|server| async move {
        let office = server.administrator().await;
        let campaign = campaign(&office).await;
        let table = sent(&office, &campaign, "台账.xlsx", &xlsx()).await;
        let nowhere =
            format!("/campaigns/{campaign}/attachments/00000000-0000-7000-8000-000000000000/preview");
        let absent = office.get(&nowhere).await;
        assert_eq!(absent.status, StatusCode::NOT_FOUND);
        for role in [Role::Reviewer, Role::Leader, Role::Volunteer, Role::Inspector] {
            let caller = person(&server, &office, role, &campaign, None).await;
            let hidden = caller.get(&table).await;
            assert_eq!((hidden.status, &hidden.body), (StatusCode::NOT_FOUND, &absent.body), "{role:?}");
            // What one knows by its tag is hidden all the same.
            let (status, ..) = caller.fetch(&table, &[("if-none-match", "*")]).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{role:?}");
        }
        assert_eq!(server.anybody().get(&table).await.status, StatusCode::UNAUTHORIZED);
    })
    .await;
}
