//! The authorization endpoint: from a client's request to its answer (RFC 6749 §4.1, OIDC Core §3.1.2).
//!
//! ```text
//! parameters ─▶ destination ─▶ request ─▶ decide ─▶ sign-in ─▶ decide ─▶ consent ─▶ decide ─▶ answer
//! ```
//!
//! A request that has to wait for its person is kept in the store as it came. Every
//! step reads and checks it anew, so that a client that is disabled, an address
//! that is taken away or a scope that is not the client's any more ends it
//! (security.md AS-10). Whatever happens, the client gets an answer if the person
//! wants it to: a code, or an error for giving up.

pub mod answer;
pub mod claims;
pub mod decide;
pub mod destination;
pub mod error;
mod flow;
mod issue;
pub mod prompt;
pub mod pushed;
pub mod request;

pub use answer::Answer;
pub use destination::{Destination, Lost};
pub use error::{AuthorizeError, Refusal};
pub use flow::{Question, Step};
pub use request::{AuthorizeRequest, Refused};
