use chengjing_domain::{
    id::TokenId,
    ledger::{Subject, SubjectKind},
    people::{
        ApiToken, TokenLimits,
        policy::{Action, Resource},
    },
};
use chengjing_store::{campaign, ledger, people as store};
use chrono::Duration;
use serde_json::json;

use super::{TokenView, hex, secret_hash, token_view};
use crate::{App, Caller, Refusal, refusal::Faults};

/// What a token is for and how far it reaches.
#[derive(Debug, Clone)]
pub struct NewToken {
    pub name: String,
    /// It works that long; None: until it is revoked, which only the link of a calendar does.
    pub days: Option<i64>,
    pub limits: TokenLimits,
}

/// Tokens of one user that work at the same time.
const MOST: usize = 50;

/// A token for programs, for oneself. The secret is given back once and kept nowhere: who repeats the request gets the
/// same token with another secret, and the one that got lost on its way works no longer.
pub async fn add_token(app: &App, caller: &Caller, new: NewToken) -> Result<(TokenView, String), Refusal> {
    caller.may(Action::SecureOwnAccount, Resource::System)?;
    let mut faults = Faults::default();
    let name = faults.text("name", &new.name, 50);
    let longest = ApiToken::LONGEST_DAYS;
    let endless = new.limits.calendar && new.days.is_none();
    if !endless && !new.days.is_some_and(|days| (1..=longest).contains(&days)) {
        faults.add("days", format!("有效期为1到{longest}天"), format!("1 to {longest} days"));
    }
    if let Some(id) = new.limits.campaign {
        let known = caller.may(Action::SeeCampaign, Resource::Campaign(id)).is_ok();
        let there = app.store.read(|q| async move { campaign::lookup(&q, id).await }).await?;
        if !known || there.is_none() {
            faults.add("campaign_id", "没有这个项目", "there is no such campaign");
        }
    }
    faults.end()?;
    // What a secret is for can be told from how it begins: by people, and by programs that look for leaked ones.
    let kind = if new.limits.calendar { "cjcal" } else { "cj" };
    let secret = format!("{kind}_{}", hex(&caller.ids.secret()));
    let token = ApiToken {
        id: caller.id::<TokenId>("token"),
        user: caller.actor.user,
        name,
        token_hash: secret_hash(&secret),
        limits: new.limits,
        created_at: caller.now,
        // Days are counted from a moment that the check above has bounded.
        expires_at: new.days.map(|days| caller.now + Duration::days(days.min(longest))),
        revoked_at: None,
        used_at: None,
    };
    let details = json!({
        "name": token.name,
        "expires_at": token.expires_at,
        "read_only": token.limits.read_only,
        "campaign": token.limits.campaign,
        "calendar": token.limits.calendar,
    });
    let act = caller.act_named("token.add", Subject::installed(SubjectKind::Token, token.id.0), details);
    let added = app.store.write(move |tx| {
        let (token, act) = (token.clone(), act.clone());
        async move {
            let there = store::list_tokens(&tx, token.user).await?;
            let stored = if let Some(there) = there.iter().find(|there| there.id == token.id) {
                if there.revoked_at.is_some() {
                    return Err(Refusal::conflict("这个令牌已经停用", "This token has been revoked"));
                }
                store::save_token(&tx, &token).await?
            } else {
                if there.iter().filter(|there| there.works(token.created_at)).count() >= MOST {
                    let (zh, en) = (
                        format!("最多{MOST}个令牌，请先停用不用的"),
                        format!("At most {MOST} tokens; revoke one that is not needed"),
                    );
                    return Err(Refusal::conflict(zh, en));
                }
                store::add_token(&tx, &token).await?
            };
            ledger::record(&tx, act).await?;
            Ok::<_, Refusal>(token_view(&tx, stored).await?)
        }
    });
    let view = added.await?;
    app.sessions.clear();
    Ok((view, secret))
}
