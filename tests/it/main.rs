//! Behaviour as it is seen from outside: one binary, one file per behaviour.

mod commands;
mod corpus;
mod docs;
mod failure_matrix;
mod forms;
#[cfg(feature = "fuzzing")]
mod fuzz_corpora;
mod headers;
mod health;
mod json_api;
mod kept_tokens;
mod lab;
mod layering;
mod limits;
mod linking;
mod mail;
mod no_leaks;
mod ops_pages;
mod outage;
mod password_way;
mod presets;
mod presets_own;
mod provider_check;
mod provider_way;
mod quirks;
mod record;
mod restrictions;
mod rules;
mod session;
mod social_way;
mod stopping;
mod store_contract;
mod support;
