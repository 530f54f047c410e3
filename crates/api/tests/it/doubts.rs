//! Doubts about photographs: two that are one shot stand side by side before the reviewer, nothing is refused for it, and a twin
//! that is not for somebody to see tells them nothing.

use std::io::Cursor;

use axum::{
    body::Bytes,
    http::{Method, StatusCode},
};
use chengjing_domain::{
    attachment::{AttachedTo, Attachment, Facts, MediaKind, Picture},
    id::{AttachmentId, EntryId, EvidenceId},
    ledger::{Act, Author, Subject, SubjectKind},
    people::Role,
};
use chengjing_service::photo;
use image::{DynamicImage, GrayImage, Luma, codecs::jpeg::JpegEncoder, imageops::FilterType};
use serde_json::{Value, json};

use crate::{
    attachments::send,
    evidence::Filed,
    harness::{Caller, PASSWORD, Server, on_both, text},
    refusals::{person, unit},
};

/// A scene of discs of many greys and sizes; another number is another scene.
pub fn scene(number: u32) -> DynamicImage {
    let mut state = number.wrapping_mul(2_654_435_761) | 1;
    let mut draw = |below: u32| {
        // xorshift32 (Marsaglia, Xorshift RNGs, 2003).
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state % below
    };
    let mut picture = GrayImage::from_pixel(480, 360, Luma([128]));
    for _ in 0..220 {
        let (x, y, radius, grey) = (draw(480), draw(360), 5 + draw(18), draw(256));
        for (column, row, pixel) in picture.enumerate_pixels_mut() {
            if column.abs_diff(x).pow(2) + row.abs_diff(y).pow(2) <= radius * radius {
                *pixel = Luma([u8::try_from(grey).unwrap_or(0)]);
            }
        }
    }
    picture.into()
}

pub fn jpeg(picture: &DynamicImage, quality: u8, exif: Option<Vec<u8>>) -> Vec<u8> {
    use image::ImageEncoder;
    let mut bytes = Cursor::new(Vec::new());
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    if let Some(exif) = exif {
        encoder.set_exif_metadata(exif).expect("EXIF");
    }
    encoder.encode_image(&picture.to_rgb8()).expect("a JPEG");
    bytes.into_inner()
}

/// The same shot after it went through a chat: smaller, and compressed again.
fn sent_on(picture: &DynamicImage) -> Vec<u8> {
    jpeg(&picture.resize(400, 300, FilterType::Triangle), 60, None)
}

/// An entry of a directory in EXIF: its tag, its type, how many, and the bytes.
type Entry = (u16, u16, u32, Vec<u8>);

fn ascii(tag: u16, value: &str) -> Entry {
    let mut bytes = value.as_bytes().to_vec();
    bytes.push(0);
    (tag, 2, u32::try_from(bytes.len()).expect("short"), bytes)
}

/// Degrees, minutes and seconds, whole.
fn rational(tag: u16, parts: [u32; 3]) -> Entry {
    let bytes = parts.iter().flat_map(|part| [part.to_le_bytes(), 1_u32.to_le_bytes()]).flatten().collect();
    (tag, 5, 3, bytes)
}

/// A directory of a TIFF that begins there (TIFF 6.0, section 2).
fn directory(entries: &[Entry], at: usize) -> Vec<u8> {
    let mut far = at + 2 + 12 * entries.len() + 4;
    let (mut head, mut tail) =
        (u16::try_from(entries.len()).expect("few").to_le_bytes().to_vec(), Vec::<u8>::new());
    for (tag, kind, count, bytes) in entries {
        head.extend(tag.to_le_bytes());
        head.extend(kind.to_le_bytes());
        head.extend(count.to_le_bytes());
        if bytes.len() <= 4 {
            let mut own = bytes.clone();
            own.resize(4, 0);
            head.extend(own);
        } else {
            head.extend(u32::try_from(far).expect("short").to_le_bytes());
            tail.extend(bytes);
            far += bytes.len();
        }
    }
    head.extend([0; 4]);
    head.extend(tail);
    head
}

