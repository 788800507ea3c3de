//! `[password]`

use serde::Deserialize;

/// What passwords must be and cost.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PasswordConfig {
    /// The shortest new password, in characters; 8 is the floor.
    pub min_length: usize,
    /// The bcrypt cost of new hashes: 2^cost rounds; 10 to 16.
    pub cost: u32,
    /// Hashing threads; 0 means one per core.
    pub threads: usize,
    /// How many sign-ins may wait for a hashing thread before more are answered 503.
    pub queue: usize,
}

impl Default for PasswordConfig {
    fn default() -> Self {
        Self { min_length: 12, cost: 12, threads: 0, queue: 128 }
    }
}
