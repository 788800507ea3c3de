//! Behaviour as it is seen from outside: one binary, one file per behaviour.

mod commands;
mod lab;
mod layering;
mod store_contract;
mod support;
