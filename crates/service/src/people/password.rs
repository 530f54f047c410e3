use argon2::{
    Argon2,
    password_hash::{
        PasswordHasher, PasswordVerifier,
        phc::{PasswordHash, Salt},
    },
};
use chengjing_domain::people::{LoginRules, PasswordFault, check_password};

use super::attempts;
use crate::{App, Caller, Refusal, refusal::Faults};

/// Longer ones are refused before they are hashed.
const LONGEST: usize = 200;

/// The argon2id hash of a new password, in PHC form; all that is wrong with the password at once.
pub(super) fn check(rules: &LoginRules, path: &str, name: &str, password: &str, faults: &mut Faults) {
    if password.chars().count() > LONGEST {
        faults.add(
            path,
            format!("密码最多{LONGEST}个字符"),
            format!("a password has at most {LONGEST} characters"),
        );
        return;
    }
    for fault in check_password(rules, name, password) {
        match fault {
            PasswordFault::TooShort { at_least } => faults.add(
                path,
                format!("密码至少{at_least}个字符"),
                format!("a password has at least {at_least} characters"),
            ),
            PasswordFault::TooUniform => faults.add(
                path,
                "密码应包含大写字母、小写字母、数字、其他字符中的三类",
                "a password has three of: upper case, lower case, digits, other characters",
            ),
            PasswordFault::ContainsName => {
                faults.add(path, "密码不能包含用户名", "a password does not hold the user's name");
            }
            PasswordFault::TooUsual => faults.add(
                path,
                "这类密码最容易被猜到(常见单词、连号、年份的组合)，请换一个",
                "this is among the first that are guessed (usual words, runs and years); take another",
            ),
        }
    }
}

pub(crate) async fn hash(app: &App, password: &str) -> Result<String, Refusal> {
    let password = password.to_owned();
    let salt = app.ids.secret();
    let _turn = app.hashing.acquire().await.map_err(|_| Refusal::Busy)?;
    tokio::task::spawn_blocking(move || {
        let salt = Salt::new(&salt[..16]).map_err(|_| Refusal::Internal("no salt"))?;
        let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
        hash.map(|hash| hash.to_string()).map_err(|_| Refusal::Internal("a password could not be hashed"))
    })
    .await
    .map_err(|_| Refusal::Internal("hashing a password panicked"))?
}

/// Whether the password is the one that was hashed. Without a hash (there is no such user) it takes as long and says
/// no: how long a login takes must not tell which names exist.
pub(super) async fn verify(app: &App, password: &str, hash: Option<String>) -> Result<bool, Refusal> {
    /// Nobody's; argon2id with this program's parameters.
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$3dr3SP9xdlDTh0J8WZOcIeG/9FdTUvyjHfzyGWv53L8";
    if password.chars().count() > LONGEST {
        return Ok(false);
    }
    let password = password.to_owned();
    let _turn = app.hashing.acquire().await.map_err(|_| Refusal::Busy)?;
    tokio::task::spawn_blocking(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
        let parsed =
            PasswordHash::new(&hash).map_err(|_| Refusal::Internal("a stored password hash is damaged"))?;
        Ok(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok() && known)
    })
    .await
    .map_err(|_| Refusal::Internal("checking a password panicked"))?
}

/// Whether what was typed is the caller's own password. Guesses count, and lock: a session left open must not become a
/// place to guess from.
pub(super) async fn is_own(app: &App, caller: &Caller, typed: &str) -> Result<bool, Refusal> {
    let id = caller.actor.user;
    let limits = [(format!("account:{id}"), app.login_rules.failures_of_pair)];
    attempts::must_not_be_locked(app, &limits).await?;
    let user = app.store.read(|q| async move { chengjing_store::people::lookup_user(&q, id).await }).await?;
    let user = user.ok_or(Refusal::LogInFirst)?;
    let right = verify(app, typed, Some(user.password_hash)).await?;
    if !right {
        attempts::count(app, &limits).await?;
    }
    Ok(right)
}

/// As [`is_own`], for what is done only with the password.
pub(super) async fn must_be_own(app: &App, caller: &Caller, path: &str, typed: &str) -> Result<(), Refusal> {
    if is_own(app, caller, typed).await? {
        return Ok(());
    }
    Err(Refusal::invalid(path, "密码不正确", "this is not your password"))
}
