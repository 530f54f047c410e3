//! Which units answer for which indicator: taken from duties that fit, said by hand, or by a sheet.

use axum::http::{Method, StatusCode};
use chengjing_domain::people::Role;
use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};

use crate::{
    harness::{Caller, on_both, text},
    office::adopted,
    refusals::{person, unit},
    standards::{edition_path, publish},
};

const STANDARD: &str = "\
id: streets
edition: \"2026\"
title: 街巷体系
marks: 10
levels: [测评项目, 测评标准]
tree:
  - code: \"1\"
    title: 市容
    marks: 10
    children:
      - code: \"1.1\"
        title: 背街小巷
        marks: 6
        measures: [{ method: overall, grading: { form: binary } }]
      - code: \"1.2\"
        title: 消防通道
        marks: 4
        measures: [{ method: overall, grading: { form: binary } }]
";

/// A campaign with an adopted plan that is assessed by the standard above; the address of its owners.
async fn assessed(administrator: &Caller, campaign: &str) -> String {
    let taken = administrator.upload(&format!("/standards?campaign={campaign}"), STANDARD.into()).await;
    let edition = taken.must(StatusCode::CREATED);
    let path = edition_path(&edition);
    publish(administrator, &path, edition["version"].as_i64().expect("a version")).await.must(StatusCode::OK);
    let chosen = json!({ "edition_id": edition["id"] });
    let attached = administrator.post(&format!("/campaigns/{campaign}/standards"), chosen).await;
    attached.must(StatusCode::CREATED);
    format!("/campaigns/{campaign}/standards/{}/owners", text(&edition["standard"]["id"]))
}

fn names(leaf: &Value) -> Vec<String> {
    let all = leaf["owners"].as_array().expect("owners");
    all.iter().map(|one| format!("{} {}", text(&one["role"]), text(&one["unit"]["name"]))).collect()
}

#[tokio::test]
async fn a_duty_that_holds_an_indicators_words_is_suggested_and_its_units_answer_once_somebody_says_so() {
    on_both(|server| async move {
        let (administrator, campaign, _) = adopted(&server).await;
        let owners = assessed(&administrator, &campaign).await;
        let before = administrator.get(&owners).await.must(StatusCode::OK);
        assert_eq!((&before["editable"], before["leaves"].as_array().map(Vec::len)), (&json!(true), Some(2)));
        assert_eq!(before["leaves"][0]["above"], json!(["市容"]));
        let found = administrator.get(&format!("{owners}/suggestions")).await.must(StatusCode::OK);
        let leaves = found["leaves"].as_array().expect("leaves");
        assert_eq!(leaves.len(), 1, "no duty speaks of 消防通道: {found}");
        assert_eq!(leaves[0]["leaf"], "1.1");
        let duty = &leaves[0]["duties"][0];
        assert_eq!(duty["held"], 1_000);
        let taken: Vec<Value> = duty["units"]
            .as_array()
            .expect("units")
            .iter()
            .map(|one| json!({ "unit_id": one["unit"]["id"], "role": one["role"], "duty_id": duty["id"] }))
            .collect();
        let said = json!({ "leaves": [{ "leaf": "1.1", "version": 0, "owners": taken }] });
        let after =
            administrator.send(Method::PUT, &owners, Some(said.clone()), &[]).await.must(StatusCode::OK);
        let leaf = &after["leaves"][0];
        assert_eq!(names(leaf), ["responsible 县城管局", "responsible 东河镇", "responsible 西河镇"]);
        assert_eq!((&leaf["version"], &leaf["owners"][0]["duty"]["id"]), (&json!(1), &duty["id"]));
        let none = administrator.get(&format!("{owners}/suggestions")).await.must(StatusCode::OK);
        assert_eq!(none["leaves"], json!([]), "what somebody answers for is not suggested");
        // Who saw it as it was before changes nothing.
        let late = administrator.send(Method::PUT, &owners, Some(said), &[]).await;
        assert_eq!(late.status, StatusCode::PRECONDITION_FAILED);

        // A unit that becomes another one answers as that.
        let (from, into) = (
            unit(&administrator, &campaign, "西河镇").await,
            unit(&administrator, &campaign, "东河镇").await,
        );
        let merged = administrator
            .post(&format!("/campaigns/{campaign}/units/{from}/merge"), json!({ "into": into }))
            .await;
        merged.must(StatusCode::OK);
        let after = administrator.get(&owners).await.must(StatusCode::OK);
        assert_eq!(names(&after["leaves"][0]), ["responsible 县城管局", "responsible 东河镇"]);
        let told = administrator.get(&format!("/campaigns/{campaign}/ledger")).await.must(StatusCode::OK);
        let actions: Vec<String> =
            told["items"].as_array().expect("entries").iter().map(|entry| text(&entry["action"])).collect();
        assert!(actions.contains(&"standard.assign".to_owned()), "{actions:?}");
    })
    .await;
}

