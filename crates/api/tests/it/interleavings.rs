//! Two people at once, in thousands of orders: reports, confirmations and edits on one duty. Nothing that was accepted is
//! lost, and who is refused is told why.

use std::{collections::BTreeMap, sync::Arc};

use axum::http::{Method, StatusCode};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::{
    harness::{Answer, Caller, on_both, text},
    notices::sealed,
    refusals::unit,
    tasks::Town,
};

/// How many on each engine. `CHENGJING_INTERLEAVINGS=10000` for the whole of it; the daily run does fewer.
fn how_many() -> usize {
    std::env::var("CHENGJING_INTERLEAVINGS").ok().and_then(|count| count.parse().ok()).unwrap_or(150)
}
/// Rounds on the same duty: its history grows with them.
const ON_ONE_DUTY: usize = 25;

/// Chance that can be repeated (xorshift64*).
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let drawn = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(drawn).unwrap_or(0) % most
    }
}

/// What somebody does: they look at the thing, and a while later act upon what they saw.
#[derive(Clone)]
struct Doing {
    who: Caller,
    method: Method,
    look_at: String,
    act_on: String,
    body: Value,
    /// The version that they saw, once they have looked.
    seen: Option<i64>,
    answer: Option<Arc<Answer>>,
}

impl Doing {
    async fn step(mut self) -> Self {
        let Some(seen) = self.seen else {
            let found = self.who.get(&self.look_at).await.must(StatusCode::OK);
            self.seen = found["version"].as_i64();
            assert!(self.seen.is_some(), "a version");
            return self;
        };
        let tag = format!("\"v{seen}\"");
        let headers = [("if-match", tag.as_str())];
        let answer =
            self.who.send(self.method.clone(), &self.act_on, Some(self.body.clone()), &headers).await;
        self.answer = Some(Arc::new(answer));
        self
    }
}

struct Scene {
    town: Town,
    school: Caller,
    unit: String,
    chance: Chance,
}

impl Scene {
    /// A duty of the school, which has accepted it: the paths of duty and task.
    async fn duty(&self, number: usize) -> (String, String) {
        let units = json!([{ "id": self.unit, "role": "responsible" }]);
        let new = json!({ "title": format!("清理背街小巷{number}"), "units": units });
        let duty = self.town.office.post(&self.town.inside("duties"), new).await.must(StatusCode::CREATED);
        let duty = text(&duty["id"]);
        let of_duty = self.town.inside(&format!("duties/{duty}/tasks"));
        let tasks = self.town.office.get(&of_duty).await.must(StatusCode::OK);
        let task = self.town.inside(&format!("tasks/{}", text(&tasks["items"][0]["id"])));
        let accept = [("if-match", "\"v1\"")];
        let deeds = format!("{task}/deeds");
        self.school
            .send(Method::POST, &deeds, Some(json!({ "deed": "accept" })), &accept)
            .await
            .must(StatusCode::OK);
        (self.town.inside(&format!("duties/{duty}")), task)
    }

    /// Two to four people, each with something in mind.
    fn people(&mut self, duty: &str, task: &str, round: usize) -> Vec<Doing> {
        let deeds = format!("{task}/deeds");
        let count = 2 + self.chance.below(3);
        (0..count)
            .map(|place| {
                let deed = |body: Value| (Method::POST, task.to_owned(), deeds.clone(), body);
                let edit = |body: Value| (Method::PATCH, duty.to_owned(), duty.to_owned(), body);
                let (who, (method, look_at, act_on, body)) = match self.chance.below(9) {
                    0 | 1 => {
                        (&self.school, deed(json!({ "deed": "report", "note": format!("第{round}次") })))
                    }
                    2 => (
                        &self.school,
                        deed(json!({ "deed": "progress", "percent": 1 + self.chance.below(99) })),
                    ),
                    3 => (&self.school, deed(json!({ "deed": "take_back_report" }))),
                    4 => (&self.town.office, deed(json!({ "deed": "confirm" }))),
                    5 => (&self.town.office, deed(json!({ "deed": "send_back", "reason": "照片看不清" }))),
                    6 => (&self.town.office, deed(json!({ "deed": "reopen", "reason": "又脏了" }))),
                    7 => (&self.town.office, edit(json!({ "title": format!("第{round}轮{place}") }))),
                    _ => {
                        let due = format!("2026-07-{:02}", 1 + self.chance.below(28));
                        (
                            &self.town.office,
                            edit(json!({ "due": due, "title": format!("第{round}轮{place}") })),
                        )
                    }
                };
                Doing { who: who.clone(), method, look_at, act_on, body, seen: None, answer: None }
            })
            .collect()
    }

