//! Letters: what is written to people and operators, and how it leaves.
//!
//! ```text
//! a flow ─▶ letter (texts of the person's language) ─▶ sealed, into the outbox, in the transaction of its cause
//! any replica: claim ─▶ open ─▶ SMTP ─▶ forget;  refused or silent ─▶ later, again ─▶ at last: dead, and told
//! ```
//!
//! | module | owns |
//! |---|---|
//! | [`letter`] | one plain-text letter to one address |
//! | [`notice`] | what a person is told about their account |
//! | [`request`] | what a visitor asks for: proving an address, a new password |
//! | [`post`] | sealing, opening, and the way to the mail server |
//! | [`delivery`] | when what is tried, and what becomes of it |
//!
//! A flow never waits for a mail server, and a mail server never fails a flow
//! (security.md DP-03). Where no mail is configured nothing is written.

pub mod delivery;
pub mod letter;
pub mod notice;
pub mod post;
pub mod request;

pub use letter::Letter;
pub use notice::Notice;
pub use post::Post;
