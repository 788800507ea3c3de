//! Signing in with a provider from end to end: what happens beside the cases of the failure matrix.

mod account_states;
mod browser_states;
mod clocks;
mod cookie_test;
mod deliveries;
mod going_on;
mod guards;
mod outages;
mod people;
mod restarts;
mod single_page;
mod unknown;
