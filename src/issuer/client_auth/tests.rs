use proptest::prelude::*;

use super::*;

const ID: &str = "app-23456789abcdefghijkm";

fn header(credentials: &str) -> String {
    format!("Basic {}", STANDARD.encode(credentials))
}

fn read_with(authorization: Option<&str>, form: &str) -> Option<(String, Offer)> {
    let form = Parameters::parse(form.as_bytes()).expect("a form");
    read(authorization, &form).expect("one way").map(|claim| (claim.id.to_string(), claim.offer))
}

#[test]
fn tk_06_both_halves_of_basic_are_form_encoded() {
    let id = ID.to_owned();
    for credentials in [format!("{ID}:a%20b%3Ac+d"), format!("{}:a b:c d", ID.replace('-', "%2D"))] {
        let read = read_with(Some(&header(&credentials)), "");
        assert_eq!(read, Some((id.clone(), Offer::Basic("a b:c d".to_owned()))), "{credentials}");
    }
    assert_eq!(read_with(Some(&header(ID)), ""), None, "no colon");
    assert_eq!(read_with(Some("Basic !"), ""), None);
    assert_eq!(read_with(Some("Bearer x"), ""), None);
    assert_eq!(read_with(Some(&header(&format!("{ID}:x")).replace("Basic", "bASIC")), ""), Some((id, Offer::Basic("x".to_owned()))));
}

#[test]
fn tk_06_a_public_client_names_itself_only() {
    assert_eq!(read_with(None, &format!("client_id={ID}")), Some((ID.to_owned(), Offer::Nothing)));
    assert_eq!(read_with(None, &format!("client_id={ID}&client_secret=")), Some((ID.to_owned(), Offer::Nothing)), "an empty one is none");
    assert_eq!(read_with(None, "client_id=0190163d-8694-739b-aea5-966c26f8ad90"), None, "a subject is no client");
    assert_eq!(read_with(None, ""), None);
}

proptest! {
    #[test]
    fn nothing_makes_reading_panic(authorization in proptest::option::of("(Basic )?\\PC{0,40}"), form in "[a-z_=&%.]{0,60}") {
        let form = Parameters::parse(form.as_bytes());
        if let Ok(form) = form {
            let _ = read(authorization.as_deref(), &form);
        }
    }
}
