//! Pages and JSON: the only HTTP server and the only templates.
//!
//! What a person sees is made of [`page`] (what every page has), [`pages`] (one
//! template struct per page), [`flash_view`] (why a sign-in failed), [`text`]
//! (the words) and [`assets`] (style sheet and marks).

pub mod assets;
pub mod fault_text;
pub mod flash_view;
pub mod page;
pub mod pages;
pub mod text;
mod text_keys;
