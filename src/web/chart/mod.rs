//! Pictures of numbers, made on the server: SVG without script and without style.
//!
//! Numbers become geometry here ([`path`], [`scale`]); templates write it down, so
//! texts are escaped where they stand. Colours are the style sheet's, by class, light
//! and dark; each series has a pattern of its own as well, so that nobody needs to see
//! colours. Beside every picture stands a table with the same numbers.

pub mod bars;
pub mod path;
pub mod scale;
pub mod sparkline;

pub use bars::{Bars, Series};
pub use sparkline::Sparkline;
