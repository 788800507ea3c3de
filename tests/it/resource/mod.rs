//! What stands behind genkan: tokens that are read, requests that may pass.

mod verify;
