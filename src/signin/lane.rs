//! The hashing lane: as many threads as cores, at the lowest priority, with a
//! bounded queue before them (security.md PW-09).

/// Where passwords are hashed.
pub struct Lane {
    // part password
}
