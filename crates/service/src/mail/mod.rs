//! Mail: proving an address, and notices that leave by it.
//!
//! **What is sent once.** A letter is claimed before it is sent. Everything up to the mail server's "go ahead" may be
//! repeated: connecting, TLS, logging in, naming sender and recipient. Then the letter is marked as being handed over, on
//! disk, and only then its text is sent. Where the answer to that is a refusal, it was not taken and is tried again;
//! where none comes (the program dies, the server hangs), nobody knows, and it is never sent again: what it said waits in
//! the app. So nobody is told twice and nobody forgotten.

pub mod address;
mod compose;
pub mod deliver;
pub mod letters;
mod smtp;
pub mod test_mail;

use std::{fmt, time::Duration};

use lettre::message::Mailbox as Sender;

pub use smtp::{Encryption, MailServer};

/// How this installation sends mail.
#[derive(Clone)]
pub struct PostOffice {
    pub server: MailServer,
    /// Whom its letters are from.
    pub from: Sender,
    /// Where people reach the program, for the links in letters: `https://chengjing.example.gov.cn`.
    pub site: String,
    /// The longest that one step of the conversation with the mail server takes.
    pub patience: Duration,
}

impl fmt::Debug for PostOffice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostOffice")
            .field("server", &self.server)
            .field("site", &self.site)
            .finish_non_exhaustive()
    }
}

/// What is wrong with how mail was set up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PostOfficeFault {
    #[error(
        "the mail server must be smtp://host, smtp+starttls://host or smtps://host, with name:password@ before the host where it asks for one"
    )]
    Server,
    #[error("the sender must be an address, or a name and <an address>")]
    From,
    #[error("the address of the site must begin with http:// or https://")]
    Site,
}

impl PostOffice {
    /// From what the administrator has written down.
    ///
    /// # Errors
    /// Which part can't be understood; what stands in it, a password too, is not repeated.
    pub fn read(server: &str, from: &str, site: &str) -> Result<Self, PostOfficeFault> {
        let site = site.trim_end_matches('/');
        if !(site.starts_with("http://") || site.starts_with("https://")) {
            return Err(PostOfficeFault::Site);
        }
        Ok(Self {
            server: MailServer::read(server).ok_or(PostOfficeFault::Server)?,
            from: from.parse().map_err(|_| PostOfficeFault::From)?,
            site: site.to_owned(),
            patience: Duration::from_secs(20),
        })
    }
}
