//! Bare RSA signing: what no token that is signed so can be faster than.

use std::time::Instant;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::RSA_PKCS1_SHA256;

use super::client::Load;
use super::process::own_cpu_seconds;
use super::side::{ROUND, Side, Work};

/// What it is called in the table.
pub const NAME: &str = "bare RSA-2048 signing";

/// Makes a side of it; it signs in this process.
pub fn side() -> Side<'static> {
    Side::new(NAME, Work::BareRsa(Box::new(BareRsa::new())), own_cpu_seconds)
}

/// RSA-2048 signing and nothing else, on as many threads as there are cores.
pub struct BareRsa {
    key: KeyPair,
}

impl BareRsa {
    fn new() -> Self {
        Self { key: KeyPair::generate(KeySize::Rsa2048).expect("a key") }
    }

    /// Signs a text of the length of an ID Token until the round is over.
    pub fn run(&self) -> Load {
        let (started, text) = (Instant::now(), [b'x'; 512]);
        let sign = || {
            let (mut signature, mut times) = (vec![0; self.key.public_modulus_len()], Vec::new());
            while started.elapsed() < ROUND {
                let before = Instant::now();
                self.key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), &text, &mut signature).expect("a signature");
                times.push((before.elapsed(), 200));
            }
            times
        };
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let answers = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..cores).map(|_| scope.spawn(sign)).collect();
            threads.into_iter().flat_map(|thread| thread.join().expect("it signs")).collect()
        });
        Load::of(answers, started.elapsed())
    }
}