#[tokio::test]
async fn everybody_of_the_campaign_reads_who_answers_the_office_says_so_and_an_outsider_finds_nothing() {
    on_both(|server| async move {
        let (administrator, campaign, _) = adopted(&server).await;
        let owners = assessed(&administrator, &campaign).await;
        let school = unit(&administrator, &campaign, "县教育局").await;
        let duties = administrator.get(&format!("/campaigns/{campaign}/duties")).await.must(StatusCode::OK);
        let alley = duties["items"].as_array().expect("duties").iter().find(|duty| text(&duty["title"]).contains("小巷"));
        let alley = &alley.expect("the duty")["id"];
        let said = |version: i64| {
            let one = json!({ "unit_id": school, "role": "lead", "duty_id": alley });
            json!({ "leaves": [{ "leaf": "1.2", "version": version, "owners": [one] }] })
        };
        let liaison = person(&server, &administrator, Role::Liaison, &campaign, Some(&school)).await;
        let refused = liaison.send(Method::PUT, &owners, Some(said(0)), &[]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let forbidden = liaison.get(&format!("{owners}/suggestions")).await;
        assert_eq!(forbidden.status, StatusCode::FORBIDDEN);
        administrator.send(Method::PUT, &owners, Some(said(0)), &[]).await.must(StatusCode::OK);
        let seen = liaison.get(&owners).await.must(StatusCode::OK);
        assert_eq!(names(&seen["leaves"][1]), ["lead 县教育局"]);
        assert_eq!(seen["leaves"][1]["owners"][0]["duty"], Value::Null, "a duty of others is not told");
        assert_eq!(seen["editable"], false);
        // All that is wrong is told at once, and nothing of it is kept.
        let wrong = json!({ "leaves": [
            { "leaf": "9", "version": 0, "owners": [] },
            { "leaf": "1.1", "version": 0, "owners": [{ "unit_id": campaign, "role": "lead", "duty_id": school }] },
            { "leaf": "1.1", "version": 0, "owners": [] },
        ] });
        let faults = administrator.send(Method::PUT, &owners, Some(wrong), &[]).await;
        let faults = faults.must(StatusCode::UNPROCESSABLE_ENTITY)["faults"].clone();
        let paths: Vec<String> =
            faults.as_array().expect("faults").iter().map(|fault| text(&fault["path"])).collect();
        assert_eq!(
            paths,
            ["leaves[0].leaf", "leaves[1].owners[0].unit_id", "leaves[1].owners[0].duty_id", "leaves[2].leaf"]
        );
        let missing = owners.replace(&campaign, "00000000-0000-7000-8000-000000000000");
        let other = crate::office::campaign(&administrator).await;
        let outsider = person(&server, &administrator, Role::Office, &other, None).await;
        for rest in ["", "/sheet"] {
            let hidden = outsider.get(&format!("{owners}{rest}")).await;
            let absent = outsider.get(&format!("{missing}{rest}")).await;
            assert_eq!((hidden.status, &hidden.body), (StatusCode::NOT_FOUND, &absent.body));
        }
    })
    .await;
}

/// An xlsx with these rows under their headings.
fn sheet(rows: &[[&str; 3]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("责任分解").expect("a name");
    for (cells, row) in [["指标编号", "牵头单位", "配合单位"]].iter().chain(rows).zip(2..) {
        for (cell, column) in cells.iter().zip(1..) {
            sheet.write(row, column, *cell).expect("a cell");
        }
    }
    book.save_to_buffer().expect("bytes")
}

#[tokio::test]
async fn the_table_is_given_out_and_what_it_says_is_taken_in_or_every_cell_that_is_wrong_is_named() {
    on_both(|server| async move {
        let (administrator, campaign, _) = adopted(&server).await;
        let owners = assessed(&administrator, &campaign).await;
        let path = format!("{owners}/sheet");
        let rows = [["1.1", "县城管局", "东河镇、西河镇"], ["1.2", "", "县教育局"]];
        let seen = administrator.upload(&path, sheet(&rows)).await.must(StatusCode::OK);
        assert_eq!((&seen["applied"], seen["changed"].as_array().map(Vec::len)), (&json!(false), Some(2)));
        assert_eq!(
            (&seen["changed"][0]["row"], names(&seen["changed"][0])[0].as_str()),
            (&json!(4), "lead 县城管局")
        );
        let untouched = administrator.get(&owners).await.must(StatusCode::OK);
        assert_eq!(names(&untouched["leaves"][0]), Vec::<String>::new());
        let applied =
            administrator.upload(&format!("{path}?apply=true"), sheet(&rows)).await.must(StatusCode::OK);
        assert_eq!(applied["applied"], true);
        let after = administrator.get(&owners).await.must(StatusCode::OK);
        assert_eq!(names(&after["leaves"][0]), ["lead 县城管局", "support 东河镇", "support 西河镇"]);

        // What is given out says what is there: taken in again, it changes nothing.
        let (status, _, given) = administrator.fetch(&path, &[]).await;
        assert_eq!(status, StatusCode::OK);
        let again = administrator.upload(&format!("{path}?apply=true"), given).await.must(StatusCode::OK);
        assert_eq!((&again["changed"], &again["unchanged"]), (&json!([]), &json!(2)));

        let wrong = [["1.1", "县民政局", ""], ["7", "", ""], ["1.1", "", ""]];
        let faults = administrator.upload(&format!("{path}?apply=true"), sheet(&wrong)).await;
        let faults = faults.must(StatusCode::UNPROCESSABLE_ENTITY)["faults"].clone();
        let paths: Vec<String> =
            faults.as_array().expect("faults").iter().map(|fault| text(&fault["path"])).collect();
        assert_eq!(paths, ["责任分解!C4", "责任分解!B5", "责任分解!B6"]);
        let torn = administrator.upload(&path, sheet(&rows)[..400].to_vec()).await;
        assert_eq!(torn.status, StatusCode::UNPROCESSABLE_ENTITY);
    })
    .await;
}
