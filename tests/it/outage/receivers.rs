//! Receivers: each against a real server that takes, refuses, hangs or is slow.