    /// Lets them look and act in an order that chance chooses, some of them at the same moment.
    async fn play(&mut self, mut people: Vec<Doing>) -> Vec<Doing> {
        while people.iter().any(|doing| doing.answer.is_none()) {
            let open: Vec<usize> = (0..people.len()).filter(|at| people[*at].answer.is_none()).collect();
            let at_once = 1 + self.chance.below(open.len());
            let mut chosen = open;
            while chosen.len() > at_once {
                let away = self.chance.below(chosen.len());
                chosen.swap_remove(away);
            }
            let moves = chosen.iter().map(|at| tokio::spawn(people[*at].clone().step()));
            let moved = join_all(moves.collect::<Vec<_>>()).await;
            for (at, doing) in chosen.into_iter().zip(moved) {
                people[at] = doing.expect("a request that ends");
            }
        }
        people
    }
}

/// What a refusal must say: that somebody was faster, or why it can't be, in both languages.
fn explained(answer: &Answer) {
    let stale = StatusCode::PRECONDITION_FAILED;
    assert!([stale, StatusCode::CONFLICT].contains(&answer.status), "{answer:?}");
    for part in ["type", "title", "title_en"] {
        assert!(answer.body[part].as_str().is_some_and(|words| !words.is_empty()), "{part}: {answer:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_at_once_lose_nothing_that_was_accepted_and_are_told_why_they_were_refused() {
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let school = town.liaison(&server, "县教育局", "liu").await;
        let unit = unit(&town.office, &town.campaign, "县教育局").await;
        let mut scene = Scene { town, school, unit, chance: Chance(0x5EED_2026) };
        let (mut accepted, mut refused) = (0, 0);
        let mut place = scene.duty(0).await;
        let mut steps = 1;
        for round in 0..how_many() {
            if round % ON_ONE_DUTY == 0 && round > 0 {
                place = scene.duty(round).await;
                steps = 1;
            }
            let (duty, task) = &place;
            let people = scene.people(duty, task, round);
            let before = scene.town.office.get(duty).await.must(StatusCode::OK)["version"].as_i64();
            let played = scene.play(people).await;
            // By what was changed and the version that it was changed from.
            let mut taken: BTreeMap<(&str, i64), &Doing> = BTreeMap::new();
            let (mut deeds, mut edits) = (0, 0);
            for doing in &played {
                let (seen, answer) = (doing.seen.expect("seen"), doing.answer.as_ref().expect("an answer"));
                if answer.status != StatusCode::OK {
                    explained(answer);
                    refused += 1;
                    continue;
                }
                accepted += 1;
                let other = taken.insert((&doing.look_at, seen), doing);
                assert!(other.is_none(), "round {round}: two were accepted upon the same version");
                assert_eq!(answer.body["version"].as_i64(), Some(seen + 1), "round {round}");
                if doing.method == Method::PATCH { edits += 1 } else { deeds += 1 }
            }
            steps += deeds;
            // All of it stands there, and of the edits the last one.
            let now = scene.town.office.get(task).await.must(StatusCode::OK);
            assert_eq!(now["steps"].as_array().map(Vec::len), Some(steps), "round {round}: {now}");
            let now = scene.town.office.get(duty).await.must(StatusCode::OK);
            assert_eq!(now["version"].as_i64(), before.map(|before| before + edits), "round {round}");
            let last = taken.iter().rev().find(|((path, _), _)| *path == duty.as_str());
            if let Some((_, last)) = last {
                assert_eq!(now["title"], last.body["title"], "round {round}");
            }
        }
        assert!(
            accepted > how_many() / 2 && refused > how_many() / 2,
            "{accepted} accepted, {refused} refused"
        );
        sealed(&server).await;
        let store = &server.app.store;
        assert_eq!(chengjing_store::ledger::verify(store).await.expect("verified"), Vec::new());
    })
    .await;
}
