//! Which failures are wanted, as it stands in an address.

use chrono::{DateTime, NaiveDateTime, Utc};

use super::Section;
use crate::domain::ids::RowId;
use crate::store::failures::FailureFilter;
use crate::web::error::PageError;
use crate::web::render::with_parameter;
use crate::web::visit::Visit;

/// How a browser writes the value of a `datetime-local` field (HTML §2.3.5.5), without seconds.
const MOMENT: &str = "%Y-%m-%dT%H:%M";

/// The filter as typed; empty fields do not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// From when, in UTC.
    pub from: String,
    /// Until when, in UTC.
    pub until: String,
    /// The provider's name.
    pub provider: String,
    /// The category's word.
    pub category: String,
    /// The cause's word.
    pub cause: String,
    /// The stage's word.
    pub stage: String,
    /// What failures of one kind have in common.
    pub fingerprint: String,
}

impl Filter {
    /// Reads the query of a request.
    pub fn of(visit: &Visit) -> Self {
        let field = |name| visit.query(name).unwrap_or_default();
        Self {
            from: field("from"),
            until: field("until"),
            provider: field("provider"),
            category: field("category"),
            cause: field("cause"),
            stage: field("stage"),
            fingerprint: field("fingerprint"),
        }
    }

    /// Tells whether anything is asked for.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Returns the address of the list, or of the file, with this filter.
    pub fn path(&self, path: &str) -> String {
        let fields = [
            ("from", &self.from),
            ("until", &self.until),
            ("provider", &self.provider),
            ("category", &self.category),
            ("cause", &self.cause),
            ("stage", &self.stage),
            ("fingerprint", &self.fingerprint),
        ];
        let given = fields.into_iter().filter(|(_, value)| !value.is_empty());
        given.fold(path.to_owned(), |path, (name, value)| with_parameter(&path, name, value))
    }

    /// Returns the address of the list with this filter.
    pub fn list_path(&self) -> String {
        self.path(Section::Failures.path())
    }

    /// Returns the address of the file with this filter.
    pub fn export_path(&self) -> String {
        self.path("/ops/failures.csv")
    }

    /// Makes the question to the store, for what was recorded before a row.
    ///
    /// # Errors
    ///
    /// [`PageError::BadRequest`] if a time cannot be read.
    pub fn question(&self, before: Option<RowId>) -> Result<FailureFilter, PageError> {
        let given = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        Ok(FailureFilter {
            since: read_moment(&self.from)?,
            until: read_moment(&self.until)?,
            provider: given(&self.provider),
            category: given(&self.category),
            cause: given(&self.cause),
            stage: given(&self.stage),
            reference: None,
            fingerprint: given(&self.fingerprint),
            before,
        })
    }
}

/// Writes a time for a `datetime-local` field.
pub fn moment(at: DateTime<Utc>) -> String {
    at.format(MOMENT).to_string()
}

fn read_moment(text: &str) -> Result<Option<DateTime<Utc>>, PageError> {
    if text.is_empty() {
        return Ok(None);
    }
    let read = NaiveDateTime::parse_from_str(text, MOMENT).or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S"));
    read.map(|at| Some(at.and_utc())).map_err(|_| PageError::BadRequest("the time cannot be read"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_browsers_write_them_and_nothing_else_is() {
        let at = read_moment("2026-11-21T05:59").expect("a time").expect("one");

        assert_eq!(moment(at), "2026-11-21T05:59");
        assert_eq!(read_moment("2026-11-21T05:59:30").expect("a time").expect("one").timestamp() - at.timestamp(), 30);
        assert_eq!(read_moment("").expect("none"), None);
        for wrong in ["yesterday", "2026-11-21", "2026-13-21T05:59", "' OR 1=1"] {
            assert!(matches!(read_moment(wrong), Err(PageError::BadRequest(_))), "{wrong}");
        }
    }

    #[test]
    fn a_filter_survives_its_own_address() {
        let filter = Filter { provider: "a&b".to_owned(), cause: "token_timeout".to_owned(), ..Filter::default() };

        assert_eq!(filter.list_path(), "/ops/failures?provider=a%26b&cause=token_timeout");
        assert_eq!(Filter::default().export_path(), "/ops/failures.csv");
    }
}
