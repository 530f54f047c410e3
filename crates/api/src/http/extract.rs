//! Extractors that answer bad input with a [`Problem`] in place of axum's plain text.

use axum::{
    Json,
    extract::{FromRequest, FromRequestParts, Path, Query, Request, rejection::JsonRejection},
    http::{StatusCode, request::Parts},
};
use serde::de::DeserializeOwned;

use super::problem::Problem;

/// A JSON body of at most a mebibyte, or as the route's limit says.
#[derive(Debug)]
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(body)) => Ok(Self(body)),
            Err(JsonRejection::MissingJsonContentType(_)) => Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "not-json",
                "请求内容应为 JSON",
                "The body must be application/json",
            )),
            Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(Problem::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too-large",
                "请求内容太大",
                "The body is too large",
            )),
            Err(rejection) => Err(misread(&rejection.body_text())),
        }
    }
}

/// What could not be read, said in both languages at its place. serde tells that in English alone.
fn misread(said: &str) -> Problem {
    // "Failed to …: units[0].name: invalid type: …"; without a place where the whole is at fault.
    let told = said.split_once(": ").map_or(said, |(_, told)| told);
    let place = told.split_once(": ").map(|(place, _)| place).filter(|place| !place.contains(' '));
    let reason = told.rsplit_once(" at line ").map_or(told, |(reason, _)| reason);
    let (place, zh) = match (place, missing_field(reason)) {
        (Some(outer), Some(field)) => (format!("{outer}.{field}"), "缺少这一项"),
        (None, Some(field)) => (field.to_owned(), "缺少这一项"),
        (Some(place), None) if reason.contains("unknown variant") => (place.to_owned(), "不是可以选的值"),
        (Some(place), None) if reason.contains("unknown field") => (place.to_owned(), "没有这一项"),
        (Some(place), None) => (place.to_owned(), "写法不对"),
        (None, None) => (String::new(), "内容的格式不对"),
    };
    Problem::invalid(&place, zh, reason)
}

/// The name in "missing field `name`".
fn missing_field(reason: &str) -> Option<&str> {
    reason.split_once("missing field `")?.1.split('`').next()
}

/// Ids in the path. One that is no id names nothing: 404, as for an id that is not there.
#[derive(Debug)]
pub(crate) struct Ids<T>(pub(crate) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Ids<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::<T>::from_request_parts(parts, state).await {
            Ok(Path(ids)) => Ok(Self(ids)),
            Err(_) => Err(chengjing_service::Refusal::NotFound.into()),
        }
    }
}

/// The query. An unknown or malformed parameter is a fault, not silence.
#[derive(Debug)]
pub(crate) struct Asked<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        // PostgreSQL knows no text with such a character, and nobody types one.
        if parts.uri.query().is_some_and(|query| query.contains("%00")) {
            let (zh, en) = ("含有不能用的字符", "holds a character that can't be used");
            return Err(Problem::invalid("", zh, en));
        }
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(asked)) => Ok(Self(asked)),
            Err(rejection) => Err(misread(&rejection.body_text())),
        }
    }
}
