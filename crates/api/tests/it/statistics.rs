//! Statistics: given out as a sheet, taken in by a sheet or a pasted block; what stands makes no second observation, what differs
//! supersedes, and every cell that is wrong is named.

use axum::http::StatusCode;
use chengjing_domain::people::Role;
use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};

use crate::{
    harness::{on_both, text},
    observations::{City, catalogue, figure, measured},
    office::campaign,
    refusals::{person, unit},
};

/// An xlsx with these rows under these headings.
fn sheet(headings: &[&str], rows: &[&[&str]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("统计").expect("a name");
    for (cells, row) in std::iter::once(headings).chain(rows.iter().copied()).zip(1..) {
        for (cell, column) in cells.iter().zip(0..) {
            match cell.parse::<f64>() {
                Ok(number) => sheet.write(row, column, number).expect("a cell"),
                Err(_) => sheet.write(row, column, *cell).expect("a cell"),
            };
        }
    }
    book.save_to_buffer().expect("bytes")
}

fn paths(answer: &Value) -> Vec<String> {
    answer["faults"].as_array().expect("faults").iter().map(|fault| text(&fault["path"])).collect()
}

const HEADINGS: &[&str] = &["统计编号", "所属单位", "依据文件", "2026年3月", "2026-04", "备注"];

#[tokio::test]
async fn a_sheet_is_taken_in_once_and_what_it_changes_supersedes() {
    on_both(|server| async move {
        let city = City::new(&server).await;
        let office = &city.shelf.office;
        let path = city.inside("statistics/sheet");
        let apply = format!("{path}?apply=true");
        let first: &[&[&str]] = &[&["jobless", "", "三月月报", "4.2", "4.10", "甲"]];
        let seen = office.upload(&path, sheet(HEADINGS, first)).await.must(StatusCode::OK);
        assert_eq!((&seen["applied"], &seen["unchanged"]), (&json!(false), &json!(0)));
        assert_eq!(
            (&seen["changed"][0]["cell"], &seen["changed"][0]["period"], &seen["changed"][0]["before"]),
            (&json!("统计!D3"), &json!("2026-03"), &Value::Null)
        );
        let list = city.inside("observations?kind=figure");
        let nothing = office.get(&list).await.must(StatusCode::OK);
        assert_eq!(nothing["items"], json!([]), "a look records nothing");
        office.upload(&apply, sheet(HEADINGS, first)).await.must(StatusCode::OK);
        assert_eq!(city.score().await["places"][2]["value"], "2", "the newer figure, 4.1, is below 5");
        let again = office.upload(&apply, sheet(HEADINGS, first)).await.must(StatusCode::OK);
        assert_eq!((&again["changed"], &again["unchanged"]), (&json!([]), &json!(2)));
        let all = office.get(&list).await.must(StatusCode::OK);
        assert_eq!(all["items"].as_array().map(Vec::len), Some(2), "what stands makes no second one");

        let second: &[&[&str]] = &[&["jobless", "", "四月月报（更正）", "4.2", "3.9"]];
        let changed = office.upload(&apply, sheet(HEADINGS, second)).await.must(StatusCode::OK);
        assert_eq!(
            (&changed["changed"][0]["before"], &changed["changed"][0]["value"], &changed["unchanged"]),
            (&json!("4.1"), &json!("3.9"), &json!(1))
        );
        assert_eq!(city.score().await["places"][2]["value"], "4");
        let seen = office.get(&city.inside("statistics?year=2026")).await.must(StatusCode::OK);
        let series = &seen["series"][0];
        assert_eq!(
            (&series["statistic"], &series["measured_in"], &series["leaves"][0]["leaf"]),
            (&json!("jobless"), &json!("%"), &json!("3"))
        );
        let figures = series["figures"].as_array().expect("figures");
        assert_eq!(figures.len(), 2);
        assert_eq!(
            (&figures[1]["period"], &figures[1]["value"], &figures[1]["source"], &figures[1]["revisions"]),
            (&json!("2026-04"), &json!("3.9"), &json!("四月月报（更正）"), &json!(1))
        );
        assert_eq!(seen["periods"].as_array().map(Vec::len), Some(12));
        let history = city.inside("observations?kind=figure&about=jobless&period=2026-04");
        let history = office.get(&history).await.must(StatusCode::OK);
        let values: Vec<String> = history["items"]
            .as_array()
            .expect("figures")
            .iter()
            .map(|one| text(&one["fact"]["value"]))
            .collect();
        assert_eq!(values.len(), 2, "what was superseded is still there: {values:?}");

        // What is given out says what stands: taken in again, it changes nothing.
        let (status, _, given) = office.fetch(&format!("{path}?year=2026"), &[]).await;
        assert_eq!(status, StatusCode::OK);
        let back = office.upload(&apply, given).await.must(StatusCode::OK);
        assert_eq!((&back["changed"], &back["unchanged"]), (&json!([]), &json!(2)));
        chengjing_store::ledger::seal(&server.app.store).await.expect("sealed");
        assert!(chengjing_store::ledger::verify(&server.app.store).await.expect("verifies").is_empty());
    })
    .await;
}

#[tokio::test]
async fn every_cell_that_is_wrong_is_named_and_nothing_is_recorded() {
    on_both(|server| async move {
        let city = City::new(&server).await;
        let office = &city.shelf.office;
        let path = city.inside("statistics/sheet?apply=true");
        let headings = &["统计编号", "所属单位", "依据文件", "2026年3月", "2099年1月", "2026年13月"];
        let wrong: &[&[&str]] = &[
            &["income", "", "年鉴", "1"],
            &["jobless", "没有的局", "月报", "好", "4"],
            &["jobless", "", "月报", "4.2"],
            &["jobless", "", "月报", "4.3"],
        ];
        let faults =
            office.upload(&path, sheet(headings, wrong)).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        let mut found = paths(&faults);
        found.sort_unstable();
        // The row of the unknown unit is looked at as the whole place's, so that all its faults are told at once.
        assert_eq!(found, ["统计!A3", "统计!B4", "统计!D4", "统计!D5", "统计!D6", "统计!E4", "统计!F2"]);
        let none = office.get(&city.inside("observations")).await.must(StatusCode::OK);
        assert_eq!(none["items"], json!([]));
        let torn = office.upload(&path, b"not a sheet".to_vec()).await;
        assert_eq!(torn.status, StatusCode::UNPROCESSABLE_ENTITY);
    })
    .await;
}

#[tokio::test]
async fn a_pasted_block_goes_by_the_same_rules_and_a_units_figure_is_its_own() {
    on_both(|server| async move {
        let city = City::new(&server).await;
        let office = &city.shelf.office;
        office
            .post(&city.inside("units"), json!({ "name": "城关镇", "kind": "street" }))
            .await
            .must(StatusCode::CREATED);
        let street = unit(office, &city.shelf.campaign, "城关镇").await;
        let path = city.inside("statistics/figures?apply=true");
        let one = |period: &str, value: &str, unit: Option<&str>| {
            json!({ "statistic": "jobless", "unit_id": unit, "period": period, "value": value, "source": "月报" })
        };
        let mut unsaid = one("2026-01", "4", None);
        unsaid["source"] = json!(" ");
        let nobody = "00000000-0000-7000-8000-000000000000";
        let wrong = json!({ "items": [
            one("2026年", "四", None), one("2026-02", "１，２", None), one("上月", "4", None), unsaid, one("2026-03", "", None),
        ] });
        let faults = office.post(&path, wrong).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        let mut found = paths(&faults);
        found.sort_unstable();
        assert_eq!(found, ["items[0].value", "items[1].value", "items[2].period", "items[3].source"]);
        let lost = office.post(&path, json!({ "items": [one("2026-03", "4", Some(nobody))] })).await;
        assert_eq!(paths(&lost.must(StatusCode::UNPROCESSABLE_ENTITY)), ["items[0].unit_id"]);

        let block = json!({ "items": [one("2026-03", "4.5%", None), one("2026-04", "1.0", Some(&street))] });
        let seen = office.post(&city.inside("statistics/figures"), block.clone()).await.must(StatusCode::OK);
        assert_eq!((&seen["applied"], seen["changed"].as_array().map(Vec::len)), (&json!(false), Some(2)));
        let done = office.post(&path, block.clone()).await.must(StatusCode::OK);
        assert_eq!((&done["applied"], &done["unchanged"]), (&json!(true), &json!(0)));
        // The street's figure is newer, and none of the whole place.
        assert_eq!(city.score().await["places"][2]["value"], "2");
        let again = office.post(&path, block).await.must(StatusCode::OK);
        assert_eq!((&again["changed"], &again["unchanged"]), (&json!([]), &json!(2)));
        let own = city.inside(&format!("statistics?year=2026&unit={street}"));
        let own = office.get(&own).await.must(StatusCode::OK);
        assert_eq!(own["series"][0]["figures"][0]["value"], "1");
        let quarters = office.get(&city.inside("statistics?year=2026&step=quarter")).await.must(StatusCode::OK);
        assert_eq!((quarters["periods"].as_array().map(Vec::len), &quarters["series"][0]["figures"]), (Some(4), &json!([])));
    })
    .await;
}

#[tokio::test]
async fn who_may_not_record_reads_and_an_outsider_finds_nothing() {
    on_both(|server| async move {
        let city = City::new(&server).await;
        let leader = person(&server, &city.administrator, Role::Leader, &city.shelf.campaign, None).await;
        let seen = leader.get(&city.inside("statistics?year=2026")).await.must(StatusCode::OK);
        assert_eq!(seen["editable"], false);
        let rows: &[&[&str]] = &[&["jobless", "", "月报", "4.2"]];
        let refused = leader.upload(&city.inside("statistics/sheet"), sheet(HEADINGS, rows)).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let one = json!({ "statistic": "jobless", "period": "2026-03", "value": "4", "source": "月报" });
        let refused = leader.post(&city.inside("statistics/figures"), json!({ "items": [one] })).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let other = campaign(&city.administrator).await;
        let outsider = person(&server, &city.administrator, Role::Auditor, &other, None).await;
        let missing = city.inside("").replace(&city.shelf.campaign, "00000000-0000-7000-8000-000000000000");
        for rest in ["statistics?year=2026", "statistics/sheet?year=2026"] {
            let hidden = outsider.get(&city.inside(rest)).await;
            let absent = outsider.get(&format!("{missing}{rest}")).await;
            assert_eq!((hidden.status, &hidden.body), (StatusCode::NOT_FOUND, &absent.body));
        }
        let year = leader.get(&city.inside("statistics?year=26")).await;
        assert_eq!(paths(&year.must(StatusCode::UNPROCESSABLE_ENTITY)), ["year"]);
    })
    .await;
}

#[tokio::test]
async fn a_formula_of_the_standard_is_worked_out_for_each_period_from_accepted_figures_alone() {
    on_both(|server| async move {
        let ratio = "\n        grading: { form: formula, expression: \"jobless * 1000 / workers\", linear: { zero_at: 60, full_at: 10 } }\nnegative_list";
        let by_steps = measured();
        let (start, end) = (by_steps.find("        statistic: jobless").expect("a statistic"), by_steps.find("\nnegative_list").expect("an end"));
        let standard = format!("{}{}{}", &by_steps[..start].trim_end(), ratio, &by_steps[end + "\nnegative_list".len()..]);
        let catalogue = catalogue() + "    - { id: workers, title: 从业人员, unit: \"人\", source: 县人社局 }\n";
        let city = City::of(&server, &standard, &catalogue).await;
        let office = &city.shelf.office;
        let path = city.inside("statistics/figures?apply=true");
        let said = |statistic: &str, period: &str, value: &str| {
            json!({ "statistic": statistic, "unit_id": null, "period": period, "value": value, "source": "月报" })
        };
        let items = [said("jobless", "2026-01", "7"), said("workers", "2026-01", "300"), said("jobless", "2026-02", "7")];
        office.post(&path, json!({ "items": items })).await.must(StatusCode::OK);
        let seen = office.get(&city.inside("statistics?year=2026")).await.must(StatusCode::OK);
        assert_eq!(
            seen["formulas"],
            json!([{
                "leaf": { "standard_id": city.standard, "leaf": "3", "title": "就业" },
                "expression": "jobless * 1000 / workers",
                "statistics": ["jobless", "workers"],
                "values": [{ "period": "2026-01", "value": "23.3333" }],
            }])
        );
    })
    .await;
}

#[tokio::test]
async fn a_statistic_stands_beside_the_citys_mean_in_each_period_in_which_both_are_accepted() {
    on_both(|server| async move {
        let comparison = "\n        grading: { form: comparison, with: mean, above: 1, equal: 0.66, below: 0.33 }";
        let by_steps = measured();
        let start = by_steps.find("        statistic: jobless").expect("a statistic") + "        statistic: jobless".len();
        let end = by_steps.find("\nnegative_list").expect("an end");
        let standard = format!("{}{comparison}{}", &by_steps[..start], &by_steps[end..]);
        let catalogue = catalogue() + "    - { id: mean, title: 全市平均, unit: \"%\", source: 市统计局 }\n";
        let city = City::of(&server, &standard, &catalogue).await;
        let office = &city.shelf.office;
        let path = city.inside("statistics/figures?apply=true");
        let said = |statistic: &str, period: &str, value: &str| {
            json!({ "statistic": statistic, "unit_id": null, "period": period, "value": value, "source": "月报" })
        };
        let items =
            [said("jobless", "2026-01", "4.1"), said("mean", "2026-01", "4.2"), said("jobless", "2026-02", "4.3")];
        office.post(&path, json!({ "items": items })).await.must(StatusCode::OK);
        let seen = office.get(&city.inside("statistics?year=2026")).await.must(StatusCode::OK);
        assert_eq!(
            seen["comparisons"],
            json!([{
                "leaf": { "standard_id": city.standard, "leaf": "3", "title": "就业" },
                "statistic": "jobless", "with": "mean",
                "values": [{ "period": "2026-01", "value": "4.1", "with": "4.2", "versus": "below" }],
            }])
        );
        assert_eq!(seen["formulas"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn a_statistic_that_is_asked_by_the_year_takes_no_other_figures_and_stands_in_no_other_sheet() {
    on_both(|server| async move {
        let yearly = catalogue().replace("source: 县人社局 }", "source: 县人社局, every: year }");
        let city = City::of(&server, &measured(), &yearly).await;
        let office = &city.shelf.office;
        let path = city.inside("statistics/figures?apply=true");
        let one = |period: &str, value: &str| {
            json!({ "statistic": "jobless", "unit_id": null, "period": period, "value": value, "source": "公报" })
        };
        let block = json!({ "items": [one("2025", "3.9"), one("2026-03", "4.5"), one("2026-Q1", "4.4")] });
        let faults = office.post(&path, block).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(paths(&faults), ["items[1].period", "items[2].period"]);
        let monthly = sheet(HEADINGS, &[&["jobless", "", "三月月报", "4.2"]]);
        let faults = office.upload(&city.inside("statistics/sheet"), monthly).await;
        assert_eq!(paths(&faults.must(StatusCode::UNPROCESSABLE_ENTITY)), ["统计!D3"]);
        let by_hand = city.record(json!([figure("2026-03", "4.5")])).await;
        assert_eq!(paths(&by_hand.must(StatusCode::UNPROCESSABLE_ENTITY)), ["items[0].period"]);

        office.post(&path, json!({ "items": [one("2025", "3.9")] })).await.must(StatusCode::OK);
        assert_eq!(city.score().await["places"][2]["value"], "4");
        let seen = office.get(&city.inside("statistics?year=2026&step=year")).await.must(StatusCode::OK);
        assert_eq!((&seen["series"][0]["every"], &seen["series"][0]["figures"][0]["value"]), (&json!("year"), &json!("3.9")));
        for (step, rows) in [("year", 1), ("quarter", 0), ("month", 0)] {
            let path = city.inside(&format!("statistics/sheet?year=2026&step={step}"));
            let (status, _, given) = office.fetch(&path, &[]).await;
            assert_eq!(status, StatusCode::OK);
            let read = chengjing_reader::source::read_sheet(&given).expect("a workbook");
            assert_eq!(format!("{read:?}").matches("jobless").count(), rows, "{step}");
        }
    })
    .await;
}
