//! One attempt to hand a message to its receiver.

use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use chengjing_domain::webhook::{Failure, Reach};
use reqwest::{Client, Url, header::CONTENT_TYPE, redirect::Policy};
use tokio::{net::lookup_host, time::timeout};

/// To be connected, the name's resolution not counted.
const CONNECT: Duration = Duration::from_secs(5);
/// So much of an answer is read; it is looked at by nobody, but some receivers wait for it.
const MOST_ANSWER: usize = 4096;

/// What is sent.
pub(super) struct Parcel<'a> {
    pub(super) url: &'a str,
    pub(super) id: &'a str,
    pub(super) timestamp: i64,
    pub(super) signature: &'a str,
    pub(super) body: &'a str,
}

/// The address that a URL names without a name.
pub(super) fn literal(url: &Url) -> Option<IpAddr> {
    url.host_str()?.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// Sends it. The status that it was answered with, or why there is none.
pub(super) async fn post(reach: &Reach, parcel: Parcel<'_>) -> Result<u16, Failure> {
    timeout(reach.patience, attempt(reach, parcel)).await.unwrap_or(Err(Failure::TimedOut))
}

async fn attempt(reach: &Reach, parcel: Parcel<'_>) -> Result<u16, Failure> {
    let url = Url::parse(parcel.url).map_err(|_| Failure::NotAllowed)?;
    let host = url.host_str().ok_or(Failure::NotAllowed)?;
    // What was allowed when it was entered may not be any more.
    if url.scheme() != "https" && !(url.scheme() == "http" && reach.allows_plain(host)) {
        return Err(Failure::NotAllowed);
    }
    let addresses = resolve(&url).await?;
    // All of them: a name that stands for a public and a private address is not half allowed.
    if !addresses.iter().all(|address| reach.allows(address.ip())) {
        return Err(Failure::NotAllowed);
    }
    // Told which addresses they are: between the check and the connection no name is resolved a second time. No proxy, for
    // that would do the resolving.
    let client = Client::builder()
        .resolve_to_addrs(host, &addresses)
        .redirect(Policy::none())
        .no_proxy()
        .connect_timeout(CONNECT)
        .user_agent("Chengjing")
        .build()
        .map_err(|_| Failure::Unreachable)?;
    let request = client
        .post(url)
        .header(CONTENT_TYPE, "application/json")
        .header("webhook-id", parcel.id)
        .header("webhook-timestamp", parcel.timestamp.to_string())
        .header("webhook-signature", parcel.signature)
        .body(parcel.body.to_owned());
    let mut answer = request
        .send()
        .await
        .map_err(|error| if error.is_timeout() { Failure::TimedOut } else { Failure::Unreachable })?;
    let status = answer.status().as_u16();
    let mut read = 0;
    // It has answered: whether the rest of that arrives changes nothing.
    while let Ok(Some(chunk)) = answer.chunk().await {
        read += chunk.len();
        if read >= MOST_ANSWER {
            break;
        }
    }
    Ok(status)
}

async fn resolve(url: &Url) -> Result<Vec<SocketAddr>, Failure> {
    let port = url.port_or_known_default().ok_or(Failure::NotAllowed)?;
    if let Some(address) = literal(url) {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    let host = url.host_str().ok_or(Failure::NotAllowed)?;
    let found = timeout(CONNECT, lookup_host((host, port))).await.map_err(|_| Failure::Unresolved)?;
    let all: Vec<SocketAddr> = found.map_err(|_| Failure::Unresolved)?.collect();
    if all.is_empty() { Err(Failure::Unresolved) } else { Ok(all) }
}
