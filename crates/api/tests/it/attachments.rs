use std::io::Cursor;

use axum::http::{Method, StatusCode};
use chengjing_domain::{
    attachment::AttachedTo,
    id::{AttachmentId, CampaignId, DutyId, TaskId},
    ledger::{Act, Author, Hash, Subject, SubjectKind},
    people::Role,
};
use chengjing_service::{Refusal, attachment::attach};
use serde_json::{Value, json};

use crate::{
    harness::{Caller, Server, on_both, text},
    office::{adopted, campaign},
    refusals::{person, unit},
};

/// A photograph of a street that is half clean.
fn photo(format: image::ImageFormat) -> Vec<u8> {
    let street = image::RgbImage::from_fn(960, 480, |x, _| {
        image::Rgb(if x < 480 { [200, 190, 180] } else { [40, 60, 40] })
    });
    let mut bytes = Cursor::new(Vec::new());
    street.write_to(&mut bytes, format).expect("a picture");
    bytes.into_inner()
}

pub fn jpeg() -> Vec<u8> {
    photo(image::ImageFormat::Jpeg)
}

fn uploads(campaign: &str) -> String {
    format!("/campaigns/{campaign}/uploads")
}

/// Announces a file and returns where its pieces go.
async fn begin(caller: &Caller, campaign: &str, name: &str, size: usize) -> String {
    let new = json!({ "name": name, "size": size });
    let begun = caller.post(&uploads(campaign), new).await.must(StatusCode::CREATED);
    assert_eq!((&begun["offset"], &begun["state"]), (&json!(0), &json!("open")));
    format!("{}/{}", uploads(campaign), text(&begun["id"]))
}

/// Sends a whole file and returns the attachment.
pub async fn send(caller: &Caller, campaign: &str, name: &str, bytes: &[u8]) -> Value {
    let path = begin(caller, campaign, name, bytes.len()).await;
    caller.piece(&path, 0, bytes).await.must(StatusCode::OK)["attachment"].clone()
}

