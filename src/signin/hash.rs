//! Password hashes: bcrypt over a keyed pre-hash (security.md PW-03, PW-04).

// part password
