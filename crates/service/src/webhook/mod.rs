//! Webhooks: what happened in a campaign, told to programs of its office.
//!
//! The ledger is their outbox (ADR 0007): each follows its blocks by a mark of its own. Messages and mark are one write,
//! so that no news becomes two messages or none. A message is claimed before it is sent and sent at least once, always
//! under the same id and byte for byte the same.

pub mod add;
pub mod deliver;
pub mod edit;
pub mod follow;
pub mod list;
pub mod messages;
mod post;
pub mod remove;
pub mod rotate;

use std::collections::BTreeSet;

use chengjing_domain::{
    id::{CampaignId, WebhookId},
    webhook::{EventKind, Reach, Webhook},
};
use chengjing_store::{Queries, webhook as store};
use reqwest::Url;

use crate::{Refusal, refusal::Faults};

pub use store::{Message, MessageState};

const MOST_NAME: usize = 50;
const MOST_URL: usize = 500;

/// The webhook, or what is said where there is none.
async fn must(q: &impl Queries, campaign: CampaignId, id: WebhookId) -> Result<Webhook, Refusal> {
    store::lookup(q, campaign, id).await?.ok_or(Refusal::NotFound)
}

/// A URL that a webhook may have. What its host's name stands for is looked at each time that something is sent.
fn check_url(faults: &mut Faults, reach: &Reach, typed: &str) -> String {
    let text = faults.text("url", typed, MOST_URL);
    let Ok(url) = Url::parse(&text) else {
        if !text.is_empty() {
            faults.add(
                "url",
                "请填完整的网址，如 https://example.cn/hook",
                "expected a URL such as https://example.cn/hook",
            );
        }
        return text;
    };
    let host = url.host_str().unwrap_or_default();
    match url.scheme() {
        "https" => {}
        "http" if reach.allows_plain(host) => {}
        "http" => faults.add(
            "url",
            "只能用 https;内网主机要用 http，请管理员在服务器上放行(--webhook-http)",
            "must be https; the administrator may allow http for a host (--webhook-http)",
        ),
        _ => faults.add("url", "只能用 https", "must be https"),
    }
    if !url.username().is_empty() || url.password().is_some() {
        faults.add("url", "网址里不能带用户名和密码", "must not hold a name and password");
    }
    if let Some(address) = post::literal(&url).filter(|address| !reach.allows(*address)) {
        faults.add(
            "url",
            format!("{address} 是内网地址，请管理员在服务器上放行(--webhook-allow)"),
            format!("{address} is not public; the administrator may allow it (--webhook-allow)"),
        );
    }
    url.into()
}

fn check_kinds(faults: &mut Faults, kinds: &BTreeSet<EventKind>) {
    if kinds.is_empty() {
        faults.add("kinds", "至少选一种", "at least one");
    }
    if kinds.contains(&EventKind::Test) {
        faults.add("kinds", "测试消息不用选", "a test needs no choosing");
    }
}
