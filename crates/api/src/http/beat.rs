//! Refusals are given on a beat, so that how long one took tells nothing.
//!
//! Who asks for something that they may not see is told what somebody is told who asks for nothing that there is. But
//! what is there has been loaded by then, with its units, before the policy said no: a few hundred microseconds, which
//! somebody with a list of ids could count. Making each use case take the same way to both would have to be thought of
//! in every one of them; here it holds for all, also for those that are yet to be written.

use std::time::Duration;

use axum::{extract::Request, http::StatusCode, middleware::Next, response::Response};
use tokio::time::{Instant, sleep_until};

/// Far more than the work of a refusal, and less than a person notices.
pub(crate) const BEAT: Duration = Duration::from_millis(20);

/// The refusals of what is not there: as the thing that was asked for, or as one that the request names. Who gets another
/// may know of it.
const HELD: [StatusCode; 2] = [StatusCode::NOT_FOUND, StatusCode::UNPROCESSABLE_ENTITY];

/// Holds back such a refusal until the next beat since its request came.
pub(crate) async fn hold_refusals(request: Request, next: Next) -> Response {
    let came = Instant::now();
    let response = next.run(request).await;
    if HELD.contains(&response.status()) {
        sleep_until(came + on_the_beat(came.elapsed())).await;
    }
    response
}

/// The first beat that is not before `taken`.
fn on_the_beat(taken: Duration) -> Duration {
    let beats = taken.as_nanos().div_ceil(BEAT.as_nanos()).max(1);
    BEAT.saturating_mul(u32::try_from(beats).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use axum::{Router, body::Body, extract::Request, middleware, routing::get};
    use tower::ServiceExt as _;

    use super::{BEAT, HELD, hold_refusals, on_the_beat};

    #[test]
    fn whatever_was_done_for_a_refusal_it_is_given_on_the_same_beat() {
        for (microseconds, beats) in
            [(0, 1), (1, 1), (908, 1), (1_171, 1), (19_999, 1), (20_000, 1), (20_001, 2), (59_000, 3)]
        {
            assert_eq!(on_the_beat(Duration::from_micros(microseconds)), BEAT * beats, "{microseconds} µs");
        }
    }

    #[tokio::test]
    async fn no_refusal_is_given_before_the_beat() {
        for status in HELD {
            let router = Router::new()
                .route("/", get(move || async move { status }))
                .layer(middleware::from_fn(hold_refusals));
            let came = Instant::now();
            let response = router.oneshot(Request::new(Body::empty())).await.unwrap();
            assert_eq!(response.status(), status);
            assert!(came.elapsed() >= BEAT, "{status} came after {:?}", came.elapsed());
        }
    }
}