/// What a camera writes: when and where, and which program wrote the file.
pub fn exif(taken: &str, program: &str, north: [u32; 3], east: [u32; 3]) -> Vec<u8> {
    let pointer = |tag: u16, at: usize| (tag, 4, 1, u32::try_from(at).expect("short").to_le_bytes().to_vec());
    let first = |own: usize, gps: usize| {
        directory(
            &[ascii(0x0110, "P60"), ascii(0x0131, program), pointer(0x8769, own), pointer(0x8825, gps)],
            8,
        )
    };
    let own_at = 8 + first(0, 0).len();
    let own = directory(&[ascii(0x9003, taken)], own_at);
    let gps_at = own_at + own.len();
    let gps = [ascii(1, "N"), rational(2, north), ascii(3, "E"), rational(4, east)];
    let mut whole = b"II*\0\x08\0\0\0".to_vec();
    whole.extend(first(own_at, gps_at));
    whole.extend(own);
    whole.extend(directory(&gps, gps_at));
    whole
}

async fn file_as(filed: &Filed, caller: &Caller, unit: &str, title: &str, photos: &[Vec<u8>]) -> Value {
    let mut files = Vec::new();
    for (number, bytes) in photos.iter().enumerate() {
        let name = format!("{title}{number}.jpg");
        files.push(send(caller, &filed.town.campaign, &name, bytes).await["id"].clone());
    }
    let mut body = filed.photo_set(&files, &[filed.of(0, "health")]);
    body["unit_id"] = json!(unit);
    body["content"]["title"] = json!(title);
    body["content"]["activity"] = json!(title);
    caller.post(&filed.town.inside("evidence"), body).await.must(StatusCode::CREATED)
}

fn doubts_of(filed: &Filed, evidence: &Value) -> String {
    format!("{}/doubts", filed.path(evidence))
}

