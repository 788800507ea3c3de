//! genkan (玄関): the sign-in front door for web applications.
//!
//! Password and social sign-in side by side, and no failure without an
//! explanation. A request travels three calls deep and never more: a handler in
//! [`web`] parses it and calls one flow in [`signin`] or [`account`], which
//! calls [`store`] or [`provider`].
//!
//! | module | owns |
//! |---|---|
//! | [`app`] | wiring: builds every part from the configuration and runs the server |
//! | [`clock`], [`random`], [`secret`], `tls`, [`text`] | time, randomness, cryptography, failed handshakes and the words of both languages, as leaves everybody may use |
//! | [`remembered`] | what was checked a moment ago, so that a token costs one lookup |
//! | [`config`] | settings: where they come from, what they may be |
//! | [`domain`] | parsed values and rules, without any I/O |
//! | [`store`] | the only SQL: three databases behind one set of queries |
//! | [`keys`] | the keys that sign tokens: made, published, used, retired |
//! | [`provider`] | talking to upstream identity providers |
//! | [`signin`] | the roads into a session, and every way of leaving them |
//! | [`issuer`] | our own authorization server, for the applications behind us |
//! | [`account`] | what a signed-in person changes about the account |
//! | [`mail`] | letters to people and operators, and how they leave |
//! | [`web`] | the only HTTP server and templates: pages and JSON |
//! | [`ops`] | what operators see and decide: log lines, metrics, the failure record, rules |
//! | [`lab`] | the lab provider of `genkan demo`; knows nothing of the rest |
//! | [`cli`] | one file per command |

pub mod account;
pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod domain;
#[cfg(feature = "fuzzing")]
pub mod fuzz;
pub mod issuer;
pub mod keys;
pub mod lab;
pub mod mail;
pub mod ops;
pub mod provider;
pub mod random;
pub mod remembered;
pub mod secret;
pub mod signin;
pub mod store;
pub mod text;
mod tls;
pub mod web;
