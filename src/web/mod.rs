//! Pages and JSON: the only HTTP server and the only templates.
//!
//! A request passes [`guard`] (bounds, deadline, headers) and [`session`] (the
//! browser's cookie) and reaches a handler that [`routes`] names: a page of
//! [`pages`] or a JSON answer of [`api`]. The handler reads it ([`visit`],
//! [`body`], [`signed_in`]), checks where it comes from ([`csrf`]), calls one flow
//! and renders the outcome. What keeps it from its page is an [`error`]; why a
//! sign-in failed is a [`flash`].
//!
//! What a person sees is made of [`page`] (what every page has), [`pages`] (one
//! template struct per page), [`flash_view`] (why a sign-in failed),
//! [`crate::text`] (the words) and [`assets`] (style sheet and marks). [`catalogue`]
//! tells programs and documents what the pages tell people.

pub mod api;
pub mod assets;
pub mod bearer;
pub mod body;
pub mod catalogue;
pub mod chart;
pub mod cookies;
pub mod cors;
pub mod csrf;
pub mod dpop;
pub mod error;
pub mod fault_text;
pub mod flash;
pub mod flash_view;
pub mod guard;
pub mod headers;
pub mod issuer;
pub mod measure;
pub mod operator;
pub mod page;
pub mod pages;
pub mod render;
pub mod resource;
pub mod routes;
pub mod session;
pub mod signed_in;
pub mod speculative;
pub mod state;
pub mod visit;
pub mod visitor;

pub use crate::text;