/// The doubts about a material once there are so many.
pub async fn doubted(filed: &Filed, caller: &Caller, evidence: &Value, expected: usize) -> Vec<Value> {
    let mut last = Vec::new();
    for _ in 0..1_500 {
        let list = caller.get(&doubts_of(filed, evidence)).await.must(StatusCode::OK);
        last = list["items"].as_array().expect("doubts").clone();
        if last.len() == expected {
            return last;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("{expected} doubts: {last:#?}");
}

/// Waits until nothing is to be looked into any more.
async fn settled(filed: &Filed, server: &Server) {
    let campaign = filed.town.campaign.parse().expect("an id");
    for _ in 0..1_500 {
        let due =
            server.app.store.read(|q| async move { chengjing_store::photo::next_due(&q, campaign).await });
        let waiting = server
            .app
            .store
            .read(|q| async move { chengjing_store::attachment::list_after(&q, campaign, None, 100).await })
            .await
            .expect("attachments")
            .iter()
            .any(|one| one.picture == Picture::Waiting);
        if due.await.expect("read").is_none() && !waiting {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("something is to be looked into still");
}

fn kinds(doubts: &[Value]) -> Vec<String> {
    let mut kinds: Vec<String> = doubts.iter().map(|doubt| text(&doubt["kind"])).collect();
    kinds.sort_unstable();
    kinds
}

#[tokio::test]
async fn whoever_reviews_is_told_which_photographs_were_compared_with_no_other() {
    on_both(|server| async move {
        let filed = Filed::new(&server).await;
        let reviewer = person(&server, &filed.town.office, Role::Reviewer, &filed.town.campaign, None).await;
        let wall = DynamicImage::from(GrayImage::from_pixel(480, 360, Luma([240])));
        let phone = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec();
        let photos = [jpeg(&scene(1), 92, None), jpeg(&wall, 92, None), phone];
        let one = file_as(&filed, &filed.school, &filed.unit, "健康日", &photos).await;
        settled(&filed, &server).await;
        let path = format!("{}/uncompared", filed.path(&one));
        let told = reviewer.get(&path).await.must(StatusCode::OK);
        let items = told["items"].as_array().expect("photographs");
        let mut said: Vec<(String, String)> =
            items.iter().map(|one| (text(&one["file"]["name"]), text(&one["why"]))).collect();
        said.sort_unstable();
        let expected = [("健康日1.jpg", "plain"), ("健康日2.jpg", "undecoded")];
        assert_eq!(said, expected.map(|(name, why)| (name.to_owned(), why.to_owned())));
        // Who files is not told what will not be noticed, and who has nothing to do with it learns nothing.
        assert_eq!(filed.school.get(&path).await.status, StatusCode::FORBIDDEN);
        assert_eq!(
            outsider(&server, &filed.town.office).await.get(&path).await.status,
            StatusCode::NOT_FOUND
        );
    })
    .await;
}

#[tokio::test]
async fn a_shot_that_two_units_file_stands_beside_its_twin_before_the_reviewer_and_is_dismissed_with_a_reason()
 {
    on_both(|server| async move {
        let filed = Filed::new(&server).await;
        let other = filed.town.liaison(&server, "县城管局", "sun").await;
        let theirs = unit(&filed.town.office, &filed.town.campaign, "县城管局").await;
        let reviewer = person(&server, &filed.town.office, Role::Reviewer, &filed.town.campaign, None).await;
        let shot = scene(1);
        let first = [jpeg(&shot, 92, None), jpeg(&scene(2), 92, None)];
        let one = file_as(&filed, &filed.school, &filed.unit, "健康日", &first).await;
        settled(&filed, &server).await;
        // Filed like any other: nothing is refused, and its unit is told nothing.
        let two =
            file_as(&filed, &other, &theirs, "义诊", &[sent_on(&shot), jpeg(&scene(3), 90, None)]).await;
        let doubts = doubted(&filed, &reviewer, &two, 1).await;
        let doubt = &doubts[0];
        assert_eq!((&doubt["kind"], &doubt["hidden"]), (&json!("same_shot"), &json!(false)), "{doubt:#}");
        assert_eq!(doubt["photo"]["file"]["name"], "义诊0.jpg");
        assert_eq!(doubt["photo"]["unit"]["name"], "县城管局");
        assert_eq!(doubt["twin"]["file"]["name"], "健康日0.jpg");
        assert_eq!(doubt["twin"]["unit"]["name"], "县教育局");
        assert_eq!(doubt["twin"]["evidence"]["id"], one["id"]);
        assert_eq!(doubt["twin"]["evidence"]["requirements"][0]["title"], "健康教育活动");
        assert!(doubt["alike"]["share"].as_u64().is_some_and(|share| share > 50), "{doubt:#}");
        // From the other side the same doubt, the other way round.
        let back = doubted(&filed, &reviewer, &one, 1).await;
        assert_eq!((&back[0]["id"], &back[0]["twin"]["evidence"]["id"]), (&doubt["id"], &two["id"]));
        let queue = reviewer.get(&filed.town.inside("reviews?state=submitted")).await.must(StatusCode::OK);
        let told: Vec<&Value> =
            queue["items"].as_array().expect("a queue").iter().map(|queued| &queued["doubts"]).collect();
        assert_eq!(told, [&json!(["same_shot"]), &json!(["same_shot"])]);
        let own = filed.school.get(&filed.town.inside("reviews")).await.must(StatusCode::OK);
        assert_eq!(own["items"][0]["doubts"], json!([]), "a unit is not told");

        // Who files is not told what others filed; who has nothing to do with it learns nothing.
        assert_eq!(filed.school.get(&doubts_of(&filed, &one)).await.status, StatusCode::FORBIDDEN);
        for stranger in [
            &filed.school,
            &person(&server, &filed.town.office, Role::Inspector, &filed.town.campaign, None).await,
            &outsider(&server, &filed.town.office).await,
        ] {
            let hidden = stranger.get(&doubts_of(&filed, &two)).await;
            assert_eq!(hidden.status, StatusCode::NOT_FOUND);
        }
        let auditor = person(&server, &filed.town.office, Role::Auditor, &filed.town.campaign, None).await;
        let seen = auditor.get(&doubts_of(&filed, &two)).await.must(StatusCode::OK);
        assert_eq!(seen["items"][0]["decides"], false);

        let path = format!("{}/{}/dismissal", doubts_of(&filed, &two), text(&doubt["id"]));
        let dismiss = async |caller: &Caller, path: &str, reason: &str, version: &str| {
            let seen = [("if-match", version)];
            caller.send(Method::PUT, path, Some(json!({ "reason": reason })), &seen).await
        };
        assert_eq!(dismiss(&auditor, &path, "好", "\"v1\"").await.status, StatusCode::FORBIDDEN);
        assert_eq!(dismiss(&other, &path, "好", "\"v1\"").await.status, StatusCode::FORBIDDEN);
        let blank = dismiss(&reviewer, &path, " ", "\"v1\"").await.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(blank["faults"][0]["path"], "reason");
        let foreign = format!("{}/{}/dismissal", doubts_of(&filed, &two), filed.unit);
        assert_eq!(dismiss(&reviewer, &foreign, "好", "\"v1\"").await.status, StatusCode::NOT_FOUND);
        let done = dismiss(&reviewer, &path, "两个单位共同承办", "\"v1\"").await.must(StatusCode::OK);
        assert_eq!(done["dismissal"]["reason"], "两个单位共同承办");
        assert_eq!(done["dismissal"]["by"]["display_name"], "reviewer");
        let late = dismiss(&reviewer, &path, "再说", "\"v1\"").await;
        assert_eq!(late.status, StatusCode::PRECONDITION_FAILED, "somebody was faster");
        assert_eq!(dismiss(&reviewer, &path, "再说", "\"v2\"").await.status, StatusCode::CONFLICT);
        let queue = reviewer.get(&filed.town.inside("reviews?state=submitted")).await.must(StatusCode::OK);
        assert_eq!(queue["items"][0]["doubts"], json!([]), "what was dismissed is not told in the queue");
        let raised = reviewer.send(Method::DELETE, &path, None, &[("if-match", "\"v2\"")]).await;
        assert_eq!(raised.must(StatusCode::OK)["dismissal"], Value::Null);
        let ledger = filed.town.office.get(&filed.town.inside("ledger")).await.must(StatusCode::OK);
        let told: Vec<String> =
            ledger["items"].as_array().expect("entries").iter().map(|entry| text(&entry["action"])).collect();
        assert_eq!(told[..2], ["doubt.raise", "doubt.dismiss"]);
        assert!(told.contains(&"photo.judge".to_owned()), "{told:?}");
        chengjing_store::ledger::seal(&server.app.store).await.expect("sealed");
        assert!(chengjing_store::ledger::verify(&server.app.store).await.expect("verifies").is_empty());
    })
    .await;
}

async fn outsider(server: &Server, administrator: &Caller) -> Caller {
    let new = json!({ "name": "outsider", "display_name": "外人", "password": PASSWORD, "must_change_password": false, "grants": [] });
    administrator.post("/users", new).await.must(StatusCode::CREATED);
    server.log_in("outsider").await
}

#[tokio::test]
async fn a_reviewer_of_some_units_learns_of_a_twin_elsewhere_that_there_is_one_and_nothing_else() {
    on_both(|server| async move {
        let filed = Filed::new(&server).await;
        let other = filed.town.liaison(&server, "县城管局", "sun").await;
        let theirs = unit(&filed.town.office, &filed.town.campaign, "县城管局").await;
        let shot = jpeg(&scene(5), 90, None);
        file_as(&filed, &filed.school, &filed.unit, "健康日", std::slice::from_ref(&shot)).await;
        settled(&filed, &server).await;
        let two = file_as(&filed, &other, &theirs, "义诊", &[shot]).await;
        let whole = doubted(&filed, &filed.town.office, &two, 1).await;
        assert_eq!(kinds(&whole), ["same_bytes"]);
        let grant =
            json!({ "role": Role::Reviewer.code(), "campaign_id": filed.town.campaign, "unit_id": theirs });
        let new = json!({ "name": "own-reviewer", "display_name": "城管审核", "password": PASSWORD, "must_change_password": false, "grants": [grant] });
        filed.town.office.post("/users", new).await.must(StatusCode::CREATED);
        let reviewer = server.log_in("own-reviewer").await;
        let told = doubted(&filed, &reviewer, &two, 1).await;
        assert_eq!((&told[0]["hidden"], &told[0]["twin"]), (&json!(true), &Value::Null));
        assert_eq!((&told[0]["alike"], &told[0]["decides"]), (&Value::Null, &json!(false)));
        let all = told[0].to_string();
        for secret in ["县教育局", "健康日", "liu"] {
            assert!(!all.contains(secret), "{secret}: {all}");
        }
        let path = format!("{}/{}/dismissal", doubts_of(&filed, &two), text(&told[0]["id"]));
        let reason = Some(json!({ "reason": "好" }));
        let refused = reviewer.send(Method::PUT, &path, reason.clone(), &[("if-match", "\"v1\"")]).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "who sees one side decides nothing");
        filed.town.office.send(Method::PUT, &path, reason, &[("if-match", "\"v1\"")]).await.must(StatusCode::OK);
        let told = doubted(&filed, &reviewer, &two, 1).await;
        assert_eq!(told[0]["dismissal"]["reason"], Value::Null, "a reason may tell of the other one");
    })
    .await;
}

#[tokio::test]
async fn what_a_photograph_says_of_itself_is_held_against_its_material_as_often_as_that_changes() {
    on_both(|server| async move {
        let filed = Filed::new(&server).await;
        let office = &filed.town.office;
        // Of 2024, written by an editor, 5 km east of where the material says.
        let told = exif("2024:03:01 09:00:00", "Adobe Photoshop 25.1", [36, 30, 0], [117, 3, 0]);
        let bytes = jpeg(&scene(7), 90, Some(told));
        let file = send(&filed.school, &filed.town.campaign, "a.jpg", &bytes).await["id"].clone();
        let mut body = filed.photo_set(&[file], &[filed.of(0, "health")]);
        body["content"]["place"] = json!({ "latitude": 36.5, "longitude": 117.0, "datum": "wgs84" });
        let one = filed.file(body.clone()).await.must(StatusCode::CREATED);
        let doubts = doubted(&filed, office, &one, 3).await;
        assert_eq!(kinds(&doubts), ["edited", "far_off", "too_old"]);
        let of = |kind: &str| doubts.iter().find(|doubt| doubt["kind"] == kind).expect("a doubt");
        assert_eq!(of("too_old")["taken_on"], "2024-03-01");
        assert_eq!(of("too_old")["requirement"], "健康教育活动");
        assert_eq!(of("edited")["signs"], json!([{ "is": "program", "name": "Adobe Photoshop 25.1" }]));
        assert!(of("far_off")["metres"].as_u64().is_some_and(|metres| (3_800..4_600).contains(&metres)));
        assert!(doubts.iter().all(|doubt| doubt["twin"] == Value::Null && doubt["hidden"] == false));

        // Another version says where it was: what holds no more is gone.
        let tag = filed.school.get(&filed.path(&one)).await.etag.expect("a tag");
        body["content"]["place"] = json!({ "latitude": 36.5, "longitude": 117.05, "datum": "wgs84" });
        let new = json!({ "content": body["content"].take() });
        let versions = format!("{}/versions", filed.path(&one));
        let newer = filed.school.send(Method::POST, &versions, Some(new), &[("if-match", &tag)]).await;
        let newer = newer.must(StatusCode::CREATED);
        assert_eq!(kinds(&doubted(&filed, office, &one, 2).await), ["edited", "too_old"]);
        // Taken off the requirement that has the window, it is too old for nothing.
        let link = &newer["links"][0];
        let path = format!("{}/links/{}", filed.path(&one), text(&link["id"]));
        let seen = format!("\"v{}\"", link["version"]);
        filed.school.send(Method::DELETE, &path, None, &[("if-match", &seen)]).await.must(StatusCode::OK);
        assert_eq!(kinds(&doubted(&filed, office, &one, 1).await), ["edited"]);
        chengjing_store::ledger::seal(&server.app.store).await.expect("sealed");
        assert!(chengjing_store::ledger::verify(&server.app.store).await.expect("verifies").is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_photograph_of_a_task_is_compared_too_and_one_that_was_never_looked_at_is_filled_in() {
    on_both(|server| async move {
        let filed = Filed::new(&server).await;
        let other = filed.town.liaison(&server, "县城管局", "sun").await;
        let theirs = unit(&filed.town.office, &filed.town.campaign, "县城管局").await;
        let shot = scene(9);
        let task = filed.town.tasks(&filed.school, "?turn=unit").await[0].clone();
        let task = filed.town.done(&filed.school, &task, json!({ "deed": "accept" })).await;
        let file = send(&filed.school, &filed.town.campaign, "办结.jpg", &jpeg(&shot, 92, None)).await;
        let report = json!({ "deed": "report", "note": "已办结", "attachment_ids": [file["id"]] });
        filed.town.done(&filed.school, &task, report).await;
        settled(&filed, &server).await;
        // Its own unit files it as a material: the same deed, told again.
        let own = file_as(&filed, &filed.school, &filed.unit, "健康日", &[sent_on(&shot)]).await;
        let foreign = file_as(&filed, &other, &theirs, "义诊", &[jpeg(&shot, 70, None)]).await;
        let doubts = doubted(&filed, &filed.town.office, &foreign, 2).await;
        assert_eq!(kinds(&doubts), ["same_shot", "same_shot"], "of the report and of the material");
        assert!(doubts.iter().any(|doubt| doubt["twin"]["task"]["title"].is_string()), "{doubts:#?}");
        doubted(&filed, &filed.town.office, &own, 1).await;

        // An image from before photographs were compared: attached and seen, and nothing kept of it.
        let app = &server.app;
        let old = app.store.files().put_bytes(Bytes::from(jpeg(&shot, 50, None))).await.expect("a file");
        let (campaign, evidence) = (filed.town.campaign.parse().expect("an id"), &own["id"]);
        let attachment = Attachment {
            campaign,
            id: AttachmentId(app.ids.uuid(app.now())),
            name: "从前.jpg".into(),
            kind: MediaKind::Jpeg,
            size: old.size,
            hash: old.hash,
            uploaded_by: text(&file["uploaded_by"]["id"]).parse().expect("an id"),
            created_at: app.now(),
            picture: Picture::Seen { facts: Facts::default(), thumbnail: old.hash },
            subject: Some(AttachedTo::Evidence(EvidenceId(text(evidence).parse().expect("an id")))),
            version: 1,
        };
        let act = Act {
            id: EntryId(app.ids.uuid(app.now())),
            at: app.now(),
            author: Author::System,
            action: "test".into(),
            subject: Subject::of(campaign, SubjectKind::Attachment, attachment.id.0),
            details: json!({}),
        };
        app.store
            .write(move |tx| {
                let (attachment, act) = (attachment.clone(), act.clone());
                async move {
                    chengjing_store::attachment::add(&tx, &attachment).await?;
                    chengjing_store::ledger::record(&tx, act).await?;
                    Ok::<_, chengjing_store::StoreError>(())
                }
            })
            .await
            .expect("an old image");
        settled(&filed, &server).await;
        assert_eq!(photo::fill::fill(app, campaign).await.expect("filled"), 1);
        assert_eq!(photo::fill::fill(app, campaign).await.expect("filled"), 0, "once");
        let doubts = doubted(&filed, &filed.town.office, &own, 3).await;
        let old = doubts.iter().filter(|doubt| doubt["photo"]["file"]["name"] == "从前.jpg");
        assert_eq!(old.count(), 2, "of its own material and of the other unit's, not of its own report");
    })
    .await;
}
