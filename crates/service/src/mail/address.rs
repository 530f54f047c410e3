use chengjing_domain::{
    id::{LetterId, UserId},
    ledger::{Subject, SubjectKind},
    people::{
        AddressFault, LONGEST_ADDRESS, Language, Mailbox,
        policy::{Action, Resource},
    },
};
use chengjing_store::{ledger, mail as store, people};
use serde_json::json;

use super::{compose, smtp};
use crate::{
    App, Caller, Refusal,
    people::{hex, secret_hash},
};

/// Where the caller gets mail.
pub async fn look_up(app: &App, caller: &Caller) -> Result<Option<Mailbox>, Refusal> {
    caller.may(Action::UseOwnAccount, Resource::System)?;
    let user = caller.actor.user;
    Ok(app.store.read(|q| async move { store::lookup_mailbox(&q, user).await }).await?)
}

/// Tells where the caller gets mail, and sends a link there that proves it; nothing else is sent before.
pub async fn set(app: &App, caller: &Caller, typed: &str, language: Language) -> Result<Mailbox, Refusal> {
    caller.may(Action::SecureOwnAccount, Resource::System)?;
    set_of(app, caller, caller.actor.user, typed, language).await
}

/// The same for another, by who manages users: the link goes to the address, so that its owner proves it.
pub async fn set_for(
    app: &App,
    caller: &Caller,
    user: UserId,
    typed: &str,
    language: Language,
) -> Result<Mailbox, Refusal> {
    caller.may(Action::ManageUsers, Resource::System)?;
    set_of(app, caller, user, typed, language).await
}

async fn set_of(
    app: &App,
    caller: &Caller,
    user: UserId,
    typed: &str,
    language: Language,
) -> Result<Mailbox, Refusal> {
    let Some(office) = app.post_office.clone() else {
        return Err(Refusal::conflict(
            "系统还没有设置邮件服务器，请联系管理员",
            "No mail server is set up; ask the administrator",
        ));
    };
    let address = chengjing_domain::people::read_address(typed).map_err(|fault| match fault {
        AddressFault::TooLong => Refusal::invalid(
            "address",
            format!("最多{LONGEST_ADDRESS}个字符"),
            format!("at most {LONGEST_ADDRESS} characters"),
        ),
        AddressFault::NotAnAddress => Refusal::invalid(
            "address",
            "不是邮箱地址，应如 name@example.cn",
            "expected an address such as name@example.cn",
        ),
    })?;
    let secret = hex(&app.ids.secret());
    let (now, hash) = (caller.now, secret_hash(&secret));
    let caller_here = caller.clone();
    let saved = app.store.write(move |tx| {
        let (caller, address) = (caller_here.clone(), address.clone());
        async move {
            let name = people::lookup_user(&tx, user).await?.ok_or(Refusal::NotFound)?.display_name;
            let before = store::lookup_mailbox(&tx, user).await?;
            if before.as_ref().is_some_and(|before| !before.may_send_proof(now)) {
                return Err(Refusal::conflict(
                    "确认邮件刚刚发出，请查收；两分钟后可以再发",
                    "A link has just been sent; another may be sent in two minutes",
                ));
            }
            let version = before.map_or(1, |before| before.version + 1);
            let mailbox =
                Mailbox { user, address, language, verified_at: None, proof: Some((hash, now)), version };
            store::save_mailbox(&tx, &mailbox).await?;
            let subject = Subject::installed(SubjectKind::User, user.0);
            ledger::record(&tx, caller.act_named("address.set", subject, json!({}))).await?;
            Ok((mailbox, name))
        }
    });
    let (mailbox, name) = saved.await?;
    let text = compose::proof(&office, language, &name, &secret);
    let message = compose::message(&office, &mailbox.address, (LetterId(app.ids.uuid(now)), now), &text);
    let message = message.ok_or(Refusal::Internal("an address that was read is none"))?;
    match smtp::send(&office, &mailbox.address, &message, || async { true }).await {
        Ok(()) | Err(smtp::NotSent::Unknown { .. } | smtp::NotSent::NotOurs) => Ok(mailbox),
        Err(smtp::NotSent::Refused { for_good: true, .. }) => Err(Refusal::invalid(
            "address",
            "邮件服务器不接受这个地址",
            "the mail server does not take this address",
        )),
        Err(smtp::NotSent::Refused { .. }) => Err(Refusal::conflict(
            "确认邮件没有发出去，请过几分钟再试",
            "The link could not be sent; try again in a few minutes",
        )),
    }
}

/// Forgets where the caller gets mail.
pub async fn remove(app: &App, caller: &Caller) -> Result<(), Refusal> {
    caller.may(Action::SecureOwnAccount, Resource::System)?;
    let caller = caller.clone();
    app.store
        .write(move |tx| {
            let caller = caller.clone();
            async move {
                let user = caller.actor.user;
                if !store::remove_mailbox(&tx, user).await? {
                    return Err(Refusal::NotFound);
                }
                let subject = Subject::installed(SubjectKind::User, user.0);
                ledger::record(&tx, caller.act_named("address.remove", subject, json!({}))).await?;
                Ok(())
            }
        })
        .await
}

/// Proves an address by the secret that was sent there. Whoever has it has the mailbox; they need not be logged in.
pub async fn prove(app: &App, secret: &str) -> Result<(), Refusal> {
    let (hash, now) = (secret_hash(secret), app.now());
    let entry = chengjing_domain::id::EntryId(app.ids.uuid(now));
    app.store
        .write(move |tx| async move {
            let found =
                store::lookup_mailbox_by_proof(&tx, &hash).await?.filter(|found| found.is_provable(now));
            let Some(found) = found else {
                return Err(Refusal::conflict(
                    "链接已经失效，请在“我的账号”里重新发送",
                    "The link works no longer; have another sent in your account",
                ));
            };
            let subject = Subject::installed(SubjectKind::User, found.user.0);
            let author = chengjing_domain::ledger::Author::User(found.user);
            let proven = Mailbox { verified_at: Some(now), proof: None, version: found.version + 1, ..found };
            store::save_mailbox(&tx, &proven).await?;
            let act = chengjing_domain::ledger::Act {
                id: entry,
                at: now,
                author,
                action: "address.prove".to_owned(),
                subject,
                details: json!({}),
            };
            ledger::record(&tx, act).await?;
            Ok(())
        })
        .await
}
