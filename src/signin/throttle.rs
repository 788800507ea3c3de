//! How many tries are let through: per account, per address range, in all.

// part password
