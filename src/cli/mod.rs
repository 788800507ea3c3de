//! The commands, one file each; part config.
