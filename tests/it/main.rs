//! Behaviour as it is seen from outside: one binary, one file per behaviour.

mod commands;
mod lab;
mod layering;
