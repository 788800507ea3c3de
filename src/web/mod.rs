//! Pages and JSON; part web.
