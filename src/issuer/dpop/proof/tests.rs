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
