use std::{convert::Infallible, time::Duration};

use axum::{
    extract::State as Extract,
    http::HeaderMap,
    response::{
        IntoResponse,
        sse::{Event, Sse},
    },
};
use chengjing_service::{
    live::{self, Changed, Heard, Listener, Versions},
    people,
};
use futures_util::stream;
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::UnreadBody;
use crate::{
    State,
    http::{
        auth::{self, Login},
        extract::Asked,
        problem::{Problem, Refused},
    },
};

/// Proxies close what is silent for longer; and as often it is asked whether the session still lives.
const PULSE: Duration = Duration::from_secs(15);

/// From where to go on.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Since {
    /// The id of the last event that was heard; what happened since is told first. The header `Last-Event-ID`, which
    /// browsers send by themselves after a broken connection, says the same.
    after: Option<i64>,
}

/// A thing that is not what it was.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(crate) struct ChangedThing {
    id: Uuid,
    version: i64,
}

/// The data of the event `changed`: what the caller may see and what changed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ChangedBody {
    campaign: Uuid,
    tasks: Vec<ChangedThing>,
    duties: Vec<ChangedThing>,
    /// Materials by their ids: their reviews, and what is said of them, have versions of their own.
    evidence: Vec<Uuid>,
    /// Whether other units are asked for materials than were.
    asked: bool,
}

/// The names of events.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(dead_code, reason = "describes the events; each is written by its own name")]
pub(crate) enum HeardKind {
    Unread,
    Changed,
    Anew,
    Pulse,
}

/// An event of the stream.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(dead_code, reason = "describes the events; each is written by its own name")]
pub(crate) struct HeardBody {
    event: HeardKind,
    /// JSON: `UnreadBody` of `unread`, `ChangedBody` of `changed`, an empty object of `anew` and `pulse`.
    data: String,
    /// Up to where this stream has told; give it as `after` to go on from there.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    id: Option<String>,
}

/// What happens, as server-sent events, for as long as the session lives.
///
/// `unread`: how many notices wait (`UnreadBody`). `changed`: tasks, duties and materials that the caller may see and
/// that are not what they were (`ChangedBody`). `anew`: more happened than is told, or the caller's roles changed; look
/// at everything anew. `pulse`: nothing, every 15 seconds. Who reads too slowly hears `anew`.
#[utoipa::path(
    get,
    path = "/api/v1/events",
    operation_id = "listen_to_events",
    tag = "notices",
    params(Since),
    responses((status = 200, description = "A stream that ends with the session.", body = HeardBody, content_type = "text/event-stream"), Refused),
    extensions(("x-permission" = json!("notice.see"))),
)]
pub(crate) async fn listen(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Asked(since): Asked<Since>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let listener = live::listen(&state.app, caller.actor, last.or(since.after)).await?;
    let mut pulse = interval_at(Instant::now() + PULSE, PULSE);
    pulse.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let secret = auth::secret(&headers).unwrap_or_default();
    // The first event says that the stream stands, and from where to go on if it breaks.
    let hello = pulse_event().id(listener.height().to_string());
    let open = Open { state, listener, secret, pulse, hello: Some(hello) };
    // A proxy that collects the stream before it hands it on would make all of it late.
    Ok(([("x-accel-buffering", "no")], Sse::new(stream::unfold(open, next))))
}

struct Open {
    state: State,
    listener: Listener,
    secret: String,
    pulse: Interval,
    hello: Option<Event>,
}

async fn next(mut open: Open) -> Option<(Result<Event, Infallible>, Open)> {
    if let Some(hello) = open.hello.take() {
        return Some((Ok(hello), open));
    }
    let heard = tokio::select! {
        heard = open.listener.hear() => Some(heard?),
        _ = open.pulse.tick() => None,
    };
    // Asked before every event and at every pulse: an ended session or a role that was taken away tells nothing more.
    let actor = people::who::still(&open.state.app, &open.secret).await.ok()??;
    let still_theirs = open.listener.is_still(&actor);
    open.listener.become_of(actor);
    let event = match heard {
        Some(heard) if still_theirs => event(heard),
        // What was let through for what they held before is not told: they are to look anew.
        Some(_) | None => pulse_event(),
    };
    Some((Ok(event), open))
}

/// An event, not a comment, so that a page notices when none comes.
fn pulse_event() -> Event {
    Event::default().event("pulse").data("{}")
}

fn event(heard: Heard) -> Event {
    let things = |versions: Versions| -> Vec<ChangedThing> {
        versions.into_iter().map(|(id, version)| ChangedThing { id, version }).collect()
    };
    let (name, height, data) = match heard {
        Heard::Unread(unread) => ("unread", None, serde_json::to_string(&UnreadBody { unread })),
        Heard::LookAnew { height } => ("anew", Some(height), Ok("{}".to_owned())),
        Heard::Changed { height, campaign, changed } => {
            let Changed { tasks, duties, evidence, asked } = changed;
            let (tasks, duties) = (things(tasks), things(duties));
            let body = ChangedBody { campaign: campaign.0, tasks, duties, evidence, asked };
            ("changed", Some(height), serde_json::to_string(&body))
        }
    };
    let event = Event::default().event(name).data(data.unwrap_or_default());
    match height {
        Some(height) => event.id(height.to_string()),
        None => event,
    }
}
