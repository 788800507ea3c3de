//! What the browser brings back from a provider, read strictly and in order.
//!
//! The order of checks decides more than any table: whatever belongs to no attempt
//! of this browser is `browser_environment`, whatever else the query says, so
//! that no stranger can choose the message (security.md LG-06).

use super::failure::Cause;

/// The parameters of an authorization response (RFC 6749 §4.1.2, RFC 9207 §2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Callback {
    /// The code.
    pub code: Option<String>,
    /// The state.
    pub state: Option<String>,
    /// The error code.
    pub error: Option<String>,
    /// A provider's own error code without `error`.
    pub error_code: Option<String>,
    /// The issuer.
    pub iss: Option<String>,
    /// Whether the answer has a token that was not asked for.
    pub has_token: bool,
}

impl Callback {
    /// Reads a query string or a form body: steps 3 and 5 of the order.
    ///
    /// # Errors
    ///
    /// [`Cause::ParameterRepeated`], [`Cause::ParameterTooLong`],
    /// [`Cause::QueryMalformed`] or [`Cause::QueryMissing`].
    pub fn read(_raw: &[u8]) -> Result<Self, Cause> {
        todo!("part social")
    }
}
