use proptest::prelude::*;
use serde_json::json;

use super::*;

/// The example of RFC 9449 §4.1.
const EXAMPLE: &str = "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6Ik\
    VDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCR\
    nMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JE\
    QSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIj\
    oiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwia\
    WF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg\
    4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";

#[test]
fn tk_08_dpop_the_example_of_the_standard_is_read() {
    let proof = Proof::read(EXAMPLE).expect("a proof");

    assert_eq!(proof.key.as_str(), "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I", "RFC 9449 §6.1");
    assert_eq!((proof.claims.jti.as_str(), proof.claims.iat), ("-BwC3ESc6acc2lTc", 1_562_262_616));
    assert!(proof.claims.is_for(&Url::parse("https://server.example.com/token").expect("an address")));
    assert!(!proof.claims.is_for(&Url::parse("https://server.example.com/tokens").expect("an address")));
}

#[test]
fn tk_08_dpop_a_proof_with_any_letter_changed_is_no_proof() {
    for at in (0..EXAMPLE.len()).step_by(7) {
        let letter = if EXAMPLE.as_bytes()[at] == b'A' { "B" } else { "A" };
        let mut changed = EXAMPLE.to_owned();
        changed.replace_range(at..=at, letter);
        assert!(Proof::read(&changed).is_err(), "{at}");
    }
}

/// Reads a proof with this header, and no claims and no signature.
fn fault_of(header: &Value) -> ProofFault {
    Proof::read(&format!("{}.e30.AAAA", URL_SAFE_NO_PAD.encode(header.to_string()))).expect_err("nobody signed it")
}

#[test]
fn tk_08_dpop_a_key_that_is_no_good_is_refused_before_its_signature_is_looked_at() {
    let of = |alg: &str, jwk: Value| fault_of(&json!({ "typ": "dpop+jwt", "alg": alg, "jwk": jwk }));
    let rsa = |bytes: usize| json!({ "kty": "RSA", "n": URL_SAFE_NO_PAD.encode(vec![0xc3; bytes]), "e": "AQAB" });
    let ed25519 = json!({ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" });

    for (alg, good) in [("RS256", rsa(256)), ("PS256", rsa(512)), ("EdDSA", ed25519.clone()), ("Ed25519", ed25519.clone())] {
        assert_eq!(of(alg, good), ProofFault::Signature, "{alg}");
    }
    let zeros = json!({ "kty": "RSA", "n": URL_SAFE_NO_PAD.encode([vec![0], vec![0xc3; 256]].concat()), "e": "AQAB" });
    let x448 = json!({ "kty": "OKP", "crv": "X448", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" });
    for (alg, bad) in [("RS256", rsa(255)), ("RS256", rsa(0)), ("RS256", zeros), ("ES256", ed25519), ("EdDSA", rsa(256)), ("EdDSA", x448)] {
        assert_eq!(of(alg, bad.clone()), ProofFault::Key, "{alg} {bad}");
    }
    for alg in ["none", "HS256", "RS1", "ES512", ""] {
        assert_eq!(of(alg, rsa(256)), ProofFault::Algorithm, "{alg}");
    }
}

proptest! {
    #[test]
    fn nothing_makes_reading_a_proof_panic(header in "\\PC{0,64}", claims in "\\PC{0,64}", signature in "\\PC{0,16}") {
        let plain = [header, claims, signature];
        let encoded = plain.each_ref().map(|part| URL_SAFE_NO_PAD.encode(part));

        let read = [plain.join("."), encoded.join(".")].map(|text| Proof::read(&text));

        prop_assert!(read.iter().all(Result::is_err));
    }
}
