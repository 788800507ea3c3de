//! Behaviour as it is seen from outside: one binary, one file per behaviour.

mod commands;
mod lab;
mod layering;
//! The integration tests: one binary, one module per behaviour.

mod store_contract;
mod support;
