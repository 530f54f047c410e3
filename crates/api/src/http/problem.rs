//! Errors as RFC 9457 problem details, in Chinese and English, with all faults at once.

use axum::{
    Json,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use chengjing_service::{Fault, Refusal, Words, people::oidc::OidcFault};
use serde::Serialize;
use utoipa::ToSchema;

use crate::attachments::OFFSET;

/// What went wrong, and what to do about it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// Stable name of the kind of problem; programs decide by it.
    #[serde(rename = "type")]
    #[schema(example = "urn:chengjing:problem:invalid", value_type = String)]
    pub(crate) kind: Box<str>,
    pub(crate) status: u16,
    /// In Chinese.
    #[schema(example = "内容有误", value_type = String)]
    pub(crate) title: Box<str>,
    #[schema(example = "Something in it is wrong", value_type = String)]
    pub(crate) title_en: Box<str>,
    /// Every fault of what was sent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub(crate) faults: Vec<FaultBody>,
    /// How long to wait before trying again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) retry_after: Option<i64>,
    /// Where an upload really is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) offset: Option<u64>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct FaultBody {
    /// Where it is in what was sent.
    #[schema(example = "units[0].name")]
    pub(crate) path: String,
    pub(crate) zh: String,
    pub(crate) en: String,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, kind: &str, zh: &str, en: &str) -> Self {
        Self {
            kind: format!("urn:chengjing:problem:{kind}").into(),
            status: status.as_u16(),
            title: zh.into(),
            title_en: en.into(),
            faults: Vec::new(),
            retry_after: None,
            offset: None,
        }
    }

    pub(crate) fn invalid(path: &str, zh: &str, en: &str) -> Self {
        Refusal::invalid(path, zh, en).into()
    }

    pub(crate) fn log_in_first() -> Self {
        Refusal::LogInFirst.into()
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        use StatusCode as S;
        let new = Self::new;
        match refusal {
            Refusal::LogInFirst => new(S::UNAUTHORIZED, "log-in-first", "请先登录", "Log in first"),
            Refusal::WrongLogin => {
                new(S::UNAUTHORIZED, "wrong-login", "用户名或密码不正确", "The name or the password is wrong")
            }
            Refusal::CodeNeeded => {
                new(S::UNAUTHORIZED, "code-needed", "请输入验证码", "Enter the code of your second factor")
            }
            Refusal::WrongCode => new(
                S::UNAUTHORIZED,
                "wrong-code",
                "验证码不正确或已经用过",
                "The code is wrong or was used already",
            ),
            Refusal::Oidc(fault) => oidc(fault),
            Refusal::Locked { seconds } => {
                let zh = "登录失败次数过多，请稍后再试";
                let mut problem =
                    new(S::TOO_MANY_REQUESTS, "locked", zh, "Too many failed logins; try again later");
                problem.retry_after = Some(seconds);
                problem
            }
            Refusal::Forbidden => {
                new(S::FORBIDDEN, "forbidden", "您没有这项权限", "You are not allowed to do this")
            }
            Refusal::PasswordChangeNeeded => new(
                S::FORBIDDEN,
                "password-change-needed",
                "这是别人给您设的密码，请先换成自己的",
                "Somebody else set this password; choose one of your own first",
            ),
            Refusal::NotFound => new(S::NOT_FOUND, "not-found", "没有这项内容", "There is no such thing"),
            Refusal::Invalid(faults) => {
                let mut problem =
                    new(S::UNPROCESSABLE_ENTITY, "invalid", "填写的内容有误", "Something in it is wrong");
                problem.faults = faults.into_iter().map(FaultBody::from).collect();
                problem
            }
            Refusal::Conflict(Words { zh, en }) => new(S::CONFLICT, "conflict", &zh, &en),
            Refusal::Stale => new(
                S::PRECONDITION_FAILED,
                "stale",
                "已被他人修改，请刷新后再改",
                "Somebody else has changed it; load it again",
            ),
            Refusal::TooLarge { limit } => {
                let most = match limit >> 20 {
                    0 => format!("{} kB", limit >> 10),
                    whole => format!("{whole} MB"),
                };
                let (zh, en) =
                    (format!("文件太大，最多{most}"), format!("The file is too large; at most {most}"));
                new(S::PAYLOAD_TOO_LARGE, "too-large", &zh, &en)
            }
            Refusal::Unreadable(Words { zh, en }) => new(S::UNPROCESSABLE_ENTITY, "unreadable", &zh, &en),
            Refusal::Elsewhere { offset } => {
                let (zh, en) = (
                    format!("已收到{offset}个字节，请从那里接着传"),
                    format!("{offset} bytes are there; go on from them"),
                );
                let mut problem = new(S::CONFLICT, "offset", &zh, &en);
                problem.offset = Some(offset);
                problem
            }
            Refusal::Busy => {
                let mut problem = new(
                    S::SERVICE_UNAVAILABLE,
                    "busy",
                    "系统繁忙，请稍后再试",
                    "Busy; try again in a moment",
                );
                problem.retry_after = Some(1);
                problem
            }
            Refusal::DiskFull => new(
                S::INSUFFICIENT_STORAGE,
                "disk-full",
                "服务器磁盘已满，内容没有保存，请联系管理员",
                "The server's disk is full and nothing was saved; tell the administrator",
            ),
            error @ (Refusal::Store(_) | Refusal::Internal(_)) => {
                log(&error);
                internal()
            }
        }
    }
}

