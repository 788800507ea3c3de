//! A scripted answer of an endpoint: well-formed, late, in drops, or raw bytes.

use std::borrow::Cow;
use std::convert::Infallible;
use std::future::pending;
use std::io::Write as _;
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use actix_web::http::{StatusCode, header};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};

/// Time between two drops of [`Answer::Drip`]; shorter than any client's patience with silence.
const DRIP_INTERVAL: Duration = Duration::from_millis(100);

/// What an endpoint answers in place of the truth.
#[derive(Clone, Debug)]
pub enum Answer {
    /// A complete HTTP answer.
    Http {
        /// The status code.
        status: u16,
        /// The `Content-Type`.
        content_type: Cow<'static, str>,
        /// Further header fields.
        headers: &'static [(&'static str, &'static str)],
        /// The body.
        body: Cow<'static, str>,
    },
    /// Status 200 with a JSON body in a content coding (RFC 9110 §8.4).
    Coded {
        /// The name of the coding.
        coding: &'static str,
        /// The coded body.
        body: Cow<'static, [u8]>,
    },
    /// A JSON body that is filled up to a length.
    Long {
        /// The status code.
        status: u16,
        /// How it begins.
        prefix: &'static str,
        /// What follows again and again.
        fill: &'static str,
        /// How many bytes it has.
        bytes: usize,
    },
    /// Exactly these bytes, which need not be HTTP, and then the end of the connection.
    Raw(Cow<'static, [u8]>),
    /// These bytes, and then nothing for as long as the lab stalls.
    Hang(Cow<'static, [u8]>),
    /// Nothing for as long as the lab stalls, then a 504.
    Stall,
    /// A body without end, as fast as it is taken.
    Flood,
    /// Status and header at once, then a byte now and then for as long as the lab stalls.
    Drip,
}

impl Answer {
    /// The connection ends without a byte.
    pub const DOWN: Self = Self::Raw(Cow::Borrowed(b""));

    /// Returns an answer with a JSON body.
    pub const fn json(status: u16, body: &'static str) -> Self {
        Self::Http { status, content_type: Cow::Borrowed("application/json"), headers: &[], body: Cow::Borrowed(body) }
    }

    /// Lets a body that speaks of `https://idp.example` speak of this issuer.
    pub(super) fn at(mut self, issuer: &str) -> Self {
        if let Self::Http { body, .. } = &mut self
            && body.contains("https://idp.example")
        {
            *body = Cow::Owned(body.replace("https://idp.example", issuer));
        }
        self
    }

    /// Returns an answer with a page as its body.
    pub const fn html(status: u16, body: &'static str) -> Self {
        Self::Http { status, content_type: Cow::Borrowed("text/html; charset=utf-8"), headers: &[], body: Cow::Borrowed(body) }
    }
}

/// A way in which the whole provider is out of order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outage {
    /// Connections end without an answer.
    Down,
    /// Answers come later than anybody waits.
    Slow,
    /// A page stands where a JSON text should.
    Html,
    /// Status 500.
    ServerError,
}

impl From<Outage> for Answer {
    fn from(outage: Outage) -> Self {
        match outage {
            Outage::Down => Self::DOWN,
            Outage::Slow => Self::Stall,
            Outage::Html => Self::html(200, "<!DOCTYPE html><title>Maintenance</title><p>We will be back soon.</p>"),
            Outage::ServerError => Self::json(500, r#"{"error":"internal"}"#),
        }
    }
}

/// A second handle on a connection's socket, with which it can be written to and closed beneath HTTP.
pub(super) struct Socket(pub TcpStream);

/// Delivers a scripted answer; `stall` is how long the slow ones take.
pub(super) async fn deliver(answer: Answer, request: &HttpRequest, stall: Duration) -> HttpResponse {
    match answer {
        Answer::Http { status, content_type, headers, body } => {
            let mut response = HttpResponse::build(status_of(status));
            response.content_type(content_type.as_ref());
            for pair in headers {
                response.append_header(*pair);
            }
            response.body(body.into_owned())
        }
        Answer::Coded { coding, body } => {
            let mut response = HttpResponse::Ok();
            response.content_type("application/json").insert_header((header::CONTENT_ENCODING, coding)).body(body.into_owned())
        }
        Answer::Long { status, prefix, fill, bytes } => {
            let body = format!("{prefix}{}", fill.repeat(bytes.saturating_sub(prefix.len()) / fill.len().max(1)));
            HttpResponse::build(status_of(status)).content_type("application/json").body(body)
        }
        Answer::Raw(bytes) => send_raw(&bytes, Duration::ZERO, request).await,
        Answer::Hang(bytes) => send_raw(&bytes, stall, request).await,
        Answer::Stall => {
            tokio::time::sleep(stall).await;
            HttpResponse::GatewayTimeout().finish()
        }
        Answer::Flood => flood(),
        Answer::Drip => drip(stall),
    }
}

fn status_of(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// Writes past the HTTP server and closes after a while; its task ends by itself when it finds the connection gone.
async fn send_raw(bytes: &[u8], delay: Duration, request: &HttpRequest) -> HttpResponse {
    let Some(Socket(mut stream)) = request.conn_data::<Socket>().and_then(|socket| socket.0.try_clone().ok().map(Socket)) else {
        return HttpResponse::BadGateway().finish();
    };
    let written = stream.write_all(bytes);
    tokio::time::sleep(delay).await;
    if let Err(error) = written.and_then(|()| stream.shutdown(Shutdown::Both)) {
        log::debug!(target: "genkan::lab", error:display; "the raw answer did not get through");
    }
    pending().await
}

/// Answers 200 and then blanks until nobody takes them any more.
fn flood() -> HttpResponse {
    let blanks = Bytes::from(vec![b' '; 1 << 16]);
    HttpResponse::Ok()
        .content_type("application/json")
        .streaming(futures_util::stream::repeat_with(move || Ok::<_, Infallible>(blanks.clone())))
}

/// Answers 200 and then, for as long as `stall`, a space now and then, as if JSON were about to come.
fn drip(stall: Duration) -> HttpResponse {
    let end = Instant::now() + stall;
    let drops = futures_util::stream::unfold((), move |()| async move {
        if Instant::now() >= end {
            return None;
        }
        tokio::time::sleep(DRIP_INTERVAL).await;
        Some((Ok::<_, Infallible>(Bytes::from_static(b" ")), ()))
    });
    HttpResponse::Ok().content_type("application/json").streaming(drops)
}
