//! Sites by a sheet: given out, filled in, taken in again, or every cell that is wrong named.

use axum::http::StatusCode;
use chengjing_domain::people::Role;
use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};

use crate::{
    harness::{on_both, text},
    observations::City,
    office::campaign,
    refusals::person,
};

fn sheet(rows: &[[&str; 4]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("点位").expect("a name");
    for (cells, row) in [["点位名称", "点位类型", "经度", "纬度"]].iter().chain(rows).zip(0..) {
        for (cell, column) in cells.iter().zip(0..) {
            sheet.write(row, column, *cell).expect("a cell");
        }
    }
    book.save_to_buffer().expect("bytes")
}

#[tokio::test]
async fn a_list_of_sites_adds_and_changes_them_and_what_is_given_out_changes_nothing() {
    on_both(|server| async move {
        let city = City::new(&server).await;
        let office = &city.shelf.office;
        city.site("城东市场").await;
        let path = city.inside("sites/sheet");
        let apply = format!("{path}?apply=true");
        let rows = [["城东市场", "", "117.01", "36.5"], ["南门市场", "农贸市场", "", ""]];
        let seen = office.upload(&path, sheet(&rows)).await.must(StatusCode::OK);
        assert_eq!(
            (&seen["applied"], &seen["added"][0]["row"], &seen["changed"][0]["site"]["name"]),
            (&json!(false), &json!(3), &json!("城东市场"))
        );
        let before = office.get(&city.inside("sites")).await.must(StatusCode::OK);
        assert_eq!(before["items"].as_array().map(Vec::len), Some(1), "a look changes nothing");
        office.upload(&apply, sheet(&rows)).await.must(StatusCode::OK);
        let after = office.get(&city.inside("sites")).await.must(StatusCode::OK);
        let names: Vec<String> =
            after["items"].as_array().expect("sites").iter().map(|one| text(&one["name"])).collect();
        assert_eq!(names, ["南门市场", "城东市场"]);
        assert_eq!(after["items"][1]["position"]["datum"], "wgs84");
        let (status, _, given) = office.fetch(&path, &[]).await;
        assert_eq!(status, StatusCode::OK);
        let again = office.upload(&apply, given).await.must(StatusCode::OK);
        assert_eq!(
            (&again["added"], &again["changed"], &again["unchanged"]),
            (&json!([]), &json!([]), &json!(2))
        );

        let wrong = [["北门市场", "机场", "", ""], ["城东市场", "", "117", ""]];
        let faults = office.upload(&apply, sheet(&wrong)).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        let told: Vec<String> =
            faults["faults"].as_array().expect("faults").iter().map(|fault| text(&fault["path"])).collect();
        assert_eq!(told, ["点位!B2", "点位!D3"]);
        let leader = person(&server, &city.administrator, Role::Leader, &city.shelf.campaign, None).await;
        assert_eq!(leader.upload(&apply, sheet(&rows)).await.status, StatusCode::FORBIDDEN);
        let other = campaign(&city.administrator).await;
        let outsider = person(&server, &city.administrator, Role::Auditor, &other, None).await;
        let nowhere = path.replace(&city.shelf.campaign, "00000000-0000-7000-8000-000000000000");
        let (hidden, absent): (Value, Value) =
            (outsider.get(&path).await.body, outsider.get(&nowhere).await.body);
        assert_eq!((&hidden["status"], &hidden), (&json!(404), &absent));
    })
    .await;
}
