use chengjing_domain::{
    ledger::{Subject, SubjectKind},
    people::{
        SecondFactor,
        policy::{Action, Resource},
    },
};
use chengjing_store::{ledger, people as store};
use serde_json::json;

use crate::{App, Caller, Refusal, people::password};

/// What a phone is given, once.
#[expect(missing_debug_implementations, reason = "it is a secret")]
pub struct Beginning {
    /// `otpauth://…`
    pub uri: String,
    /// The same to be typed.
    pub secret: String,
    /// The same to be scanned, as SVG.
    pub picture: String,
}

/// Who asks for the codes, as authenticator apps show it.
const ISSUER: &str = "城镜";

/// Makes a secret for one's phone. It counts once a code has shown that the phone has it; beginning anew makes another.
pub async fn begin(app: &App, caller: &Caller, typed: &str) -> Result<Beginning, Refusal> {
    caller.may(Action::SecureOwnAccount, Resource::System)?;
    password::must_be_own(app, caller, "password", typed).await?;
    let key = app.store.key_or(app.ids.secret()).await?;
    let factor = SecondFactor {
        user: caller.actor.user,
        nonce: app.ids.secret(),
        recovery: Vec::new(),
        made_at: caller.now,
        confirmed_at: None,
        last_step: 0,
    };
    let secret = factor.secret(&key);
    let uri = secret.to_uri(ISSUER, &caller.actor.name);
    let picture =
        chengjing_press::qr_svg(&uri).map_err(|_| Refusal::Internal("a name too long for a code to scan"))?;
    let subject = Subject::installed(SubjectKind::SecondFactor, factor.user.0);
    let act = caller.act_named("second_factor.begin", subject, json!({}));
    let begun = app.store.write(move |tx| {
        let (factor, act) = (factor.clone(), act.clone());
        async move {
            let there = store::lookup_second_factor(&tx, factor.user).await?;
            if there.is_some_and(|there| there.confirmed_at.is_some()) {
                return Err(Refusal::conflict(
                    "两步验证已经开启，要换手机请先关闭",
                    "The second factor is on; turn it off first to change the phone",
                ));
            }
            store::save_second_factor(&tx, &factor).await?;
            ledger::record(&tx, act).await?;
            Ok(())
        }
    });
    begun.await?;
    Ok(Beginning { uri, secret: secret.to_base32(), picture })
}
