//! Behaviour as it is seen from outside: one binary, one file per behaviour.

mod lab;
mod layering;
