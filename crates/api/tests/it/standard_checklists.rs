//! Checklists that the reader found in a plan become site types of a draft.

use axum::http::{Method, StatusCode};
use chengjing_domain::people::Role;
use serde_json::{Value, json};

use crate::{
    harness::{Answer, Caller, on_both, text},
    office::import,
    refusals::person,
    standards::{CATALOGUE, SMALL, Shelf, edition_path, publish},
};

const PLAN: &str = "\
清河县创建文明城市实地考察点位标准

一、农贸市场标准
1.亮证经营，证照悬挂在醒目位置。
2.地面干净，无污水。

二、公园广场标准
1.设施完好，无破损。2处以上为符合，1处为基本符合，没有为不符合。
2.有公益广告。
";

async fn add(caller: &Caller, path: &str, wanted: Value, version: i64) -> Answer {
    let seen = format!("\"v{version}\"");
    caller.send(Method::POST, &format!("{path}/site-types"), Some(wanted), &[("if-match", &seen)]).await
}

#[tokio::test]
async fn checklists_of_a_plan_become_site_types_of_a_draft_once() {
    on_both(|server| async move {
        let (administrator, shelf) = Shelf::new(&server).await;
        shelf.catalogue(CATALOGUE).await;
        let (plan, read) = import(&shelf.office, &shelf.campaign, PLAN, None).await;
        let found = read["reading"]["plans"][0]["checklists"].as_array().cloned().unwrap_or_default();
        assert_eq!(found.len(), 2, "{read}");
        let draft = shelf.take_in(SMALL).await.must(StatusCode::CREATED);
        let (one, office) = (edition_path(&draft), &shelf.office);
        let wanted = |checklists: &[(usize, usize)]| {
            let checklists: Vec<Value> =
                checklists.iter().map(|(plan, own)| json!({ "plan": plan, "checklist": own })).collect();
            json!({ "campaign_id": shelf.campaign, "plan_id": plan, "checklists": checklists })
        };

        let strange = add(office, &one, wanted(&[(0, 0), (0, 9), (3, 0)]), 1).await;
        let strange = strange.must(StatusCode::UNPROCESSABLE_ENTITY);
        let paths: Vec<String> =
            strange["faults"].as_array().expect("faults").iter().map(|one| text(&one["path"])).collect();
        assert_eq!(paths, ["checklists[1]", "checklists[2]"], "all at once");

        let many = add(office, &one, wanted(&[(0, 0); 501]), 1).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(many["faults"][0]["path"], "checklists", "no more than the description says");

        let added = add(office, &one, wanted(&[(0, 0), (0, 1)]), 1).await.must(StatusCode::OK);
        assert_eq!((&added["site_types_added"], &added["criteria_added"]), (&json!(2), &json!(4)), "{added}");
        assert_eq!((&added["version"], &added["counts"]["site_types"]), (&json!(2), &json!(3)));
        let (_, _, source) = office.fetch(&format!("{one}/source"), &[]).await;
        let source = String::from_utf8_lossy(&source).into_owned();
        assert!(source.starts_with("# 数值参照去年"), "the rest of the file stays: {source}");
        assert!(source.contains("title: 公园广场") && source.contains("设施完好"), "{source}");

        assert_eq!(add(office, &one, wanted(&[(0, 0)]), 1).await.status, StatusCode::PRECONDITION_FAILED);
        let again = add(office, &one, wanted(&[(0, 0), (0, 1)]), 2).await.must(StatusCode::OK);
        assert_eq!(
            (&again["site_types_added"], &again["criteria_there"], &again["version"]),
            (&json!(0), &json!(4), &json!(2)),
            "what is there is left as it is"
        );

        let reader = person(&server, &administrator, Role::Leader, &shelf.campaign, None).await;
        let refused = add(&reader, &one, wanted(&[(0, 0)]), 2).await;
        assert_ne!(refused.status, StatusCode::OK);
        publish(office, &one, 2).await.must(StatusCode::OK);
        assert_eq!(add(office, &one, wanted(&[(0, 0)]), 3).await.status, StatusCode::CONFLICT);
    })
    .await;
}
