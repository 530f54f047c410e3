//! Many people at once, from a spreadsheet.

use axum::http::{Method, StatusCode};
use rust_xlsxwriter::Workbook;
use serde_json::json;

use crate::{
    harness::{Caller, PASSWORD, Server, on_both, text},
    office::campaign,
    units::{unit_named, user},
};

fn list(rows: &[[&str; 5]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("人员").expect("a name");
    for (cells, row) in [["姓名", "用户名", "角色", "单位", "手机"]].iter().chain(rows).zip(0..) {
        for (cell, column) in cells.iter().zip(0..) {
            sheet.write(row, column, *cell).expect("a cell");
        }
    }
    book.save_to_buffer().expect("bytes")
}

/// The cells of a workbook's first sheet, row by row.
fn texts(bytes: &[u8]) -> Vec<String> {
    let sheet = chengjing_reader::source::read_sheet(bytes).expect("a workbook");
    sheet.rows.into_iter().flat_map(|row| row.cells).collect()
}

async fn office_of(server: &Server, administrator: &Caller, here: &str) -> Caller {
    user(administrator, server, "office", json!({ "role": "office", "campaign_id": here })).await.0
}

#[tokio::test]
async fn people_of_a_list_are_invited_and_each_link_is_given_once() {
    on_both(|server| async move {
        let administrator = server.administrator().await;
        let here = campaign(&administrator).await;
        let office = office_of(&server, &administrator, &here).await;
        let inside = |rest: &str| format!("/campaigns/{here}/people/sheet{rest}");
        let (status, _, template) = office.fetch(&inside(""), &[]).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(texts(&template), ["姓名", "用户名", "角色", "单位", "手机"]);

        let rows = [["李强", "", "联络员", "东河镇", "138 1234 5678"], ["赵敏", "", "领导", "", ""]];
        let seen =
            office.upload(&inside("/preview?entry=invitation"), list(&rows)).await.must(StatusCode::OK);
        assert_eq!(
            (&seen["people"][0]["unit"], &seen["people"][1]["role"]),
            (&json!("东河镇"), &json!("领导"))
        );
        let invitations = format!("/campaigns/{here}/invitations");
        let open = async || office.get(&invitations).await.must(StatusCode::OK)["items"].clone();
        assert_eq!(open().await, json!([]), "a preview invites nobody");

        let bring = inside("?entry=invitation&link_base=https%3A%2F%2Fa.example");
        let key = [("idempotency-key", "one")];
        let (status, first) = office.upload_for_bytes(&bring, list(&rows), &key).await;
        assert_eq!(status, StatusCode::OK);
        let (_, again) = office.upload_for_bytes(&bring, list(&rows), &key).await;
        assert_eq!(open().await.as_array().map(Vec::len), Some(2), "nobody is invited twice");
        let link = |bytes: Vec<u8>| {
            let all = texts(&bytes);
            all.into_iter().find_map(|text| Some(text.strip_prefix("https://a.example/join#")?.to_owned()))
        };
        let (old, secret) = (link(first).expect("a link"), link(again).expect("a link"));
        let look = async |secret: &str| {
            server.anybody().post("/joining/invitation", json!({ "secret": secret })).await
        };
        assert_eq!(look(&old).await.status, StatusCode::NOT_FOUND, "the one that got lost on its way");
        assert_eq!(look(&secret).await.must(StatusCode::OK)["display_name"], "李强");
        let town = unit_named(&office, &here, "东河镇").await;
        assert_eq!(
            (&town["contacts"][0]["name"], &town["contacts"][0]["phone"]),
            (&json!("李强"), &json!("13812345678"))
        );

        // Another list under the same key meets nobody else's invitation: one more is invited, those before keep theirs.
        let more = [["孙丽", "", "审核员", "", ""]];
        let (status, bytes) = office.upload_for_bytes(&bring, list(&more), &key).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(open().await.as_array().map(Vec::len), Some(3));
        assert_eq!(look(&link(bytes).expect("a link")).await.must(StatusCode::OK)["display_name"], "孙丽");
        assert_eq!(look(&secret).await.must(StatusCode::OK)["display_name"], "李强");

        let refused = [["李强", "liqiang", "领导", "", ""]];
        for rest in ["/preview?entry=account", "?entry=account&link_base=https%3A%2F%2Fa.example"] {
            let answer = office.upload(&inside(rest), list(&refused)).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "users are the administrator's");
        }
        chengjing_store::ledger::seal(&server.app.store).await.expect("sealed");
        assert!(chengjing_store::ledger::verify(&server.app.store).await.expect("verifies").is_empty());
    })
    .await;
}