/// Why somebody does not come in who was sent to the provider.
fn oidc(fault: OidcFault) -> Problem {
    use StatusCode as S;
    let new = Problem::new;
    match fault {
        OidcFault::Unreachable => {
            let (zh, en) = (
                "统一认证服务器没有回应，请稍后再试，或用用户名和密码登录",
                "The unified login does not answer; try again later, or sign in with your name and password",
            );
            let mut problem = new(S::CONFLICT, "oidc-unreachable", zh, en);
            problem.retry_after = Some(10);
            problem
        }
        OidcFault::Declined => new(
            S::FORBIDDEN,
            "oidc-declined",
            "统一认证没有通过，请重新登录",
            "The unified login did not let you through; start again",
        ),
        OidcFault::Spent => new(
            S::CONFLICT,
            "oidc-spent",
            "这次登录已经用过、超过10分钟，或者不是在这个浏览器里开始的，请重新登录",
            "This sign-in was used already, is older than 10 minutes, or began in another browser; start again",
        ),
        OidcFault::Untrusted => new(
            S::FORBIDDEN,
            "oidc-untrusted",
            "统一认证服务器发来的凭证不能采信，请联系管理员",
            "What the unified login sent can't be trusted; tell the administrator",
        ),
        OidcFault::Clock => new(
            S::FORBIDDEN,
            "oidc-clock",
            "统一认证服务器的时钟与本系统相差太大，请联系管理员校准",
            "The unified login's clock and ours differ too much; tell the administrator",
        ),
        OidcFault::Unlinked { name } => {
            let who = name.map(|name| format!("“{name}”")).unwrap_or_default();
            let zh = format!(
                "统一认证账号{who}还没有关联本系统的用户：请先用用户名和密码登录，在“我的账号”里关联，或者请管理员登记"
            );
            let en = format!(
                "The account {who} is linked to no user yet: sign in with name and password and link it under “My \
                 account”, or ask the administrator to enter it"
            );
            new(S::FORBIDDEN, "oidc-unlinked", &zh, &en)
        }
        OidcFault::Disabled => new(
            S::FORBIDDEN,
            "oidc-disabled",
            "您的用户已停用，请联系管理员",
            "Your user is disabled; ask the administrator",
        ),
    }
}

/// The one place where an error's whole chain is written down.
fn log(error: &dyn std::error::Error) {
    let mut chain = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        chain.push_str(": ");
        chain.push_str(&cause.to_string());
        source = cause.source();
    }
    tracing::error!(error = chain, "a request failed");
}

fn internal() -> Problem {
    let zh = "系统出错了，内容没有保存，请稍后再试";
    Problem::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "internal",
        zh,
        "Something failed here; nothing was saved",
    )
}

/// A bug in one request ends that request only.
#[allow(clippy::needless_pass_by_value, reason = "the signature is the layer's")]
pub(crate) fn panicked(panic: Box<dyn std::any::Any + Send>) -> Response {
    let words = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("unknown");
    tracing::error!(panic = words, "a request panicked");
    internal().into_response()
}

impl From<Fault> for FaultBody {
    fn from(fault: Fault) -> Self {
        Self { path: fault.path, zh: fault.words.zh, en: fault.words.en }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let (retry_after, offset) = (self.retry_after, self.offset);
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) =
            retry_after.and_then(|seconds| HeaderValue::from_str(&seconds.to_string()).ok())
        {
            headers.insert(header::RETRY_AFTER, seconds);
        }
        if let Some(offset) = offset {
            headers.insert(HeaderName::from_static(OFFSET), HeaderValue::from(offset));
        }
        response
    }
}

/// The refusals that any operation can answer with.
#[derive(Debug, utoipa::IntoResponses)]
#[allow(dead_code, reason = "describes answers; nothing constructs it")]
pub(crate) enum Refused {
    /// Nobody is logged in, or the session has ended.
    #[response(status = 401, content_type = "application/problem+json")]
    LogInFirst(Problem),
    /// Not allowed.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(Problem),
    /// It is not there, or not for the caller to know.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
    /// Something in what was sent is wrong; `faults` names all of it.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(Problem),
    /// Too many at once; try again after `Retry-After`.
    #[response(status = 503, content_type = "application/problem+json")]
    Busy(Problem),
}

/// The refusals of an operation that changes something, beside [`Refused`].
#[derive(Debug, utoipa::IntoResponses)]
#[allow(dead_code, reason = "describes answers; nothing constructs it")]
pub(crate) enum RefusedChange {
    /// The state of things does not allow it.
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(Problem),
    /// Changed by somebody else since it was read.
    #[response(status = 412, content_type = "application/problem+json")]
    Stale(Problem),
    /// The body is too large.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(Problem),
    /// The body is not of the type that is expected.
    #[response(status = 415, content_type = "application/problem+json")]
    WrongType(Problem),
    /// `If-Match` is missing.
    #[response(status = 428, content_type = "application/problem+json")]
    IfMatchMissing(Problem),
    /// The disk is full; nothing was saved.
    #[response(status = 507, content_type = "application/problem+json")]
    DiskFull(Problem),
}

/// The refusal of what is worked out by a standard, beside [`Refused`].
#[derive(Debug, utoipa::IntoResponses)]
#[allow(dead_code, reason = "describes answers; nothing constructs it")]
pub(crate) enum RefusedUnassessed {
    /// The campaign is assessed by no standard, or not by that one.
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(Problem),
}
