//! One letter, spoken to a mail server step by step.

use std::{fmt, future::Future, time::Duration};

use lettre::{
    Message,
    transport::smtp::{
        authentication::{Credentials, Mechanism},
        client::{AsyncSmtpConnection, TlsParameters},
        commands::{Data, Mail, Rcpt},
        extension::ClientId,
    },
};

use super::PostOffice;

/// Whether what is said to the mail server can be read on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    /// From the first byte (port 465).
    Implicit,
    /// After STARTTLS, without which nothing is said (port 587).
    StartTls,
    /// Not at all: for a relay on the same machine or inside the office's own network.
    None,
}

/// A mail server.
#[derive(Clone, PartialEq, Eq)]
pub struct MailServer {
    pub host: String,
    pub port: u16,
    pub encryption: Encryption,
    /// Name and password; None where it asks for none.
    login: Option<(String, String)>,
}

impl fmt::Debug for MailServer {
    /// Without the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{} ({:?})", self.host, self.port, self.encryption)
    }
}

impl MailServer {
    /// From a URL: `smtps://name:password@host:465`.
    pub(super) fn read(url: &str) -> Option<Self> {
        let (scheme, rest) = url.trim().split_once("://")?;
        let (encryption, port) = match scheme {
            "smtps" => (Encryption::Implicit, 465),
            "smtp+starttls" => (Encryption::StartTls, 587),
            "smtp" => (Encryption::None, 25),
            _ => return None,
        };
        // A password may hold an @; a host may not.
        let (login, place) = match rest.rsplit_once('@') {
            Some((login, place)) => (Some(login), place),
            None => (None, rest),
        };
        let place = place.trim_end_matches('/');
        let (host, port) = match place.rsplit_once(':') {
            Some((host, port)) => (host, port.parse().ok()?),
            None => (place, port),
        };
        if host.is_empty() || !host.chars().all(|c| c.is_ascii_alphanumeric() || ".-_".contains(c)) {
            return None;
        }
        let login = match login {
            Some(login) => {
                let (name, password) = login.split_once(':')?;
                Some((decoded(name)?, decoded(password)?))
            }
            None => None,
        };
        Some(Self { host: host.to_owned(), port, encryption, login })
    }
}

/// What `%40` and its like stand for.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let [high, low, tail @ ..] = rest else { return None };
        bytes.push((digit(high)? << 4) | digit(low)?);
        rest = tail;
    }
    String::from_utf8(bytes).ok()
}

/// Why a letter did not leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NotSent {
    /// It was certainly not taken. `for_good`: it would be refused the same way again.
    Refused { reason: String, for_good: bool },
    /// It was being handed over, and no answer came.
    Unknown { reason: String },
    /// Whoever was to say that it is handed over did not: it was not.
    NotOurs,
}

/// Speaks to the mail server until the letter is taken. `hand_over` is called once, when the server has agreed to take
/// it and before a byte of it is sent; false: somebody else has it now, and it is not sent.
pub(super) async fn send<F, Fut>(
    office: &PostOffice,
    to: &str,
    message: &Message,
    hand_over: F,
) -> Result<(), NotSent>
where
    F: FnOnce() -> Fut,
    Fut: Future<Output = bool>,
{
    let mut wire = connect(office).await?;
    let before = prepare(office, &mut wire, to).await;
    if let Err(refused) = before {
        wire.abort().await;
        return Err(refused);
    }
    if !hand_over().await {
        wire.abort().await;
        return Err(NotSent::NotOurs);
    }
    let told = tokio::time::timeout(office.patience * 3, wire.message(&message.formatted())).await;
    match told {
        Ok(Ok(_)) => {
            // It is taken; how the goodbye goes is no matter.
            tokio::time::timeout(Duration::from_secs(2), wire.quit()).await.ok();
            Ok(())
        }
        Ok(Err(error)) if error.status().is_some() => Err(refused(&error)),
        Ok(Err(error)) => Err(NotSent::Unknown { reason: told_of(&error) }),
        Err(_) => Err(NotSent::Unknown { reason: "no answer after the message was sent".to_owned() }),
    }
}

