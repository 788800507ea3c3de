//! Behaviour as it is seen from outside: one binary, one file per behaviour.

mod commands;
mod corpus;
mod docs;
mod failure_matrix;
mod forms;
mod headers;
mod health;
mod json_api;
mod lab;
mod layering;
mod limits;
mod linking;
mod no_leaks;
mod password_way;
mod presets;
mod presets_own;
mod provider_check;
mod provider_way;
mod quirks;
mod resource;
mod restrictions;
mod session;
mod social_way;
mod stopping;
mod store_contract;
mod support;
