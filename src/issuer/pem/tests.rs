use jsonwebtoken::EncodingKey;
use proptest::prelude::*;
use rcgen::{CertificateParams, KeyPair, RsaKeySize};

use super::*;
use crate::issuer::assertion;

/// What PKCS#8 puts before an RSA key of 2048 bits (RFC 5208 §5).
const PKCS8_HEAD: usize = 26;

fn pair(algorithm: &'static rcgen::SignatureAlgorithm) -> KeyPair {
    KeyPair::generate_for(algorithm).expect("a key")
}

fn certificate(pair: &KeyPair) -> String {
    CertificateParams::new(vec!["ci.example".to_owned()]).and_then(|params| params.self_signed(pair)).expect("a certificate").pem()
}

/// A block with other bytes in it.
fn block(label: &str, bytes: &[u8]) -> String {
    use base64::engine::general_purpose::STANDARD;
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(bytes))
}

#[test]
fn tk_10_keys_of_every_kind_are_read_and_check_what_they_signed() {
    let rsa = || KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, RsaKeySize::_2048).expect("a key");
    for (pair, algorithm, of) in [
        (pair(&rcgen::PKCS_ECDSA_P256_SHA256), AssertionAlgorithm::Es256, jsonwebtoken::Algorithm::ES256),
        (pair(&rcgen::PKCS_ECDSA_P384_SHA384), AssertionAlgorithm::Es384, jsonwebtoken::Algorithm::ES384),
        (pair(&rcgen::PKCS_ED25519), AssertionAlgorithm::EdDsa, jsonwebtoken::Algorithm::EdDSA),
        (rsa(), AssertionAlgorithm::Rs256, jsonwebtoken::Algorithm::RS256),
    ] {
        let key = match algorithm {
            AssertionAlgorithm::Rs256 => EncodingKey::from_rsa_der(&pair.serialize_der()[PKCS8_HEAD..]),
            AssertionAlgorithm::EdDsa => EncodingKey::from_ed_der(&pair.serialize_der()),
            _ => EncodingKey::from_ec_der(&pair.serialize_der()),
        };
        let mut header = jsonwebtoken::Header::new(of);
        header.kid = Some("whatever they call it".to_owned());
        let token = jsonwebtoken::encode(&header, &json!({ "sub": "robot" }), &key).expect("a token");

        for pem in [pair.public_key_pem(), certificate(&pair), format!("A note of somebody.\n{}", pair.public_key_pem())] {
            let keys = key_set_of(&pem, algorithm).unwrap_or_else(|error| panic!("{algorithm}: {error}"));
            let keys = assertion::check_keys(&keys, algorithm).expect("a key set that can be registered");
            assert_eq!(assertion::verify::<Value>(&token, &keys, algorithm), Some(json!({ "sub": "robot" })), "{algorithm}");
        }
    }
}

#[test]
fn several_keys_are_read_for_the_time_of_a_change() {
    let (one, two) = (pair(&rcgen::PKCS_ECDSA_P256_SHA256), pair(&rcgen::PKCS_ECDSA_P256_SHA256));

    let keys = key_set_of(&format!("{}{}", one.public_key_pem(), certificate(&two)), AssertionAlgorithm::Es256).expect("keys");

    assert_eq!(keys["keys"].as_array().map(Vec::len), Some(2));
    let many = one.public_key_pem().repeat(MAX_KEYS + 1);
    assert_eq!(key_set_of(&many, AssertionAlgorithm::Es256), Err(PemError::TooMany));
}

#[test]
fn tk_10_what_is_wrong_with_a_file_is_said() {
    let (p256, p384) = (pair(&rcgen::PKCS_ECDSA_P256_SHA256), pair(&rcgen::PKCS_ECDSA_P384_SHA384));
    let good = p256.public_key_pem();
    let refuse = |pem: &str| key_set_of(pem, AssertionAlgorithm::Es256).expect_err(pem);

    assert_eq!(refuse(""), PemError::NoKey);
    assert_eq!(refuse("{\"keys\":[]}"), PemError::NoKey);
    assert_eq!(refuse(&good[..good.len() - 30]), PemError::Garbled);
    assert_eq!(refuse(&format!("{good}{}", p256.serialize_pem())), PemError::Private);
    assert_eq!(refuse("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"), PemError::Private);
    assert_eq!(refuse("-----BEGIN RSA PUBLIC KEY-----\nAA==\n-----END RSA PUBLIC KEY-----\n"), PemError::Pkcs1);
    assert_eq!(refuse(&block("PUBLIC KEY", b"no DER")), PemError::Broken("public key"));
    assert_eq!(refuse(&block("CERTIFICATE", b"no DER")), PemError::Broken("certificate"));
    assert_eq!(refuse(&p384.public_key_pem()), PemError::Unfit { kind: "EC P-384", algorithm: AssertionAlgorithm::Es256 });
    assert_eq!(refuse(&p384.public_key_pem()).to_string(), "a key of it is EC P-384, which makes no signatures of ES256");
    // X25519 agrees on keys and signs nothing (RFC 8410 §3).
    let x25519 = [&[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6e, 0x03, 0x21, 0x00][..], &[7; 32]].concat();
    assert!(refuse(&block("PUBLIC KEY", &x25519)).to_string().contains("OID 1.3.101.110"));
}

#[test]
fn a_short_rsa_key_is_refused_with_its_length() {
    // Every length here takes one byte after 0x81 (X.690 §10.1).
    let wrap = |tag: u8, inner: &[u8]| [&[tag, 0x81, u8::try_from(inner.len()).expect("short")][..], inner].concat();
    let mut modulus = vec![0; 129];
    modulus[1] = 0x80;
    let key = wrap(0x30, &[wrap(0x02, &modulus), vec![0x02, 0x01, 0x03]].concat());
    let bits = wrap(0x03, &[&[0][..], &key].concat());
    let algorithm = [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];

    let pem = block("PUBLIC KEY", &wrap(0x30, &[&algorithm[..], &bits].concat()));

    assert_eq!(key_set_of(&pem, AssertionAlgorithm::Rs256), Err(PemError::Weak(1_024)));
}

proptest! {
    #[test]
    fn ht_04_no_bytes_in_a_block_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), cut in 0_usize..400) {
        let mut real = certificate(&KeyPair::generate().expect("a key"));
        real.replace_range(cut.min(real.len()).., "");
        for text in [block("PUBLIC KEY", &bytes), block("CERTIFICATE", &bytes), real] {
            let _ = key_set_of(&text, AssertionAlgorithm::Es256);
        }
    }
}
