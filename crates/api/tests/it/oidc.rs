//! Login by a provider of unified login: who comes in, who does not, and what each is told.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use chengjing_domain::people::LoginRules;
use chengjing_service::people::oidc::{self, ProviderSettings};
use serde_json::{Value, json};

use crate::{
    handovers::user_named,
    harness::{Answer, Caller, PASSWORD, Server, on_both, text},
    notices::sealed,
    provider::{CLIENT, Provider, SECRET, Signer},
    second_factors::{phone, turn_on},
};

const ACCOUNT: &str = "/account/oidc";

fn problem(kind: &str) -> String {
    format!("urn:chengjing:problem:{kind}")
}

/// A server with a provider, its administrator, and somebody who works here.
struct Scene {
    server: Server,
    provider: Provider,
    administrator: Caller,
    wang: Caller,
    wang_id: String,
}

async fn scene(server: &Server) -> Scene {
    let provider = Provider::start(server.app.now().timestamp()).await;
    let settings = ProviderSettings {
        issuer: provider.issuer.clone(),
        client_id: CLIENT.into(),
        client_secret: Some(SECRET.into()),
        site: "https://chengjing.example.gov.cn".into(),
        name_claim: "preferred_username".into(),
    };
    let mut app = server.app.clone();
    app.oidc = Some(Arc::new(oidc::Provider::new(settings).expect("good settings")));
    app.login_rules = LoginRules { failures_of_address: 12, ..LoginRules::default() };
    let server = server.run_as(app);
    let administrator = server.administrator().await;
    add_user(&administrator, "wang").await;
    let wang = server.log_in("wang").await;
    let wang_id = text(&user_named(&administrator, "wang").await["id"]);
    Scene { server, provider, administrator, wang, wang_id }
}

async fn add_user(administrator: &Caller, name: &str) {
    let new =
        json!({ "name": name, "display_name": name, "password": PASSWORD, "must_change_password": false });
    administrator.post("/users", new).await.must(StatusCode::CREATED);
}

/// A browser on its way: where it is sent, and what it keeps.
struct Way {
    address: String,
    kept: String,
}

