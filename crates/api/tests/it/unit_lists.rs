use axum::http::{Method, StatusCode};
use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};

use crate::{
    harness::{PASSWORD, on_both, text},
    office::campaign,
};

/// An xlsx with these rows under the headings.
fn list(rows: &[[&str; 4]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("单位").expect("a name");
    for (cells, row) in [["单位名称", "类别", "上级单位", "别名"]].iter().chain(rows).zip(0..) {
        for (cell, column) in cells.iter().zip(0..) {
            sheet.write(row, column, *cell).expect("a cell");
        }
    }
    book.save_to_buffer().expect("bytes")
}

#[tokio::test]
async fn a_list_of_units_is_looked_at_taken_in_and_given_out_again() {
    on_both(|server| async move {
        let office = server.administrator().await;
        let here = campaign(&office).await;
        let path = format!("/campaigns/{here}/units/sheet");
        let rows = [
            ["河口村", "村", "东河镇", "河口"],
            ["东河镇", "乡镇(街道)", "", "东河"],
            ["县教育局", "部门", "", "教育局、教体局"],
        ];
        let seen = office.upload(&path, list(&rows)).await.must(StatusCode::OK);
        let names = |changes: &Value, of: &str| -> Vec<String> {
            changes[of].as_array().expect("a list").iter().map(|unit| text(&unit["name"])).collect()
        };
        assert_eq!(names(&seen, "added"), ["河口村", "县教育局"]);
        assert_eq!(
            (&seen["applied"], &seen["changed"][0]["after"]["aliases"]),
            (&json!(false), &json!(["东河"]))
        );
        let units = office.get(&format!("/campaigns/{here}/units")).await.must(StatusCode::OK);
        assert_eq!(units["items"].as_array().map(Vec::len), Some(2), "nothing was changed");

        let applied = office.upload(&format!("{path}?apply=true"), list(&rows)).await.must(StatusCode::OK);
        assert_eq!((&applied["applied"], &applied["added"][0]["parent"]), (&json!(true), &json!("东河镇")));
        let units = office.get(&format!("/campaigns/{here}/units?q=%E6%B2%B3%E5%8F%A3")).await;
        let village = &units.must(StatusCode::OK)["items"][0];
        assert_eq!((&village["kind"], &village["parent"]["name"]), (&json!("community"), &json!("东河镇")));

        // A name that one lets go of, another takes in the same list.
        let moved = [["县教育局", "部门", "", ""], ["西河镇", "镇", "", "教体局"]];
        let changed = office.upload(&format!("{path}?apply=true"), list(&moved)).await.must(StatusCode::OK);
        assert_eq!(changed["changed"].as_array().map(Vec::len), Some(2));
        let again = office.upload(&path, list(&moved)).await.must(StatusCode::OK);
        assert_eq!((&again["unchanged"], &again["changed"]), (&json!(2), &json!([])));

        let given = office.get(&path).await;
        assert_eq!(given.status, StatusCode::OK);
        assert!(text(&given.body).starts_with("PK"), "a packed document");
        let ledger = office.get(&format!("/campaigns/{here}/ledger")).await.must(StatusCode::OK);
        let entries = ledger["items"].as_array().expect("entries");
        let taken = entries.iter().find(|entry| entry["details"]["added"] == 2).expect("told");
        assert_eq!(taken["action"], "unit.import");
        chengjing_store::ledger::seal(&server.app.store).await.expect("sealed");
        assert!(chengjing_store::ledger::verify(&server.app.store).await.expect("verifies").is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_list_with_any_fault_changes_nothing_and_names_every_cell() {
    on_both(|server| async move {
        let office = server.administrator().await;
        let here = campaign(&office).await;
        let path = format!("/campaigns/{here}/units/sheet?apply=true");
        let rows = [
            ["县教育局", "部门", "", ""],
            ["县教育局", "部门", "", ""],
            ["甲局", "学校", "没有的局", "东河镇"],
        ];
        let problem = office.upload(&path, list(&rows)).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        let cells: Vec<String> =
            problem["faults"].as_array().expect("faults").iter().map(|fault| text(&fault["path"])).collect();
        assert_eq!(cells, ["单位!A3", "单位!B4", "单位!C4", "单位!D4"]);
        let units = office.get(&format!("/campaigns/{here}/units")).await.must(StatusCode::OK);
        assert_eq!(units["items"].as_array().map(Vec::len), Some(2), "nothing was changed");
        let other = office.upload(&path, b"name,kind".to_vec()).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(other["faults"][0]["path"], "file");

        let new = json!({ "name": "leader", "display_name": "leader", "password": PASSWORD, "must_change_password": false,
            "grants": [{ "role": "leader", "campaign_id": here }] });
        office.post("/users", new).await.must(StatusCode::CREATED);
        let leader = server.log_in("leader").await;
        assert_eq!(leader.upload(&path, list(&rows)).await.status, StatusCode::FORBIDDEN);
        let seen = leader.send(Method::GET, &format!("/campaigns/{here}/units/sheet"), None, &[]).await;
        assert_eq!(seen.status, StatusCode::OK);
    })
    .await;
}

/// An xlsx with a head over five columns of people too.
fn list_with_people(rows: &[[&str; 7]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("单位").expect("a name");
    let head = ["单位名称", "类别", "负责人", "负责人电话", "联络员", "联络员电话", "挂钩领导"];
    for (cells, row) in [head].iter().chain(rows).zip(0..) {
        for (cell, column) in cells.iter().zip(0..) {
            match cell.parse::<f64>() {
                // As a spreadsheet keeps a phone that was typed into it.
                Ok(number) => sheet.write(row, column, number).expect("a cell"),
                Err(_) => sheet.write(row, column, *cell).expect("a cell"),
            };
        }
    }
    book.save_to_buffer().expect("bytes")
}

#[tokio::test]
async fn people_of_units_come_and_go_with_the_list() {
    on_both(|server| async move {
        let office = server.administrator().await;
        let here = campaign(&office).await;
        let path = format!("/campaigns/{here}/units/sheet");
        let rows = [["东河镇", "镇", "王芳", "13812345678", "李强、赵敏", "、61234", "张伟"]];
        let taken = office.upload(&format!("{path}?apply=true"), list_with_people(&rows)).await;
        let changed = taken.must(StatusCode::OK)["changed"][0]["after"]["contacts"].clone();
        let phones: Vec<(String, Value)> = changed
            .as_array()
            .expect("people")
            .iter()
            .map(|person| (text(&person["name"]), person["phone"].clone()))
            .collect();
        let expected = [
            ("王芳".into(), json!("13812345678")),
            ("李强".into(), Value::Null),
            ("赵敏".into(), json!("61234")),
            ("张伟".into(), Value::Null),
        ];
        assert_eq!(phones, expected);
        // What is given out says the same, and a list without these columns says nothing of them.
        let (_, _, bytes) = office.fetch(&path, &[]).await;
        let again = office.upload(&path, bytes).await.must(StatusCode::OK);
        assert_eq!((&again["unchanged"], &again["changed"]), (&json!(2), &json!([])));
        let older = office.upload(&path, list(&[["东河镇", "镇", "", ""]])).await.must(StatusCode::OK);
        assert_eq!(older["unchanged"], 1);
        let rows = [["西河镇", "镇", "", "61234", "李强、李强", "无", "张伟"]];
        let problem =
            office.upload(&path, list_with_people(&rows)).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        let cells: Vec<String> =
            problem["faults"].as_array().expect("faults").iter().map(|fault| text(&fault["path"])).collect();
        assert_eq!(cells, ["单位!D2", "单位!E2", "单位!F2"]);
    })
    .await;
}

/// What an office drops by mistake is told in the words of a list, not of a plan.
#[tokio::test]
async fn a_file_that_is_no_list_is_told_what_to_bring_instead() {
    on_both(|server| async move {
        let office = server.administrator().await;
        let here = campaign(&office).await;
        let path = format!("/campaigns/{here}/units/sheet");
        let whole = list(&[["县教育局", "部门", "", ""]]);
        // 单位名称, in GB 18030, as a csv that was given the name of an xlsx.
        let other_encoding = b"\xb5\xa5\xce\xbb\xc3\xfb\xb3\xc6,1\n".to_vec();
        let cut_off = whole[..whole.len() / 2].to_vec();
        let old_word = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".repeat(80);
        for (bytes, said) in [
            (other_encoding, "这不是 Excel 表格"),
            (old_word, "这不是 Excel 表格"),
            (b"\x89PNG\r\n\x1a\n".repeat(80), "这不是 Excel 表格"),
            (cut_off, "文件不完整或已损坏"),
        ] {
            let problem = office.upload(&path, bytes).await.must(StatusCode::UNPROCESSABLE_ENTITY);
            let fault = &problem["faults"][0];
            assert_eq!(fault["path"], "file");
            assert!(text(&fault["zh"]).starts_with(said), "{fault}");
        }
        let units = office.get(&format!("/campaigns/{here}/units")).await.must(StatusCode::OK);
        assert_eq!(units["items"].as_array().map(Vec::len), Some(2), "nothing was changed");
    })
    .await;
}
