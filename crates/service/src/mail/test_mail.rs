use chengjing_domain::{
    id::LetterId,
    people::policy::{Action, Resource},
};
use chengjing_store::mail as store;

use super::{
    compose,
    smtp::{NotSent, send},
};
use crate::{App, Caller, Refusal};

/// Sends the caller a test mail at their own address, and says why it did not leave, in the mail server's words.
pub async fn test_mail(app: &App, caller: &Caller) -> Result<Option<String>, Refusal> {
    caller.may(Action::ManageUsers, Resource::System)?;
    let Some(office) = app.post_office.clone() else {
        return Err(Refusal::conflict("还没有设置邮件服务器", "No mail server is set up"));
    };
    let user = caller.actor.user;
    let mailbox = app.store.read(|q| async move { store::lookup_mailbox(&q, user).await }).await?;
    let Some(mailbox) = mailbox else {
        return Err(Refusal::conflict("请先填写自己的邮箱", "Tell your own address first"));
    };
    let text = compose::test(&office, mailbox.language);
    let message =
        compose::message(&office, &mailbox.address, (LetterId(app.ids.uuid(caller.now)), caller.now), &text);
    let message = message.ok_or(Refusal::Internal("an address that was read is none"))?;
    Ok(match send(&office, &mailbox.address, &message, || async { true }).await {
        Ok(()) | Err(NotSent::NotOurs) => None,
        Err(NotSent::Refused { reason, .. } | NotSent::Unknown { reason }) => Some(reason),
    })
}
