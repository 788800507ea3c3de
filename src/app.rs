//! Wiring; part web.
