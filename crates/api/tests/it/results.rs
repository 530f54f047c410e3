//! What official and mock assessments found: recorded whole or with all that is wrong, by hand or from a workbook, superseded and
//! never edited, compared with the campaign's own score, and no part of it.

use axum::http::{Method, StatusCode};
use chengjing_domain::people::Role;
use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};

use crate::{
    harness::{Server, on_both, text},
    observations::{City, figure},
    office::campaign,
    refusals::person,
};

struct Assessed {
    city: City,
    edition: String,
    market: String,
}

impl Assessed {
    async fn new(server: &Server) -> Self {
        let city = City::new(server).await;
        let market = city.site("城东市场").await;
        let attached = city.shelf.office.get(&city.inside("standards")).await.must(StatusCode::OK);
        let edition = text(&attached["items"][0]["edition"]["id"]);
        Self { city, edition, market }
    }

    fn result(&self) -> Value {
        json!({
            "edition_id": self.edition, "on": "2026-01-20", "kind": "mock", "covert": true, "team": "市文明办第二组", "total": "9.5",
            "leaves": [{ "leaf": "1", "marks": "4.5" }, { "leaf": "3", "marks": "2" }],
            "verdicts": [{ "site": self.market, "criterion": "market/licence", "verdict": "failed" }],
            "source": "市文明办通报",
        })
    }
}

fn with(mut one: Value, field: &str, value: Value) -> Value {
    one[field] = value;
    one
}

fn paths(answer: &Value) -> Vec<String> {
    answer["faults"].as_array().expect("faults").iter().map(|fault| text(&fault["path"])).collect()
}

#[tokio::test]
async fn a_result_is_recorded_compared_and_superseded_and_moves_no_score() {
    on_both(|server| async move {
        let here = Assessed::new(&server).await;
        let (city, office) = (&here.city, &here.city.shelf.office);
        city.recorded(figure("2025-12", "3.2")).await;
        let before = city.score().await["total"].clone();
        let all = city.inside("results");
        let key = [("idempotency-key", "result")];
        let first = office.send(Method::POST, &all, Some(here.result()), &key).await;
        let first = first.must(StatusCode::CREATED);
        assert!(office.send(Method::POST, &all, Some(here.result()), &key).await.replayed);
        assert_eq!(
            (&first["judged"], &first["leaves_told"], &first["marks"]),
            (&json!(1), &json!(2), &json!("14"))
        );
        assert_eq!(city.score().await["total"], before, "it takes no part in the score");

        let one = format!("{all}/{}", text(&first["id"]));
        let seen = office.get(&one).await.must(StatusCode::OK);
        let last = &seen["leaves"][1];
        // The figure was recorded after that day: what was known then counts.
        assert_eq!(
            (&last["leaf"], &last["of"], &last["marks"], &last["own"]["value"]),
            (&json!("3"), &json!("4"), &json!("2"), &json!("0"))
        );
        assert_eq!(last["difference"], "-2");
        let verdict = &seen["verdicts"][0];
        assert_eq!(
            (&verdict["site_name"], &verdict["text"], &verdict["verdict"]),
            (&json!("城东市场"), &json!("亮证经营"), &json!("failed"))
        );

        let successor = format!("{one}/successor");
        let v1 = [("if-match", "\"v1\"")];
        let official = with(here.result(), "kind", json!("official"));
        let other = office.send(Method::POST, &successor, Some(official), &v1).await;
        assert_eq!(other.status, StatusCode::CONFLICT, "a mock result is superseded by a mock one");
        let right = with(here.result(), "total", json!("9.8"));
        let corrected = office.send(Method::POST, &successor, Some(right.clone()), &v1).await;
        let corrected = corrected.must(StatusCode::CREATED);
        let stale = office.send(Method::POST, &successor, Some(right.clone()), &v1).await;
        assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
        let again = office.send(Method::POST, &successor, Some(right), &[("if-match", "\"v2\"")]).await;
        assert_eq!(again.status, StatusCode::CONFLICT, "the newest one is corrected");
        let old = office.get(&one).await.must(StatusCode::OK);
        assert_eq!(
            (&old["result"]["superseded_by"], &old["result"]["total"]),
            (&corrected["id"], &json!("9.5")),
            "the old one stays as it was told"
        );
        let list = office.get(&all).await.must(StatusCode::OK);
        assert_eq!(
            (list["items"].as_array().map(Vec::len), &list["items"][0]["total"]),
            (Some(1), &json!("9.8"))
        );
        let whole = office.get(&format!("{all}?superseded=true&limit=1")).await.must(StatusCode::OK);
        let next = format!("{all}?superseded=true&limit=1&after={}", text(&whole["next"]));
        let rest = office.get(&next).await.must(StatusCode::OK);
        assert_eq!((rest["items"].as_array().map(Vec::len), &rest["next"]), (Some(1), &Value::Null));
        assert_ne!(whole["items"][0]["id"], rest["items"][0]["id"]);
        chengjing_store::ledger::seal(&server.app.store).await.expect("sealed");
        assert!(chengjing_store::ledger::verify(&server.app.store).await.expect("verifies").is_empty());
    })
    .await;
}

