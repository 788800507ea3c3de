//! The integration tests: one binary, one module per behaviour.

mod store_contract;
mod support;
