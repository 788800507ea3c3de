//! Looking at an installation step by step: what `genkan check` and the operators' pages show.

pub mod provider;
pub mod report;

pub use report::{Report, Status, Step};
