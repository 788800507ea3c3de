//! Whether a proof counts: for this request, of now, with our nonce, and once (RFC 9449 §4.3).

use chrono::{DateTime, TimeDelta};
use url::Url;

use super::proof::{Claims, Proof};
use super::{Offered, ProofFault, Unproven};
use crate::domain::client::ClientId;
use crate::domain::thumbprint::Thumbprint;
use crate::issuer::Issuer;
use crate::issuer::event::Event;
use crate::ops::metrics;
use crate::secret::hash_token;

/// How old a proof may be (RFC 9449 §11.1).
const MAX_AGE: TimeDelta = TimeDelta::seconds(60);
/// How much two clocks may differ (security.md DP-04).
pub(super) const SKEW: TimeDelta = TimeDelta::seconds(90);

impl Issuer {
    /// Finds the key that a request proves to have; with a token, the proof has to be for that one.
    /// A refusal is logged as `dpop_proof_refused` or `dpop_proof_replayed`, and counted (security.md LG-05).
    ///
    /// # Errors
    ///
    /// [`Unproven`].
    pub(in crate::issuer) async fn prove(
        &self,
        offered: Offered<'_>,
        token: Option<&str>,
        client: &ClientId,
    ) -> Result<Thumbprint, Unproven> {
        let proven = self.check_proof(offered, token).await;
        if let Err(Unproven::Fault(fault)) = proven {
            note_refusal(fault, client);
        }
        proven
    }

    async fn check_proof(&self, offered: Offered<'_>, token: Option<&str>) -> Result<Thumbprint, Unproven> {
        let proof = Proof::read(offered.proof)?;
        if proof.claims.htm != offered.method {
            return Err(ProofFault::Method.into());
        }
        let address = Url::parse(&format!("{}{}", self.identifier(), offered.path));
        if !address.is_ok_and(|address| proof.claims.is_for(&address)) {
            return Err(ProofFault::Address.into());
        }
        if token.is_some_and(|token| proof.claims.ath != Some(hash_token(token))) {
            return Err(ProofFault::Token.into());
        }
        if !self.is_nonce_good(proof.claims.nonce.as_deref()) {
            return Err(ProofFault::Nonce.into());
        }
        self.spend_proof(&proof).await?;
        Ok(proof.key)
    }

    /// Uses a proof up, if it is of now. Its mark stays for as long as any replica could take it.
    async fn spend_proof(&self, proof: &Proof) -> Result<(), Unproven> {
        let made = DateTime::from_timestamp(proof.claims.iat, 0).filter(|_| self.is_of_now(&proof.claims)).ok_or(ProofFault::Time)?;
        // With its key: nobody can use up the proofs of others by guessing their names.
        let mark = hash_token(&format!("dpop {} {}", proof.key, proof.claims.jti));
        let is_first = self.store.spend(&mark, made + MAX_AGE + SKEW + SKEW).await?;
        if is_first { Ok(()) } else { Err(ProofFault::Replayed.into()) }
    }

    fn is_of_now(&self, claims: &Claims) -> bool {
        let now = self.clock.now();
        let (earliest, latest) = ((now - SKEW).timestamp(), (now + SKEW).timestamp());
        let is_over = claims.exp.is_some_and(|exp| exp <= earliest);
        let has_begun = claims.nbf.is_none_or(|nbf| nbf <= latest);
        claims.iat >= earliest - MAX_AGE.num_seconds() && claims.iat <= latest && !is_over && has_begun
    }
}

fn note_refusal(fault: ProofFault, client: &ClientId) {
    metrics::count_proof_refusal(fault.reason());
    match fault {
        // The first request of every client that does not know our nonce: no event.
        ProofFault::Nonce => {}
        ProofFault::Replayed => Event::new("dpop_proof_replayed", client).warn(),
        fault => Event::new("dpop_proof_refused", client).reason(fault.reason()).log(),
    }
}
