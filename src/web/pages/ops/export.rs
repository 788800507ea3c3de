//! `/ops/failures.csv`: the same failures as a file (security.md WB-10).
//!
//! Read and sent in pieces, so that it costs no memory; at most 100,000 rows.

use actix_web::HttpResponse;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Bytes;
use futures_util::stream;

use super::desk;
use super::filter::Filter;
use crate::domain::audit::Act;
use crate::ops::export;
use crate::store::failures::FailureFilter;
use crate::store::{Store, StoreError};
use crate::web::error::PageError;
use crate::web::operator::Operator;
use crate::web::visit::Visit;

/// How many rows a file has at most.
const MAX_ROWS: usize = 100_000;
/// How many rows are read at once.
const PIECE: usize = 500;
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
    let mut text = if at.rows == 0 { export::csv_head() } else { String::new() };
    let wanted = PIECE.min(MAX_ROWS - at.rows);
    let failures = at.store.list_failures(at.question.clone(), i64::try_from(wanted).unwrap_or(i64::MAX)).await?;
    at.rows += failures.len();
    at.is_over = failures.len() < wanted || at.rows >= MAX_ROWS;
    at.question.before = failures.last().map(|last| last.id);
    for failure in &failures {
        text.push_str(&export::csv_line(failure));
    }
    Ok(Some((text.into(), at)))
}