#[tokio::test]
async fn accounts_of_a_list_come_with_passwords_that_must_be_changed() {
    on_both(|server| async move {
        let administrator = server.administrator().await;
        let here = campaign(&administrator).await;
        let inside = |rest: &str| format!("/campaigns/{here}/people/sheet{rest}");
        let bring = inside("?entry=account&link_base=https%3A%2F%2Fa.example");
        let rows = [["李强", "LiQiang", "联络员", "东河镇", "61234"], ["赵敏", "zhaomin", "创建办", "", ""]];
        let (status, bytes) = administrator.upload_for_bytes(&bring, list(&rows), &[]).await;
        assert_eq!(status, StatusCode::OK);
        let said = texts(&bytes);
        let password = said.iter().find(|text| text.len() == 14 && text.matches('-').count() == 2);
        let login = json!({ "name": "liqiang", "password": password.expect("a password") });
        let session = server.anybody().post("/session", login).await.must(StatusCode::OK);
        assert_eq!(session["must_change_password"], true);
        let town = unit_named(&administrator, &here, "东河镇").await;
        assert_eq!(town["contacts"][0]["user"]["name"], "李强");

        // Sent again it makes nobody twice; who has chosen a password keeps it, who has not gets another.
        let key = [("idempotency-key", "accounts")];
        let two = [["孙丽", "sunli", "审核员", "", ""], ["周杰", "zhoujie", "领导", "", ""]];
        let passwords = |bytes: &[u8]| -> Vec<String> {
            texts(bytes)
                .into_iter()
                .filter(|text| text.len() == 14 && text.matches('-').count() == 2)
                .collect()
        };
        let (_, first) = administrator.upload_for_bytes(&bring, list(&two), &key).await;
        let first = passwords(&first);
        let login = |name: &str, password: &str| json!({ "name": name, "password": password });
        let sunli = server.log_in_by("sunli", &first[0]).await;
        let changed = json!({ "old": first[0], "new": PASSWORD });
        let changed = sunli.send(Method::PUT, "/session/password", Some(changed), &[]).await;
        assert_eq!(changed.status, StatusCode::NO_CONTENT);
        let (status, again) = administrator.upload_for_bytes(&bring, list(&two), &key).await;
        assert_eq!((status, texts(&again).iter().any(|text| text == "已改密码")), (StatusCode::OK, true));
        let again = passwords(&again);
        assert_eq!(again.len(), 1);
        let enters = async |name: &str, password: &str| {
            server.anybody().post("/session", login(name, password)).await.status
        };
        assert_eq!(enters("zhoujie", &first[1]).await, StatusCode::UNAUTHORIZED);
        assert_eq!(enters("zhoujie", &again[0]).await, StatusCode::OK);
        assert_eq!(enters("sunli", PASSWORD).await, StatusCode::OK);

        // All faults at once, and then nobody comes in.
        let bad = [["王芳", "liqiang", "联络员", "没有的局", ""], ["", "wang", "校长", "", "无"]];
        let problem = administrator.upload(&bring, list(&bad)).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        let cells: Vec<String> =
            problem["faults"].as_array().expect("faults").iter().map(|fault| text(&fault["path"])).collect();
        assert_eq!(cells, ["人员!B2", "人员!D2", "人员!A3", "人员!C3", "人员!E3"]);
        let users = administrator.get("/users?limit=200").await.must(StatusCode::OK);
        assert_eq!(users["items"].as_array().map(Vec::len), Some(5), "{users}");
        let leader = json!({ "role": "leader", "campaign_id": here });
        let (leader, _) = user(&administrator, &server, "leader", leader).await;
        assert_eq!(leader.upload(&bring, list(&rows)).await.status, StatusCode::FORBIDDEN);
        let again = json!({ "name": "zhaomin", "password": PASSWORD });
        assert_eq!(server.anybody().post("/session", again).await.status, StatusCode::UNAUTHORIZED);
        chengjing_store::ledger::seal(&server.app.store).await.expect("sealed");
        assert!(chengjing_store::ledger::verify(&server.app.store).await.expect("verifies").is_empty());
    })
    .await;
}

#[tokio::test]
async fn five_hundred_people_come_in_by_one_act_and_no_more() {
    on_both(|server| async move {
        let administrator = server.administrator().await;
        let here = campaign(&administrator).await;
        let bring =
            format!("/campaigns/{here}/people/sheet?entry=invitation&link_base=https%3A%2F%2Fa.example");
        let names: Vec<String> = (0..=500).map(|n| format!("联络员{n}")).collect();
        let rows: Vec<[&str; 5]> = names.iter().map(|name| [name, "", "联络员", "东河镇", "61234"]).collect();
        let answer = administrator.upload(&bring, list(&rows)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "one too many");
        let (status, bytes) = administrator.upload_for_bytes(&bring, list(&rows[..500]), &[]).await;
        assert_eq!(status, StatusCode::OK);
        let links: std::collections::HashSet<String> =
            texts(&bytes).into_iter().filter(|text| text.starts_with("https://a.example/join#")).collect();
        assert_eq!(links.len(), 500);
        // A unit's page names so many people and no more; the rest come in all the same.
        let town = unit_named(&administrator, &here, "东河镇").await;
        assert!(town["contacts"].as_array().expect("contacts").len() <= 20);
        chengjing_store::ledger::seal(&server.app.store).await.expect("sealed");
        assert!(chengjing_store::ledger::verify(&server.app.store).await.expect("verifies").is_empty());
    })
    .await;
}
