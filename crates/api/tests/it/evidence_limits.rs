//! What is said of files while they are filed, and kept for whoever reviews them.

use axum::http::StatusCode;
use chengjing_domain::people::Role;
use serde_json::{Value, json};

use crate::{
    attachments::send,
    doubts::{exif, jpeg, scene},
    evidence::Filed,
    harness::{on_both, text},
    previews::docx,
    refusals::person,
};

fn report(filed: &Filed, files: &[Value], typed: Option<&str>) -> Value {
    json!({
        "unit_id": filed.unit, "kind": "report", "requirements": [filed.of(0, "health")],
        "content": { "title": "健康教育总结", "text": typed, "attachment_ids": files },
    })
}

fn characters(n: usize) -> String {
    format!("<w:p><w:r><w:t>{}</w:t></w:r></w:p>", "城 ".repeat(n))
}

/// What is said of the only requirement, and whether it is not filed so.
fn told(limits: &Value) -> Vec<(String, bool)> {
    let one = |limit: &Value| (text(&limit["said"]["zh"]), limit["refuses"] == true);
    limits.as_array().expect("limits").iter().map(one).collect()
}

#[tokio::test]
async fn the_characters_of_a_document_are_counted_before_it_is_filed_and_what_cannot_be_read_is_told() {
    on_both(|server| async move {
        let filed = Filed::new(&server).await;
        let office = &filed.town.office;
        let check = filed.town.inside("evidence/check");
        let attach = async |name: &str, bytes: &[u8]| {
            send(&filed.school, &filed.town.campaign, name, bytes).await["id"].clone()
        };
        let long = attach("总结.docx", &docx(&characters(15))).await;
        let checked = filed.school.post(&check, report(&filed, std::slice::from_ref(&long), None)).await;
        let checked = checked.must(StatusCode::OK);
        assert_eq!((&checked["characters"], &checked["filed_characters"]), (&json!(15), &json!(15)));
        let limits = &checked["requirements"][0]["limits"];
        assert_eq!(told(limits), [("正文连同文件最多10字，现有15字，请删减5字".to_owned(), true)]);
        assert_eq!(limits[0]["field"], "attachments");
        let refused = filed.file(report(&filed, &[long], None)).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refused["faults"][0]["path"], "attachments");
        // A file that the caller may not see is none for the check.
        let theirs = send(office, &filed.town.campaign, "别家.txt", "城镜".as_bytes()).await["id"].clone();
        let checked = filed.school.post(&check, report(&filed, &[theirs], Some("城"))).await;
        assert_eq!(checked.must(StatusCode::OK)["characters"], 1);

        // With what is typed it is too long, alone it is not.
        let short = attach("说明.txt", "八个字的说明啊啊 \r\n".as_bytes()).await;
        let both = report(&filed, std::slice::from_ref(&short), Some("又三字"));
        filed.file(both).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        let one =
            filed.file(report(&filed, std::slice::from_ref(&short), None)).await.must(StatusCode::CREATED);
        let counted = json!([{ "attachment_id": short, "characters": 8 }]);
        assert_eq!(one["versions"][0]["documents"], counted);
        assert!(told(&one["links"][0]["limits"]).is_empty());

        // Another version of it is a scan: it is taken, and whoever reviews it is told that nobody counted it.
        let scan = attach("扫描.jpg", &jpeg(&scene(5), 80, None)).await;
        let seen = filed.school.get(&filed.path(&one)).await;
        let tag = seen.etag.clone().expect("a tag");
        let content = json!({ "title": "健康教育总结", "attachment_ids": [scan] });
        let path = format!("{}/versions", filed.path(&one));
        let headers = [("if-match", tag.as_str())];
        let again = json!({ "content": content, "word": null });
        let renewed = filed.school.send(axum::http::Method::POST, &path, Some(again), &headers).await;
        let renewed = renewed.must(StatusCode::CREATED);
        let unread = "最多10字，有1个文件读不出字数(扫描件、加密或不是文档)，由审核人核对".to_owned();
        assert_eq!(told(&renewed["links"][0]["limits"]), [(unread.clone(), false)]);
        let last = renewed["versions"].as_array().and_then(|all| all.last()).expect("a version");
        assert_eq!(last["documents"][0]["characters"], Value::Null);

        let reviewer = person(&server, office, Role::Reviewer, &filed.town.campaign, None).await;
        let queue = reviewer.get(&filed.town.inside("reviews?state=submitted")).await.must(StatusCode::OK);
        assert_eq!(told(&queue["items"][0]["limits"]), [(unread.clone(), false)]);
        let list = office.get(&filed.town.inside("evidence")).await.must(StatusCode::OK);
        assert_eq!(told(&list["items"][0]["links"][0]["limits"]), [(unread, false)]);
        let whole = office.get(&filed.town.inside("requirements")).await.must(StatusCode::OK);
        let needs = &whole["standards"][0]["requirements"][0]["needs"];
        assert_eq!((&needs[1]["unread"], &needs[1]["too_long"]), (&json!(1), &json!(0)));
        assert_eq!((&needs[0]["unread"], &needs[1]["there"]), (&json!(0), &json!(1)));
    })
    .await;
}

#[tokio::test]
async fn the_day_that_a_photograph_tells_is_judged_while_it_is_filed() {
    on_both(|server| async move {
        let filed = Filed::new(&server).await;
        let check = filed.town.inside("evidence/check");
        let told_by = exif("2023:05:01 09:00:00", "P60", [36, 30, 0], [117, 3, 0]);
        let old = jpeg(&scene(7), 90, Some(told_by));
        let old = send(&filed.school, &filed.town.campaign, "旧照.jpg", &old).await["id"].clone();
        let draft = |made_on: Option<&str>| {
            let mut body = filed.photo_set(std::slice::from_ref(&old), &[filed.of(0, "health")]);
            body["content"]["made_on"] = json!(made_on);
            body["files"] = json!(1);
            body
        };
        let mut checked = Value::Null;
        for _ in 0..1_000 {
            checked = filed.school.post(&check, draft(None)).await.must(StatusCode::OK);
            if checked["looking"] == false {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        assert_eq!((&checked["looking"], &checked["made_on"]), (&json!(false), &json!("2023-05-01")));
        let said = |checked: &Value| told(&checked["requirements"][0]["limits"]);
        let own = "要2025-05-06以后的材料，这份是2023-05-01的，可能不计分".to_owned();
        assert_eq!(said(&checked), [(own, false)], "the day of the camera, held against the window");

        let typed = filed.school.post(&check, draft(Some("2026-04-07"))).await.must(StatusCode::OK);
        let older = "有照片拍摄于2023-05-01，早于要求的2025-05-06，可能不计分".to_owned();
        assert_eq!((said(&typed), &typed["made_on"]), (vec![(older.clone(), false)], &Value::Null));

        let future = filed.school.post(&check, draft(Some("2026-05-07"))).await.must(StatusCode::OK);
        let to_come = "日期2026-05-07还没有到，请核对".to_owned();
        assert_eq!(said(&future), [(to_come.clone(), false), (older, false)]);
        let mut body = draft(Some("2026-05-07"));
        body.as_object_mut().expect("a body").remove("files");
        let one = filed.file(body).await.must(StatusCode::CREATED);
        assert_eq!(told(&one["links"][0]["limits"]), [(to_come, false)], "it is filed, and said");
    })
    .await;
}