#[tokio::test]
async fn all_that_is_wrong_with_a_result_is_told_at_its_place() {
    on_both(|server| async move {
        let here = Assessed::new(&server).await;
        let (city, office) = (&here.city, &here.city.shelf.office);
        let all = city.inside("results");
        let nobody = "00000000-0000-7000-8000-000000000000";
        let judged = |site: &str, criterion: &str, verdict: &str| {
            json!({ "site": site, "criterion": criterion, "verdict": verdict })
        };
        let mut wrong = here.result();
        wrong["team"] = json!(" ");
        wrong["on"] = json!("2099-01-01");
        wrong["total"] = json!("-1");
        wrong["leaves"] = json!([
            { "leaf": "9", "marks": "1" }, { "leaf": "1", "marks": "7" }, { "leaf": "3", "marks": "1" }, { "leaf": "3", "marks": "1" },
        ]);
        wrong["verdicts"] = json!([
            judged(nobody, "market/licence", "met"),
            judged(&here.market, "market/roof", "met"),
            judged(&here.market, "market/licence", "splendid"),
        ]);
        let faults = office.post(&all, wrong).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(
            paths(&faults),
            [
                "team",
                "on",
                "total",
                "leaves[0].leaf",
                "leaves[1].marks",
                "leaves[3].leaf",
                "verdicts[0].site",
                "verdicts[1].criterion",
                "verdicts[2].verdict",
            ]
        );
        let beyond = office.post(&all, with(here.result(), "total", json!("805"))).await;
        assert_eq!(paths(&beyond.must(StatusCode::UNPROCESSABLE_ENTITY)), ["total"]);
        let unknown = office.post(&all, with(here.result(), "edition_id", json!(nobody))).await;
        assert_eq!(paths(&unknown.must(StatusCode::UNPROCESSABLE_ENTITY)), ["edition_id"]);
        let none = office.get(&all).await.must(StatusCode::OK);
        assert_eq!(none["items"], json!([]));
    })
    .await;
}

/// A workbook as an office fills it in.
fn workbook(marks: &[[&str; 2]], verdicts: &[[&str; 3]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("指标得分").expect("a name");
    for (cells, row) in [["指标编号", "得分"]].iter().chain(marks).zip(0..) {
        for (cell, column) in cells.iter().zip(0..) {
            sheet.write(row, column, *cell).expect("a cell");
        }
    }
    let sheet = book.add_worksheet();
    sheet.set_name("点位评定").expect("a name");
    for (cells, row) in [["点位名称", "考察内容编号", "评定"]].iter().chain(verdicts).zip(0..) {
        for (cell, column) in cells.iter().zip(0..) {
            sheet.write(row, column, *cell).expect("a cell");
        }
    }
    book.save_to_buffer().expect("bytes")
}

#[tokio::test]
async fn a_workbook_is_given_out_and_read_or_every_cell_that_is_wrong_is_named() {
    on_both(|server| async move {
        let here = Assessed::new(&server).await;
        let (city, office) = (&here.city, &here.city.shelf.office);
        let path = city.inside(&format!("results/sheet?edition={}", here.edition));
        let (status, _, given) = office.fetch(&path, &[]).await;
        assert_eq!(status, StatusCode::OK);
        let blank = office.upload(&path, given).await.must(StatusCode::OK);
        assert_eq!(blank, json!({ "leaves": [], "verdicts": [] }), "nothing was filled in yet");
        let filled = workbook(&[["1", "4.50"], ["2", ""]], &[["城东市场", "market/licence", "不符合"]]);
        let read = office.upload(&path, filled).await.must(StatusCode::OK);
        assert_eq!(read["leaves"], json!([{ "leaf": "1", "marks": "4.5" }]));
        assert_eq!(
            (&read["verdicts"][0]["site"], &read["verdicts"][0]["verdict"]),
            (&json!(here.market), &json!("failed"))
        );
        let recorded =
            with(with(here.result(), "leaves", read["leaves"].clone()), "verdicts", read["verdicts"].clone());
        office.post(&city.inside("results"), recorded).await.must(StatusCode::CREATED);

        let wrong = workbook(
            &[["1", "60"], ["7", "1"], ["3", "1"]],
            &[["城东市场", "market/roof", "符合"], ["城东市场", "market/licence", "很好"]],
        );
        let faults = office.upload(&path, wrong).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(paths(&faults), ["指标得分!B2", "指标得分!A3", "点位评定!B2", "点位评定!C3"]);
        let wrong = workbook(&[["1", "优"]], &[["北门市场", "market/licence", "符合"]]);
        let faults = office.upload(&path, wrong).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(paths(&faults), ["指标得分!B2", "点位评定!A2"]);
    })
    .await;
}

#[tokio::test]
async fn who_sees_the_whole_campaign_sees_results_the_office_records_them_and_an_outsider_finds_nothing() {
    on_both(|server| async move {
        let here = Assessed::new(&server).await;
        let (city, office) = (&here.city, &here.city.shelf.office);
        let all = city.inside("results");
        let first = office.post(&all, here.result()).await.must(StatusCode::CREATED);
        let one = format!("{all}/{}", text(&first["id"]));
        let leader = person(&server, &city.administrator, Role::Leader, &city.shelf.campaign, None).await;
        leader.get(&one).await.must(StatusCode::OK);
        assert_eq!(leader.post(&all, here.result()).await.status, StatusCode::FORBIDDEN);
        let reviewer = person(&server, &city.administrator, Role::Reviewer, &city.shelf.campaign, None).await;
        assert_eq!(reviewer.get(&one).await.status, StatusCode::FORBIDDEN);
        let other = campaign(&city.administrator).await;
        let outsider = person(&server, &city.administrator, Role::Auditor, &other, None).await;
        let nobody = "00000000-0000-7000-8000-000000000000";
        let absent = outsider.get(&all.replace(&city.shelf.campaign, nobody)).await;
        for path in [all.clone(), one, format!("{all}/sheet?edition={}", here.edition)] {
            let hidden = outsider.get(&path).await;
            assert_eq!((hidden.status, &hidden.body), (StatusCode::NOT_FOUND, &absent.body));
        }
        // In one's own campaign the other's edition and result are none.
        let own = format!("/campaigns/{other}/results/{}", text(&first["id"]));
        assert_eq!(outsider.get(&own).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}