/// The attachment once the job has looked at it.
pub async fn looked_at(caller: &Caller, campaign: &str, id: &str) -> Value {
    for _ in 0..1_000 {
        let found = caller.get(&format!("/campaigns/{campaign}/attachments/{id}")).await.must(StatusCode::OK);
        if found["picture"]["state"] != "waiting" {
            return found;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("nobody looked at the image");
}

#[tokio::test]
async fn a_photograph_arrives_in_pieces_and_is_confirmed_shown_and_made_small() {
    on_both(|server| async move {
        let office = server.administrator().await;
        let campaign = campaign(&office).await;
        let bytes = jpeg();
        let half = bytes.len() / 2;
        let new =
            json!({ "name": "整治后.jpg", "size": bytes.len(), "sha256": Hash::of(&bytes).to_string() });
        let again = [("idempotency-key", "photo-1")];
        let begun = office.send(Method::POST, &uploads(&campaign), Some(new.clone()), &again).await;
        let id = text(&begun.must(StatusCode::CREATED)["id"]);
        let path = format!("{}/{id}", uploads(&campaign));
        let piece = office.piece(&path, 0, &bytes[..half]).await.must(StatusCode::OK);
        assert_eq!((&piece["offset"], &piece["attachment"]), (&json!(half), &Value::Null));
        // The same piece again, and one from further on: nothing happens but that the right place is told.
        for at in [0, half + 1] {
            let refused = office.piece(&path, at as u64, &bytes[..half]).await.must(StatusCode::CONFLICT);
            assert_eq!(
                (&refused["type"], &refused["offset"]),
                (&json!("urn:chengjing:problem:offset"), &json!(half))
            );
        }
        let there = office.get(&path).await.must(StatusCode::OK);
        assert_eq!((&there["offset"], &there["state"]), (&json!(half), &json!("open")));
        let done = office.piece(&path, half as u64, &bytes[half..]).await.must(StatusCode::OK);
        let attachment = &done["attachment"];
        assert_eq!((&done["state"], text(&attachment["id"])), (&json!("complete"), id.clone()));
        assert_eq!(text(&attachment["sha256"]), Hash::of(&bytes).to_string(), "confirmed to the sender");
        assert_eq!((&attachment["kind"], &attachment["name"]), (&json!("jpeg"), &json!("整治后.jpg")));
        assert_eq!(attachment["uploaded_by"]["display_name"], "贺明远");
        // The end, asked for again; and a piece of it, sent again.
        let end = office.piece(&path, bytes.len() as u64, Vec::new()).await.must(StatusCode::OK);
        assert_eq!(end["attachment"]["sha256"], attachment["sha256"]);
        assert_eq!(office.piece(&path, half as u64, &bytes[half..]).await.status, StatusCode::CONFLICT);
        let repeated = office.send(Method::POST, &uploads(&campaign), Some(new), &again).await;
        assert!(repeated.replayed);
        assert_eq!(text(&repeated.must(StatusCode::CREATED)["id"]), id);

        let seen = looked_at(&office, &campaign, &id).await;
        assert_eq!(seen["picture"]["state"], "seen", "{seen}");
        assert_eq!((&seen["picture"]["width"], &seen["picture"]["height"]), (&json!(960), &json!(480)));
        let file = format!("/campaigns/{campaign}/attachments/{id}");
        let (status, headers, small) = office.fetch(&format!("{file}/thumbnail"), &[]).await;
        assert_eq!((status, headers["content-type"].as_bytes()), (StatusCode::OK, &b"image/jpeg"[..]));
        let small = image::load_from_memory(&small).expect("a picture");
        assert_eq!((small.width(), small.height()), (480, 240));
        let ledger = office.get(&format!("/campaigns/{campaign}/ledger?subject=attachment:{id}")).await;
        let actions: Vec<String> = ledger.must(StatusCode::OK)["items"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|entry| text(&entry["action"]))
            .collect();
        assert_eq!(actions, ["attachment.look", "file.upload"]);
    })
    .await;
}

#[tokio::test]
async fn a_file_is_fetched_whole_or_in_part_and_nothing_in_it_runs() {
    on_both(|server| async move {
        let office = server.administrator().await;
        let campaign = campaign(&office).await;
        let bytes = jpeg();
        let name = format!("{}.jpg", "清".repeat(251));
        let sent = send(&office, &campaign, &format!("../../{name}"), &bytes).await;
        assert_eq!(text(&sent["name"]), name, "a name of 255 characters is kept, a path is not");
        let file = format!("/campaigns/{campaign}/attachments/{}", text(&sent["id"]));
        let content = format!("{file}/content");
        let (status, headers, whole) = office.fetch(&content, &[("accept-encoding", "gzip")]).await;
        assert_eq!((status, whole == bytes), (StatusCode::OK, true));
        assert_eq!(headers["content-type"], "image/jpeg");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert!(headers["content-security-policy"].to_str().expect("text").ends_with("sandbox"));
        assert_eq!(headers["content-length"], bytes.len().to_string().as_str());
        let disposition = headers["content-disposition"].to_str().expect("text");
        assert!(disposition.starts_with("inline; filename*=UTF-8''%E6%B8%85%E6%B8%85"), "{disposition}");
        assert!(disposition.ends_with("%85.jpg"), "{disposition}");
        let tag = headers["etag"].to_str().expect("text").to_owned();

        let (status, headers, part) = office.fetch(&content, &[("range", "bytes=10-19")]).await;
        assert_eq!((status, &part[..]), (StatusCode::PARTIAL_CONTENT, &bytes[10..20]));
        assert_eq!(headers["content-range"], format!("bytes 10-19/{}", bytes.len()).as_str());
        let (status, headers, _) = office.fetch(&content, &[("range", "bytes=9999999-")]).await;
        assert_eq!(status, StatusCode::RANGE_NOT_SATISFIABLE);
        assert_eq!(headers["content-range"], format!("bytes */{}", bytes.len()).as_str());
        let (status, _, none) = office.fetch(&content, &[("if-none-match", &tag)]).await;
        assert_eq!((status, none.len()), (StatusCode::NOT_MODIFIED, 0));
        let head = office.send(Method::HEAD, &content, None, &[]).await;
        assert_eq!((head.status, head.etag.as_deref()), (StatusCode::OK, Some(tag.as_str())));

        let text_file = send(&office, &campaign, "说明.txt", "整改情况\n".as_bytes()).await;
        let path = format!("/campaigns/{campaign}/attachments/{}", text(&text_file["id"]));
        let (_, headers, _) = office.fetch(&format!("{path}/content"), &[]).await;
        assert!(headers["content-disposition"].to_str().expect("text").starts_with("attachment;"));
        assert_eq!(text_file["picture"]["state"], "none");
        assert_eq!(office.get(&format!("{path}/thumbnail")).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

/// A zip whose directory promises four gigabytes in twenty bytes.
fn bomb() -> Vec<u8> {
    let mut bytes = b"PK\x03\x04".to_vec();
    bytes.resize(60, 0);
    let start = u32::try_from(bytes.len()).expect("small");
    let mut entry = b"PK\x01\x02".to_vec();
    entry.resize(46, 0);
    entry[20..24].copy_from_slice(&20_u32.to_le_bytes());
    entry[24..28].copy_from_slice(&u32::MAX.to_le_bytes());
    entry[28..30].copy_from_slice(&5_u16.to_le_bytes());
    entry.extend(b"zeros");
    let length = u32::try_from(entry.len()).expect("small");
    bytes.extend(entry);
    bytes.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
    bytes.extend(length.to_le_bytes());
    bytes.extend(start.to_le_bytes());
    bytes.extend([0, 0]);
    bytes
}

/// A PNG whose header promises a gigapixel and whose checksum holds.
fn gigapixel() -> Vec<u8> {
    let mut bytes = photo(image::ImageFormat::Png);
    for side in [16, 20] {
        bytes[side..side + 4].copy_from_slice(&32_000_u32.to_be_bytes());
    }
    let crc = !bytes[12..29].iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 },
        )
    });
    bytes[29..33].copy_from_slice(&crc.to_be_bytes());
    bytes
}

#[tokio::test]
async fn what_would_do_harm_is_refused_with_its_reason_and_leaves_nothing() {
    on_both(|server| async move {
        let office = server.administrator().await;
        let campaign = campaign(&office).await;
        // By its name, its size or its promise, before a byte has come.
        let long = format!("{}.jpg", "清".repeat(252));
        for (name, size, path) in [
            ("图.svg", 10, "name"),
            ("页.html", 10, "name"),
            ("run.exe", 10, "name"),
            ("..", 10, "name"),
            ("照片.jpg/", 10, "name"),
            (&long, 10, "name"),
            ("照片.jpg", 0, "size"),
            ("照片.jpg", 51 << 20, "size"),
        ] {
            let refused = office.post(&uploads(&campaign), json!({ "name": name, "size": size })).await;
            let faults = refused.must(StatusCode::UNPROCESSABLE_ENTITY)["faults"].clone();
            assert_eq!(faults[0]["path"], path, "{name}: {faults}");
        }
        let two = office.post(&uploads(&campaign), json!({ "name": "图.svg", "size": 0 })).await;
        let faults = two.must(StatusCode::UNPROCESSABLE_ENTITY)["faults"].clone();
        assert_eq!(faults.as_array().map(Vec::len), Some(2), "all faults at once");
        let odd = json!({ "name": "照片.jpg", "size": 5, "sha256": "abc" });
        assert_eq!(office.post(&uploads(&campaign), odd).await.status, StatusCode::UNPROCESSABLE_ENTITY);

        // By its bytes.
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".to_vec();
        let hidden = [jpeg(), bomb()].concat();
        let script = b"GIF89a/*\x01\0*/=1;<script>alert(1)</script>".to_vec();
        for (name, bytes, word) in [
            ("台账.zip", bomb(), "过大"),
            ("表.xlsx", bomb(), "过大"),
            ("照片.png", svg, "SVG"),
            ("照片.jpg", hidden, "夹带"),
            ("动图.gif", script, "夹带"),
            ("照片.jpg", b"MZ\x90\0\x03".to_vec(), "可执行"),
            ("报告.pdf", jpeg(), "文件名写的是"),
            ("没有后缀", b"\x01\x02\x03".to_vec(), "不接收"),
        ] {
            let path = begin(&office, &campaign, name, bytes.len()).await;
            let refused = office.piece(&path, 0, bytes).await.must(StatusCode::UNPROCESSABLE_ENTITY);
            assert!(text(&refused["faults"][0]["zh"]).contains(word), "{name}: {refused}");
            let told = office.get(&path).await.must(StatusCode::OK);
            assert_eq!(told["state"], "given_up", "{name}");
            assert_eq!(told["problem"]["zh"], refused["faults"][0]["zh"], "it is told again");
            assert_eq!(office.piece(&path, 0, b"x".to_vec()).await.status, StatusCode::UNPROCESSABLE_ENTITY);
            let id = path.rsplit('/').next().expect("an id");
            let gone = office.get(&format!("/campaigns/{campaign}/attachments/{id}")).await;
            assert_eq!(gone.status, StatusCode::NOT_FOUND, "{name}");
        }

        // Other bytes than were promised; more than were promised; a piece without its place.
        let new = json!({ "name": "a.txt", "size": 3, "sha256": Hash::of(b"abc").to_string() });
        let begun = office.post(&uploads(&campaign), new).await.must(StatusCode::CREATED);
        let path = format!("{}/{}", uploads(&campaign), text(&begun["id"]));
        let refused = office.piece(&path, 0, b"abx".to_vec()).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text(&refused["faults"][0]["zh"]).contains("不一致"), "{refused}");
        let path = begin(&office, &campaign, "a.txt", 3).await;
        assert_eq!(office.piece(&path, 0, b"abcd".to_vec()).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let placeless =
            office.send(Method::PATCH, &path, None, &[]).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(placeless["faults"][0]["path"], "upload-offset");
        let done = office.piece(&path, 0, b"abc".to_vec()).await.must(StatusCode::OK);
        assert_eq!(done["state"], "complete", "a refused piece has spoilt nothing");

        // A gigapixel is kept, but nobody decodes it.
        let sent = send(&office, &campaign, "全景.png", &gigapixel()).await;
        let seen = looked_at(&office, &campaign, &text(&sent["id"])).await;
        assert_eq!(seen["picture"]["no_thumbnail"], "too_many_pixels");
        assert_eq!(seen["picture"]["width"], 32_000);
        let file = format!("/campaigns/{campaign}/attachments/{}/content", text(&sent["id"]));
        assert_eq!(office.fetch(&file, &[]).await.2, gigapixel(), "as it was sent");
    })
    .await;
}

/// Attaches what the caller sent, as a use case does within its own act.
async fn attach_to(
    server: &Server,
    caller: &Caller,
    campaign: CampaignId,
    ids: &[AttachmentId],
    subject: AttachedTo,
) -> Result<(), Refusal> {
    let (caller, ids) = (caller.in_service().await, ids.to_vec());
    let act = Act {
        id: server.app.ids.uuid(caller.now).into(),
        at: caller.now,
        author: Author::User(caller.actor.user),
        action: "test".into(),
        subject: Subject::of(campaign, SubjectKind::Campaign, campaign.0),
        details: json!({}),
    };
    server
        .app
        .store
        .write(move |tx| {
            let (caller, ids, act) = (caller.clone(), ids.clone(), act.clone());
            async move {
                attach::attach(&tx, &caller, campaign, &ids, subject).await?;
                chengjing_store::ledger::record(&tx, act).await?;
                Ok(())
            }
        })
        .await
}

#[tokio::test]
async fn a_file_is_seen_by_its_sender_and_once_attached_by_those_who_see_what_it_proves() {
    on_both(|server| async move {
        let (administrator, campaign, _) = adopted(&server).await;
        let school = unit(&administrator, &campaign, "县教育局").await;
        let liaison = person(&server, &administrator, Role::Liaison, &campaign, Some(&school)).await;
        let reviewer = person(&server, &administrator, Role::Reviewer, &campaign, None).await;
        let leader = person(&server, &administrator, Role::Leader, &campaign, None).await;
        let volunteer = person(&server, &administrator, Role::Volunteer, &campaign, None).await;
        let new = json!({ "name": "别的县", "place": "别的县", "kind": "卫生城市", "year": 2026 });
        let other = text(&administrator.post("/campaigns", new).await.must(StatusCode::CREATED)["id"]);
        let outsider = person(&server, &administrator, Role::Office, &other, None).await;
        let duties = administrator.get(&format!("/campaigns/{campaign}/duties")).await.body["items"].clone();
        let duties = duties.as_array().expect("a list");
        let is_theirs = |duty: &&Value| {
            duty["units"].as_array().expect("units").iter().any(|unit| unit["name"] == "县教育局")
        };
        let own = text(&duties.iter().find(is_theirs).expect("theirs")["id"]);
        let foreign = text(&duties.iter().find(|duty| !is_theirs(duty)).expect("another")["id"]);

        // Who may not bring proof, and who is not of the campaign.
        let wish = json!({ "name": "照片.jpg", "size": 5 });
        assert_eq!(leader.post(&uploads(&campaign), wish.clone()).await.status, StatusCode::FORBIDDEN);
        assert_eq!(volunteer.post(&uploads(&campaign), wish.clone()).await.status, StatusCode::FORBIDDEN);
        assert_eq!(outsider.post(&uploads(&campaign), wish.clone()).await.status, StatusCode::NOT_FOUND);
        let nowhere = "00000000-0000-7000-8000-000000000000";
        assert_eq!(administrator.post(&uploads(nowhere), wish).await.status, StatusCode::NOT_FOUND);

        // On its way it is its sender's alone; to others it is as if it were not there.
        let path = begin(&liaison, &campaign, "照片.jpg", jpeg().len()).await;
        let missing = format!("{}/{nowhere}", uploads(&campaign));
        let absent = administrator.get(&missing).await;
        assert_eq!(absent.status, StatusCode::NOT_FOUND);
        for caller in [&administrator, &reviewer] {
            let hidden = caller.get(&path).await;
            assert_eq!((hidden.status, &hidden.body), (StatusCode::NOT_FOUND, &absent.body));
            assert_eq!(caller.piece(&path, 0, jpeg()).await.status, StatusCode::NOT_FOUND);
        }
        let sent = liaison.piece(&path, 0, jpeg()).await.must(StatusCode::OK)["attachment"].clone();
        let id = text(&sent["id"]);
        looked_at(&liaison, &campaign, &id).await;
        let see = |caller: &Caller| {
            let caller = caller.clone();
            let path = format!("/campaigns/{campaign}/attachments/{id}");
            async move {
                let mut all = Vec::new();
                for rest in ["", "/content", "/thumbnail", "/preview"] {
                    all.push(caller.get(&format!("{path}{rest}")).await.status.as_u16());
                }
                all
            }
        };
        // A photograph has no text to be looked at, which only those are told who may see it.
        assert_eq!(see(&liaison).await, [200, 200, 200, 422]);
        for caller in [&administrator, &reviewer, &leader, &volunteer, &outsider] {
            assert_eq!(see(caller).await, [404, 404, 404, 404]);
        }

        let here: CampaignId = campaign.parse().expect("an id");
        let ids: Vec<AttachmentId> = vec![id.parse().expect("an id")];
        let duty = |id: &str| AttachedTo::Duty(id.parse::<DutyId>().expect("an id"));
        let stolen = attach_to(&server, &reviewer, here, &ids, duty(&own)).await;
        assert!(
            matches!(&stolen, Err(Refusal::Invalid(faults)) if faults[0].path == "attachments[0]"),
            "{stolen:?}"
        );
        let elsewhere = attach_to(&server, &liaison, other.parse().expect("an id"), &ids, duty(&own)).await;
        assert!(matches!(elsewhere, Err(Refusal::Invalid(_))), "{elsewhere:?}");
        attach_to(&server, &liaison, here, &ids, duty(&own)).await.expect("attached");
        attach_to(&server, &liaison, here, &ids, duty(&own)).await.expect("attached, said twice");
        let twice = attach_to(&server, &liaison, here, &ids, duty(&foreign)).await;
        assert!(matches!(twice, Err(Refusal::Invalid(_))), "{twice:?}");
        for caller in [&liaison, &administrator, &reviewer, &leader] {
            assert_eq!(see(caller).await, [200, 200, 200, 422]);
        }
        for caller in [&volunteer, &outsider] {
            assert_eq!(see(caller).await, [404, 404, 404, 404]);
        }
        let shown = administrator.get(&format!("/campaigns/{campaign}/attachments/{id}")).await;
        assert_eq!(shown.must(StatusCode::OK)["subject"], json!({ "kind": "duty", "id": own }));

        // What proves a duty of others is hidden from the liaison; so is what proves a task of it.
        let theirs = send(&reviewer, &campaign, "复查.jpg", &jpeg()).await;
        let theirs = text(&theirs["id"]);
        let task = owed(&administrator, &campaign, &foreign).await;
        let subject = AttachedTo::Task(task);
        attach_to(&server, &reviewer, here, &[theirs.parse().expect("an id")], subject)
            .await
            .expect("attached");
        let path = format!("/campaigns/{campaign}/attachments/{theirs}");
        assert_eq!(liaison.get(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(administrator.get(&path).await.must(StatusCode::OK)["subject"]["kind"], "task");
        assert_eq!(chengjing_store::ledger::verify(&server.app.store).await.expect("verified"), []);
    })
    .await;
}

/// The first task under that duty.
async fn owed(administrator: &Caller, campaign: &str, duty: &str) -> TaskId {
    let tasks = administrator.get(&format!("/campaigns/{campaign}/duties/{duty}/tasks")).await;
    text(&tasks.must(StatusCode::OK)["items"][0]["id"]).parse().expect("an id")
}

#[tokio::test]
async fn what_nobody_comes_back_for_is_swept_out_and_nothing_else() {
    use chengjing_service::attachment::{append, begin, sweep};
    on_both(|server| async move {
        let (administrator, campaign, _) = adopted(&server).await;
        let here: CampaignId = campaign.parse().expect("an id");
        let duty =
            text(&administrator.get(&format!("/campaigns/{campaign}/duties")).await.body["items"][0]["id"]);
        let now = administrator.in_service().await;
        let mut past = now.clone();
        past.now -= chrono::TimeDelta::days(2);
        let app = &server.app;
        let wish = |name: &str, bytes: &[u8]| begin::NewUpload {
            name: name.into(),
            size: bytes.len() as u64,
            hash: None,
            limit: 1 << 20,
        };
        let left = begin::begin(app, &past, here, wish("没传完.jpg", b"12345")).await.expect("begun").upload;
        let key = (here, left.id);
        let turn = app.store.files().spool().take(key).await;
        let mut writer = app.store.files().spool().write_from(&turn, 0).await.expect("a spool");
        writer.write("12".into()).await.expect("written");
        writer.sync().await.expect("on disk");
        drop((writer, turn));
        let whole = |caller: &chengjing_service::Caller, name: &'static str, bytes: Vec<u8>| {
            let (app, caller) = (app.clone(), caller.clone());
            async move {
                let upload =
                    begin::begin(&app, &caller, here, wish(name, &bytes)).await.expect("begun").upload;
                let piece = futures_util::stream::iter([Ok(bytes.into())]);
                let done = append::append(&app, &caller, here, upload.id, 0, piece).await.expect("arrived");
                done.attachment.expect("an attachment").attachment
            }
        };
        let loose = whole(&past, "没用上.txt", "没用上".into()).await;
        let young = whole(&now, "刚传的.txt", "刚传的".into()).await;
        let kept = whole(&past, "整治后.jpg", jpeg()).await;
        let subject = AttachedTo::Duty(duty.parse().expect("an id"));
        looked_at(&administrator, &campaign, &kept.id.to_string()).await;
        attach_to(&server, &administrator, here, &[kept.id], subject).await.expect("attached");
        let orphan = app.store.files().put_bytes("无主".into()).await.expect("stored");

        // By a day on which every file is old.
        let files_before = "2100-01-01T00:00:00Z".parse().expect("a moment");
        sweep::order(app, files_before).await.expect("ordered");
        sweep::order(app, files_before).await.expect("ordered once");
        for _ in 0..1_000 {
            if app.store.files().lookup(orphan.hash).await.expect("asked").is_none() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        assert_eq!(app.store.files().lookup(orphan.hash).await.expect("asked"), None);
        let told =
            administrator.get(&format!("{}/{}", uploads(&campaign), left.id)).await.must(StatusCode::OK);
        assert_eq!((&told["state"], &told["offset"]), (&json!("given_up"), &json!(0)));
        assert!(text(&told["problem"]["zh"]).contains("太久"), "{told}");
        assert_eq!(app.store.files().spool().length(key).await.expect("asked"), 0);
        let file = |id: AttachmentId, rest: &str| format!("/campaigns/{campaign}/attachments/{id}{rest}");
        assert_eq!(administrator.get(&file(loose.id, "")).await.status, StatusCode::NOT_FOUND);
        for (id, rest) in [(young.id, "/content"), (kept.id, "/content"), (kept.id, "/thumbnail")] {
            assert_eq!(administrator.get(&file(id, rest)).await.status, StatusCode::OK, "{rest}");
        }
        let plans = administrator.get(&format!("/campaigns/{campaign}/plans")).await.body["items"].clone();
        let plan = format!("/campaigns/{campaign}/plans/{}/file", text(&plans[0]["id"]));
        assert_eq!(administrator.get(&plan).await.status, StatusCode::OK, "a plan's file has a name");
        assert_eq!(chengjing_store::ledger::verify(&app.store).await.expect("verified"), []);
    })
    .await;
}

#[tokio::test]
async fn one_person_has_only_so_many_files_under_way() {
    on_both(|server| async move {
        let office = server.administrator().await;
        let campaign = campaign(&office).await;
        for n in 0..100 {
            begin(&office, &campaign, &format!("{n}.txt"), 3).await;
        }
        let new = json!({ "name": "一百零一.txt", "size": 3 });
        assert_eq!(office.post(&uploads(&campaign), new.clone()).await.status, StatusCode::CONFLICT);
        let reviewer = person(&server, &office, Role::Reviewer, &campaign, None).await;
        reviewer.post(&uploads(&campaign), new).await.must(StatusCode::CREATED);
    })
    .await;
}

#[tokio::test]
async fn an_upload_whose_end_failed_is_ended_by_an_empty_piece() {
    use chengjing_store::attachment::upload;
    on_both(|server| async move {
        let office = server.administrator().await;
        let campaign = campaign(&office).await;
        let path = begin(&office, &campaign, "说明.txt", 3).await;
        let here: CampaignId = campaign.parse().expect("an id");
        let id = path.rsplit('/').next().and_then(|id| id.parse().ok()).expect("an id");
        // As a crash leaves it that comes between the last byte and the attachment.
        let store = &server.app.store;
        let turn = store.files().spool().take((here, id)).await;
        let mut writer = store.files().spool().write_from(&turn, 0).await.expect("a spool");
        writer.write("abc and a torn rest".into()).await.expect("written");
        writer.sync().await.expect("on disk");
        drop((writer, turn));
        let acknowledged = store.write_unrecorded("a test", move |tx| async move {
            let before = upload::lookup(&tx, here, id).await?.expect("the upload");
            let after = before.clone().append(0, 3, before.created_at).expect("three bytes");
            upload::save(&tx, &before, &after).await
        });
        acknowledged.await.expect("saved");
        let there = office.get(&path).await.must(StatusCode::OK);
        assert_eq!((&there["offset"], &there["state"]), (&json!(3), &json!("open")));
        let done = office.piece(&path, 3, Vec::new()).await.must(StatusCode::OK);
        assert_eq!(text(&done["attachment"]["sha256"]), Hash::of(b"abc").to_string());
    })
    .await;
}
