//! The lab provider of `genkan demo`; part lab.