/// Whether a mail server answers and takes our login, without sending anything.
async fn connect(office: &PostOffice) -> Result<AsyncSmtpConnection, NotSent> {
    let server = &office.server;
    let tls = || {
        TlsParameters::new(server.host.clone())
            .map_err(|error| NotSent::Refused { reason: told_of(&error), for_good: false })
    };
    let implicit = match server.encryption {
        Encryption::Implicit => Some(tls()?),
        Encryption::StartTls | Encryption::None => None,
    };
    let hello = ClientId::Domain(office.from.email.domain().to_owned());
    let place = (server.host.as_str(), server.port);
    let mut wire = within(
        office,
        "connecting",
        AsyncSmtpConnection::connect_tokio1(place, Some(office.patience), &hello, implicit, None),
    )
    .await?;
    if server.encryption == Encryption::StartTls {
        within(office, "STARTTLS", wire.starttls(tls()?, &hello)).await?;
    }
    if let Some((name, password)) = &server.login {
        let login = Credentials::new(name.clone(), password.clone());
        let ways = [Mechanism::Plain, Mechanism::Login];
        // Nothing is repeated of what the server says to a login: some say the login in it.
        let taken = within(office, "logging in", wire.auth(&ways, &login)).await;
        if let Err(NotSent::Refused { .. }) = taken {
            return Err(NotSent::Refused {
                reason: "the mail server did not take our login".into(),
                for_good: false,
            });
        }
    }
    Ok(wire)
}

async fn prepare(office: &PostOffice, wire: &mut AsyncSmtpConnection, to: &str) -> Result<(), NotSent> {
    let to = to.parse().map_err(|_| NotSent::Refused { reason: "not an address".into(), for_good: true })?;
    let from = office.from.email.clone();
    within(office, "MAIL", wire.command(Mail::new(Some(from), Vec::new()))).await?;
    within(office, "RCPT", wire.command(Rcpt::new(to, Vec::new()))).await?;
    within(office, "DATA", wire.command(Data)).await.map(drop)
}

/// A step before the message: however it fails, nothing was sent.
async fn within<T>(
    office: &PostOffice,
    step: &'static str,
    doing: impl Future<Output = Result<T, lettre::transport::smtp::Error>>,
) -> Result<T, NotSent> {
    match tokio::time::timeout(office.patience, doing).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(refused(&error)),
        Err(_) => Err(NotSent::Refused { reason: format!("no answer while {step}"), for_good: false }),
    }
}

fn refused(error: &lettre::transport::smtp::Error) -> NotSent {
    NotSent::Refused { reason: told_of(error), for_good: error.is_permanent() }
}

/// What an error says, with what it came from, short enough for a row of a list.
fn told_of(error: &dyn std::error::Error) -> String {
    let mut told = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let more = cause.to_string();
        if !told.contains(&more) {
            told = format!("{told}: {more}");
        }
        source = cause.source();
    }
    told.chars().filter(|c| !c.is_control()).take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_server_is_read_from_its_url_and_its_password_is_told_nowhere() {
        let read = |url: &str| MailServer::read(url);
        let full = read("smtps://cj%40qingshui:p%40ss:w@mail.qingshui.gov.cn:4650").expect("a server");
        assert_eq!(
            (full.host.as_str(), full.port, full.encryption),
            ("mail.qingshui.gov.cn", 4650, Encryption::Implicit)
        );
        assert_eq!(full.login, Some(("cj@qingshui".into(), "p@ss:w".into())));
        assert!(!format!("{full:?}").contains("ss:w"));
        let relay = read("smtp://localhost").expect("a relay");
        assert_eq!((relay.port, relay.encryption, relay.login), (25, Encryption::None, None));
        assert_eq!(read("smtp+starttls://a:b@c").map(|server| server.port), Some(587));
        for wrong in [
            "mail.example",
            "http://a",
            "smtp://",
            "smtp://a:b@",
            "smtp://name@host",
            "smtp://a:b%4@c",
            "smtp://a:99999",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