fn way(answer: Answer) -> Way {
    let cookie = answer.cookie.clone().expect("a cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    let kept = cookie.split(';').next().expect("a value").to_owned();
    Way { address: text(&answer.must(StatusCode::OK)["url"]), kept }
}

impl Scene {
    async fn begin(&self) -> Way {
        way(self.server.anybody().post("/session/oidc/begin", json!({})).await)
    }

    async fn come_back(&self, way: &Way, with: Value) -> Answer {
        self.server.anybody().send(Method::POST, "/session/oidc", Some(with), &[("cookie", &way.kept)]).await
    }

    /// Somebody whom the provider vouches for.
    async fn come(&self, subject: &str, name: &str) -> Answer {
        let way = self.begin().await;
        let with = self.provider.vouch(&way.address, subject, name);
        self.come_back(&way, with).await
    }

    async fn link(&self, who: &Caller, subject: &str) -> Answer {
        let way = way(who.post(&format!("{ACCOUNT}/begin"), json!({ "password": PASSWORD })).await);
        let with = self.provider.vouch(&way.address, subject, "whatever");
        who.send(Method::PUT, ACCOUNT, Some(with), &[("cookie", &way.kept)]).await
    }

    async fn expect(&self, user: &str, version: i64, name: &str) -> Answer {
        let tag = format!("\"v{version}\"");
        let path = format!("/users/{user}/oidc");
        let body = json!({ "expected_name": name });
        self.administrator.send(Method::PUT, &path, Some(body), &[("if-match", &tag)]).await
    }
}

async fn must_be_sound(server: &Server) {
    sealed(server).await;
    assert!(chengjing_store::ledger::verify(&server.app.store).await.expect("verifies").is_empty());
}

#[tokio::test]
async fn who_has_linked_their_account_comes_in_by_it_with_their_own_rights_and_no_others() {
    on_both(|server| async move {
        let scene = scene(&server).await;
        let installation = scene.server.anybody().get("/installation").await.must(StatusCode::OK);
        assert_eq!(installation["oidc"], true);
        assert_eq!(scene.provider.described(), 0, "nothing is asked of it before somebody comes");
        let unknown = scene.come("1001", "wang").await.must(StatusCode::FORBIDDEN);
        assert_eq!(unknown["type"], problem("oidc-unlinked"), "a name alone opens nothing");
        assert!(text(&unknown["title"]).contains("wang"), "{unknown}");

        let wrong = scene.wang.post(&format!("{ACCOUNT}/begin"), json!({ "password": "wrong" })).await;
        assert_eq!(wrong.must(StatusCode::UNPROCESSABLE_ENTITY)["faults"][0]["path"], "password");
        let linked = scene.link(&scene.wang, "1001").await.must(StatusCode::OK);
        assert!(linked["linked_at"].is_string(), "{linked}");
        assert_eq!(scene.wang.get(ACCOUNT).await.must(StatusCode::OK), linked);
        assert_eq!(scene.link(&scene.wang, "1001").await.must(StatusCode::OK), linked, "once is enough");
        let taken = scene.link(&scene.administrator, "1001").await;
        assert_eq!(taken.status, StatusCode::CONFLICT, "an account is one person's");

        let way = scene.begin().await;
        let with = scene.provider.vouch(&way.address, "1001", "renamed");
        let came = scene.come_back(&way, with.clone()).await;
        assert!(came.cookie.as_deref().is_some_and(|cookie| cookie.starts_with("chengjing_session=")));
        let session = came.must(StatusCode::OK);
        assert_eq!((&session["name"], &session["permissions"]), (&json!("wang"), &json!([])));
        let again = scene.come_back(&way, with).await.must(StatusCode::CONFLICT);
        assert_eq!(again["type"], problem("oidc-spent"));
        assert_eq!(scene.provider.described(), 1, "what it says of itself is remembered");

        let ledger = scene.administrator.get("/ledger?limit=50").await.must(StatusCode::OK).to_string();
        assert!(ledger.contains("oidc.link") && ledger.contains("\"by\":\"oidc\""), "{ledger}");
        assert!(!ledger.contains("1001"), "whose account it is, is nobody's to read: {ledger}");
        let disable = json!({ "disabled": true });
        let path = format!("/users/{}", scene.wang_id);
        scene
            .administrator
            .send(Method::PATCH, &path, Some(disable), &[("if-match", "\"v1\"")])
            .await
            .must(StatusCode::OK);
        let disabled = scene.come("1001", "wang").await.must(StatusCode::FORBIDDEN);
        assert_eq!(disabled["type"], problem("oidc-disabled"));

        let path = format!("{path}/oidc");
        assert_eq!(scene.wang.get(&path).await.status, StatusCode::UNAUTHORIZED);
        scene.administrator.delete(&path).await.must(StatusCode::NO_CONTENT);
        let unlinked = scene.come("1001", "wang").await.must(StatusCode::FORBIDDEN);
        assert_eq!(unlinked["type"], problem("oidc-unlinked"));
        must_be_sound(&scene.server).await;
    })
    .await;
}

#[tokio::test]
async fn who_is_expected_under_a_name_is_linked_the_first_time_and_nobody_after_them() {
    on_both(|server| async move {
        let scene = scene(&server).await;
        let path = format!("/users/{}/oidc", scene.wang_id);
        let none = scene.administrator.get(&path).await;
        assert_eq!(none.etag.as_deref(), Some("\"v0\""));
        let expected = scene.expect(&scene.wang_id, 0, " wang.fang ").await.must(StatusCode::OK);
        assert_eq!(expected["expected_name"], "wang.fang");
        assert_eq!(scene.expect(&scene.wang_id, 0, "other").await.status, StatusCode::PRECONDITION_FAILED);
        assert_eq!(scene.expect(&scene.wang_id, 1, " ").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        add_user(&scene.administrator, "li").await;
        let li = text(&user_named(&scene.administrator, "li").await["id"]);
        let taken = scene.expect(&li, 0, "wang.fang").await.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(taken["faults"][0]["path"], "expected_name");
        let liaison = scene.wang.send(
            Method::PUT,
            &path,
            Some(json!({ "expected_name": "x" })),
            &[("if-match", "\"v1\"")],
        );
        assert_eq!(liaison.await.status, StatusCode::FORBIDDEN);

        assert_eq!(scene.come("7", "WANG.FANG").await.status, StatusCode::FORBIDDEN, "another name");
        assert_eq!(scene.come("8", "wang.fang").await.must(StatusCode::OK)["name"], "wang");
        let linked = scene.administrator.get(&path).await.must(StatusCode::OK);
        assert_eq!((&linked["expected_name"], linked["linked_at"].is_string()), (&Value::Null, true));
        let other = scene.come("9", "wang.fang").await.must(StatusCode::FORBIDDEN);
        assert_eq!(other["type"], problem("oidc-unlinked"), "the name has done its work");
        assert_eq!(
            scene.come("8", "any").await.must(StatusCode::OK)["name"],
            "wang",
            "by the account, whatever its name"
        );
        assert_eq!(scene.expect(&scene.wang_id, 2, "another").await.status, StatusCode::CONFLICT);
        scene.wang.delete(ACCOUNT).await.must(StatusCode::NO_CONTENT);
        assert_eq!(scene.come("8", "any").await.status, StatusCode::FORBIDDEN);
        must_be_sound(&scene.server).await;
    })
    .await;
}

/// What is changed in the claims of a token; `None`: the provider sends no token at all.
type Change = fn(&mut Value) -> Option<()>;

#[tokio::test]
async fn a_token_that_is_not_right_in_everything_lets_nobody_in() {
    on_both(|server| async move {
        let scene = scene(&server).await;
        scene.link(&scene.wang, "1001").await.must(StatusCode::OK);
        let now = scene.server.app.now().timestamp();
        let untrusted: &[(&str, Change)] = &[
            ("for another client", |claims| {
                claims["aud"] = "other".into();
                Some(())
            }),
            ("for another client too", |claims| {
                claims["aud"] = json!([CLIENT, "other"]);
                Some(())
            }),
            ("of another provider", |claims| {
                claims["iss"] = "https://other.example".into();
                Some(())
            }),
            ("for another way", |claims| {
                claims["nonce"] = "another".into();
                Some(())
            }),
            ("for no way", |claims| {
                claims.as_object_mut().expect("claims").remove("nonce");
                Some(())
            }),
            ("none at all", |_| None),
        ];
        let mut tried = 0;
        for (what, change) in untrusted {
            let way = scene.begin().await;
            let with = scene.provider.vouch_with(&way.address, Signer::Ed(1), change);
            let refused = scene.come_back(&way, with).await;
            assert_eq!(refused.must(StatusCode::FORBIDDEN)["type"], problem("oidc-untrusted"), "{what}");
            tried += 1;
        }
        for (issued, end) in [(now - 900, now - 130), (now + 130, now + 600)] {
            let way = scene.begin().await;
            let with = scene.provider.vouch_with(&way.address, Signer::Ed(1), |claims| {
                claims["iat"] = issued.into();
                claims["exp"] = end.into();
                Some(())
            });
            let refused = scene.come_back(&way, with).await;
            assert_eq!(refused.must(StatusCode::FORBIDDEN)["type"], problem("oidc-clock"), "{issued}");
        }
        let way = scene.begin().await;
        let with = scene.provider.vouch_with(&way.address, Signer::Ed(1), |claims| {
            claims["iat"] = (now + 100).into();
            claims["exp"] = (now - 100).into();
            Some(())
        });
        scene.come_back(&way, with).await.must(StatusCode::OK);

        let way = scene.begin().await;
        let with = scene.provider.vouch_with(&way.address, Signer::Ed(2), |_| Some(()));
        let forged = scene.come_back(&way, with).await.must(StatusCode::FORBIDDEN);
        assert_eq!(forged["type"], problem("oidc-untrusted"), "by nobody's key");
        tried += 1;
        scene.provider.publish(&[Signer::Rsa, Signer::Ed(2)]);
        for signer in [Signer::Ed(2), Signer::Rsa] {
            let way = scene.begin().await;
            let with = scene.provider.vouch_with(&way.address, signer, |_| Some(()));
            assert_eq!(
                scene.come_back(&way, with).await.status,
                StatusCode::OK,
                "a key that is new: {signer:?}"
            );
        }
        // Guesses end as those at passwords do.
        let mut last = None;
        for _ in tried..12 {
            let way = scene.begin().await;
            let with = scene.provider.vouch_with(&way.address, Signer::Ed(9), |_| Some(()));
            last = Some(scene.come_back(&way, with).await.status);
        }
        assert_eq!(last, Some(StatusCode::FORBIDDEN));
        let begun = scene.server.anybody().post("/session/oidc/begin", json!({})).await;
        assert_eq!(begun.status, StatusCode::TOO_MANY_REQUESTS);
    })
    .await;
}

#[tokio::test]
async fn only_a_way_that_began_in_this_browser_for_this_errand_ends_anywhere() {
    on_both(|server| async move {
        let scene = scene(&server).await;
        scene.link(&scene.wang, "1001").await.must(StatusCode::OK);
        let spent =
            |answer: Answer| assert_eq!(answer.must(StatusCode::CONFLICT)["type"], problem("oidc-spent"));
        let (one, other) = (scene.begin().await, scene.begin().await);
        let of_one = scene.provider.vouch(&one.address, "1001", "wang");
        spent(scene.come_back(&other, of_one.clone()).await);
        let nothing = scene.server.anybody().post("/session/oidc", of_one.clone()).await;
        spent(nothing);
        let forged = Way { kept: format!("{}x", one.kept), ..scene.begin().await };
        spent(scene.come_back(&forged, of_one.clone()).await);
        // Not to link, nor by somebody else.
        let cookie = [("cookie", one.kept.as_str())];
        spent(scene.wang.send(Method::PUT, ACCOUNT, Some(of_one.clone()), &cookie).await);
        let to_link =
            way(scene.wang.post(&format!("{ACCOUNT}/begin"), json!({ "password": PASSWORD })).await);
        let with = scene.provider.vouch(&to_link.address, "2002", "wang");
        spent(scene.come_back(&to_link, with.clone()).await);
        let cookie = [("cookie", to_link.kept.as_str())];
        spent(scene.administrator.send(Method::PUT, ACCOUNT, Some(with), &cookie).await);
        // The one that is right still is.
        scene.come_back(&one, of_one).await.must(StatusCode::OK);

        let way = scene.begin().await;
        let state = scene.provider.vouch(&way.address, "1001", "wang")["state"].clone();
        let declined = scene.come_back(&way, json!({ "state": state })).await.must(StatusCode::FORBIDDEN);
        assert_eq!(declined["type"], problem("oidc-declined"));
        let way = scene.begin().await;
        let state = scene.provider.vouch(&way.address, "1001", "wang")["state"].clone();
        let invented = scene.come_back(&way, json!({ "state": state, "code": "invented" })).await;
        assert_eq!(invented.must(StatusCode::FORBIDDEN)["type"], problem("oidc-declined"));
    })
    .await;
}

#[tokio::test]
async fn while_the_provider_is_away_passwords_open_and_afterwards_it_does_again() {
    on_both(|server| async move {
        let none = server.anybody().post("/session/oidc/begin", json!({})).await;
        assert_eq!(none.status, StatusCode::NOT_FOUND, "where there is no provider");
        let scene = scene(&server).await;
        scene.provider.stop().await;
        let away = scene.server.anybody().post("/session/oidc/begin", json!({})).await;
        assert_eq!(away.must(StatusCode::CONFLICT)["type"], problem("oidc-unreachable"));
        scene.server.log_in("wang").await;
        scene.provider.start_again().await;
        scene.link(&scene.wang, "1001").await.must(StatusCode::OK);
        let way = scene.begin().await;
        let with = scene.provider.vouch(&way.address, "1001", "wang");
        scene.provider.stop().await;
        let away = scene.come_back(&way, with).await.must(StatusCode::CONFLICT);
        assert_eq!(away["type"], problem("oidc-unreachable"));
        scene.provider.start_again().await;
        assert_eq!(scene.come("1001", "wang").await.must(StatusCode::OK)["name"], "wang");
    })
    .await;
}

#[tokio::test]
async fn a_second_factor_here_is_asked_for_whoever_the_provider_vouches_for() {
    on_both(|server| async move {
        let scene = scene(&server).await;
        let codes = turn_on(&scene.server, &scene.administrator).await;
        scene.link(&scene.administrator, "1").await.must(StatusCode::OK);
        let way = scene.begin().await;
        let mut with = scene.provider.vouch(&way.address, "1", "admin");
        for _ in 0..2 {
            let asked = scene.come_back(&way, with.clone()).await.must(StatusCode::UNAUTHORIZED);
            assert_eq!(asked["type"], problem("code-needed"), "the page may be loaded anew");
        }
        with["second_factor"] = phone(&scene.server, &scene.administrator).await.into();
        let used = scene.come_back(&way, with.clone()).await.must(StatusCode::UNAUTHORIZED);
        assert_eq!(used["type"], problem("wrong-code"), "the code that turned it on is spent");
        with["second_factor"] = codes[0].clone();
        let elsewhere = scene.come_back(&scene.begin().await, with.clone()).await;
        assert_eq!(elsewhere.must(StatusCode::CONFLICT)["type"], problem("oidc-spent"));
        assert_eq!(scene.come_back(&way, with.clone()).await.must(StatusCode::OK)["name"], "admin");
        with["second_factor"] = codes[1].clone();
        assert_eq!(
            scene.come_back(&way, with).await.must(StatusCode::CONFLICT)["type"],
            problem("oidc-spent")
        );
        must_be_sound(&scene.server).await;
    })
    .await;
}
