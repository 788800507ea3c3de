//! `/ops/failures.csv`: the same failures as a file (security.md WB-10).
//!
//! Read and sent in pieces, so that it costs no memory; at most [`MAX_ROWS`] rows.

use actix_web::HttpResponse;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Bytes;
use futures_util::stream;

use super::desk;
use super::filter::Filter;
use crate::domain::audit::Act;
use crate::store::failures::{Failure, FailureFilter};
use crate::store::{Store, StoreError};
use crate::web::error::PageError;
use crate::web::operator::Operator;
use crate::web::visit::Visit;

/// How many rows a file has at most.
const MAX_ROWS: usize = 100_000;
/// How many rows are read at once.
const PIECE: usize = 500;
/// The columns, in their order.
const COLUMNS: [&str; 14] = [
    "reference",
    "failed_at",
    "provider",
    "category",
    "cause",
    "stage",
    "purpose",
    "provider_error",
    "http_status",
    "clock_difference_secs",
    "duration_ms",
    "attempt",
    "request",
    "detail",
];

/// Sends the file. It is kept in the audit who took it.
///
/// # Errors
///
/// [`PageError::SignedOut`], [`PageError::NotFound`] for whoever is no operator,
/// [`PageError::BadRequest`] for a time that cannot be read, [`PageError::Store`].
pub async fn get(visit: Visit, operator: Operator) -> Result<HttpResponse, PageError> {
    let question = Filter::of(&visit).question(None)?;
    desk(&visit, &operator).keep(Act::FailuresExported, None).await?;
    let store = visit.signin().store.clone();
    let name = HeaderValue::from_static("attachment; filename=\"failures.csv\"");
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")))
        .insert_header((header::CONTENT_DISPOSITION, name))
        .streaming(stream::try_unfold(Position::at_start(store, question), next_piece)))
}

/// How far a file has come.
struct Position {
    store: Store,
    question: FailureFilter,
    rows: usize,
    is_over: bool,
}

impl Position {
    fn at_start(store: Store, question: FailureFilter) -> Self {
        Self { store, question, rows: 0, is_over: false }
    }
}

/// Reads the next piece; the first has the names of the columns above it.
async fn next_piece(mut at: Position) -> Result<Option<(Bytes, Position)>, StoreError> {
    if at.is_over {
        return Ok(None);
    }
    let mut text = if at.rows == 0 { line(COLUMNS.map(str::to_owned)) } else { String::new() };
    let wanted = PIECE.min(MAX_ROWS - at.rows);
    let failures = at.store.list_failures(at.question.clone(), i64::try_from(wanted).unwrap_or(i64::MAX)).await?;
    at.rows += failures.len();
    at.is_over = failures.len() < wanted || at.rows >= MAX_ROWS;
    at.question.before = failures.last().map(|last| last.id);
    for failure in failures {
        text.push_str(&line(cells(failure)));
    }
    Ok(Some((text.into(), at)))
}

fn cells(failure: Failure) -> [String; COLUMNS.len()] {
    let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
    let text = |text: Option<String>| neutralise(&text.unwrap_or_default());
    [
        neutralise(&failure.reference),
        failure.failed_at.to_rfc3339(),
        text(failure.provider),
        neutralise(&failure.category),
        neutralise(&failure.cause),
        neutralise(&failure.stage),
        neutralise(&failure.purpose),
        text(failure.provider_error),
        number(failure.http_status.map(i64::from)),
        number(failure.story.clock_difference_secs),
        failure.story.duration_ms.to_string(),
        failure.attempt.map(|id| id.to_string()).unwrap_or_default(),
        neutralise(&failure.story.request_id),
        text(failure.story.detail),
    ]
}

/// Takes from a text what spreadsheets would run as a formula: an apostrophe before it says "text".
///
/// Numbers of ours are left alone; a minus sign before digits is no formula.
fn neutralise(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠', '|', '%']);
    if is_formula { format!("'{text}") } else { text.to_owned() }
}

/// Writes one record (RFC 4180 §2).
fn line<const N: usize>(cells: [String; N]) -> String {
    let quoted = cells.map(|cell| {
        let is_plain = !cell.contains(['"', ',', '\r', '\n', ';', '\t']);
        if is_plain { cell } else { format!("\"{}\"", cell.replace('"', "\"\"")) }
    });
    quoted.join(",") + "\r\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wb_10_no_cell_begins_like_a_formula() {
        for text in ["=HYPERLINK(\"http://evil.example\")", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "＝1"] {
            assert_eq!(neutralise(text), format!("'{text}"), "{text:?}");
        }
        for text in ["", "access_denied", "a=b", "token_timeout"] {
            assert_eq!(neutralise(text), text);
        }
    }

    #[test]
    fn what_would_end_a_cell_is_quoted() {
        assert_eq!(line(["a".to_owned(), "b,\"c\"\n".to_owned()]), "a,\"b,\"\"c\"\"\n\"\r\n");
    }
}
