#![no_main]

use genkan::fuzz::run;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| run("dpop_proof", data));
