//! Bodies of requests: bounded in size, time and number of fields (security.md HT-01, HT-02).

use actix_web::FromRequest;
use actix_web::HttpRequest;
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::{self, Bytes, BytesMut};
use futures_util::StreamExt as _;
use futures_util::future::LocalBoxFuture;
use secrecy::SecretString;
use tokio::time::timeout;

use super::error::PageError;
use super::state::AppState;

/// The largest form or JSON, in bytes.
const MAX_BODY_BYTES: usize = 16 * 1_024;
/// The largest answer of a provider, in bytes: more than is read of it, so that the failure
/// is told and logged as one ([`crate::signin::callback`]).
const MAX_ANSWER_BYTES: usize = 32 * 1_024;
/// How many fields a form may have.
const MAX_FIELDS: usize = 32;

/// A whole body, as it came: a provider's answer.
pub struct Body(pub Bytes);

impl FromRequest for Body {
    type Error = PageError;
    type Future = LocalBoxFuture<'static, Result<Self, PageError>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, payload) = (req.clone(), payload.take());
        Box::pin(async move { read_within(MAX_ANSWER_BYTES, &req, payload).await.map(Self) })
    }
}

/// The fields of a form, each of them once.
pub struct Form(Vec<(String, String)>);

impl Form {
    /// Takes a field out; nothing if the form does not have it.
    pub fn take(&mut self, name: &str) -> Option<String> {
        let index = self.0.iter().position(|(key, _)| key == name)?;
        Some(self.0.swap_remove(index).1)
    }

    /// Takes a field out; empty if the form does not have it.
    pub fn text(&mut self, name: &str) -> String {
        self.take(name).unwrap_or_default()
    }

    /// Takes a password out, exactly as typed (security.md PW-02).
    pub fn secret(&mut self, name: &str) -> SecretString {
        self.text(name).into()
    }

    /// Reads a form body: `application/x-www-form-urlencoded`, every name once (security.md RS-03).
    ///
    /// # Errors
    ///
    /// [`PageError::BadRequest`] names the broken rule.
    pub fn parse(body: &[u8]) -> Result<Self, PageError> {
        let mut fields: Vec<(String, String)> = Vec::new();
        for pair in body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.iter().position(|byte| *byte == b'=').map_or((pair, &[][..]), |at| (&pair[..at], &pair[at + 1..]));
            let name = decode(name)?;
            if fields.len() == MAX_FIELDS {
                return Err(PageError::BadRequest("the form has too many fields"));
            }
            if fields.iter().any(|(known, _)| *known == name) {
                return Err(PageError::BadRequest("a field of the form came twice"));
            }
            fields.push((name, decode(value)?));
        }
        Ok(Self(fields))
    }

    /// Returns every field, in order.
    pub fn into_fields(self) -> Vec<(String, String)> {
        self.0
    }
}

impl FromRequest for Form {
    type Error = PageError;
    type Future = LocalBoxFuture<'static, Result<Self, PageError>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, payload) = (req.clone(), payload.take());
        Box::pin(async move {
            check_type(&req, "application/x-www-form-urlencoded")?;
            Self::parse(&read(&req, payload).await?)
        })
    }
}

/// Refuses a body of another type; its parameters, such as a charset, do not matter.
///
/// # Errors
///
/// [`PageError::UnsupportedMediaType`].
pub fn check_type(req: &HttpRequest, wanted: &str) -> Result<(), PageError> {
    let given = req.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = given.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case(wanted) { Ok(()) } else { Err(PageError::UnsupportedMediaType) }
}

/// Reads a body that must arrive in time and stay within the bound.
///
/// # Errors
///
/// [`PageError::BodyTooLarge`], [`PageError::BodyTooSlow`], [`PageError::BadRequest`].
pub async fn read(req: &HttpRequest, payload: Payload) -> Result<Bytes, PageError> {
    read_within(MAX_BODY_BYTES, req, payload).await
}

async fn read_within(bound: usize, req: &HttpRequest, payload: Payload) -> Result<Bytes, PageError> {
    let announced = req.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > bound) {
        return Err(PageError::BodyTooLarge);
    }
    let Some(state) = req.app_data::<web::Data<AppState>>() else {
        return Err(PageError::Internal("the state is missing"));
    };
    timeout(state.body_timeout(), collect(bound, payload)).await.map_err(|_| PageError::BodyTooSlow)?
}

async fn collect(bound: usize, mut payload: Payload) -> Result<Bytes, PageError> {
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| PageError::BadRequest("the body ended before it was complete"))?;
        if body.len() + chunk.len() > bound {
            return Err(PageError::BodyTooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// Decodes one name or value; unlike the URL standard, what is not UTF-8 is refused
/// and not replaced, for a password would be changed by it.
fn decode(text: &[u8]) -> Result<String, PageError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        match (first, tail.split_at_checked(2).and_then(|(digits, after)| Some((hex(digits)?, after)))) {
            (b'%', Some((byte, after))) => {
                bytes.push(byte);
                rest = after;
            }
            (b'+', _) => bytes.push(b' '),
            (byte, _) => bytes.push(*byte),
        }
    }
    String::from_utf8(bytes).map_err(|_| PageError::BadRequest("the form is not readable text"))
}

fn hex(digits: &[u8]) -> Option<u8> {
    let text = std::str::from_utf8(digits).ok().filter(|text| !text.starts_with('+'))?;
    u8::from_str_radix(text, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pw_02_values_arrive_exactly_as_typed() {
        let mut form = Form::parse("password=%20p%2B%25+%E7%8E%84%E9%96%A2%0A%zz%&x".as_bytes()).expect("a form");

        assert_eq!(form.text("password"), " p+% 玄関\n%zz%");
        assert_eq!(form.text("x"), "");
        assert_eq!(form.take("y"), None);
    }

    #[test]
    fn rs_03_repeated_fields_and_unreadable_text_are_refused() {
        for body in ["a=1&a=2", "a=1&%61=2", "a=%ff", "a=%00%c3("] {
            assert!(matches!(Form::parse(body.as_bytes()), Err(PageError::BadRequest(_))), "{body}");
        }
        let many = (0..=MAX_FIELDS).map(|n| format!("f{n}=x")).collect::<Vec<_>>().join("&");
        assert!(matches!(Form::parse(many.as_bytes()), Err(PageError::BadRequest(_))));
    }
}
