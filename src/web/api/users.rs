//! `POST /api/users`: registration.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::json::{self, Json};
use crate::account::signup::{SignupFaults, SignupForm, SignupRefused};
use crate::web::error::PageError;
use crate::web::pages::signup::SignupFaultsView;
use crate::web::signed_in::MaybeSignedIn;
use crate::web::visit::Visit;

/// What a registration needs; what is missing is told as a fault of its field.
#[derive(Deserialize)]
#[serde(default)]
pub struct NewUser {
    name: String,
    username: String,
    email: String,
    password: SecretString,
    invitation: Option<String>,
}

impl Default for NewUser {
    fn default() -> Self {
        Self { name: String::new(), username: String::new(), email: String::new(), password: "".into(), invitation: None }
    }
}

/// Makes an account and signs in.
///
/// # Errors
///
/// [`PageError::Throttled`], [`PageError::Busy`], [`PageError::Store`].
pub async fn post(visit: Visit, who: MaybeSignedIn, Json(given): Json<NewUser>) -> Result<HttpResponse, PageError> {
    let NewUser { name, username, email, password, invitation } = given;
    match visit.signin().sign_up(SignupForm { name, username, email, password, invitation }, &visit.visitor).await {
        Ok(opened) => Ok(json::opened(&visit, &who, StatusCode::CREATED, &opened).await),
        Err(SignupRefused::Closed) => Ok(HttpResponse::Forbidden().json(json!({
            "error": "signup_closed",
            "error_description": "registration is not open to you",
        }))),
        Err(SignupRefused::Faults(faults)) => Ok(HttpResponse::UnprocessableEntity().json(json!({
            "error": "validation_failed",
            "error_description": "some fields are wrong",
            "fields": fields(&faults),
        }))),
        Err(SignupRefused::Throttled { retry_after }) => Err(PageError::Throttled(retry_after)),
        Err(SignupRefused::Busy { retry_after }) => Err(PageError::Busy(retry_after)),
        Err(SignupRefused::Store(error)) => Err(error.into()),
    }
}

/// Names the faults by field: `{"username": "taken"}`.
fn fields(faults: &SignupFaults) -> Map<String, Value> {
    let view = SignupFaultsView::from(faults);
    [("name", view.name), ("username", view.username), ("email", view.email), ("password", view.password)]
        .into_iter()
        .filter_map(|(field, key)| Some((field.to_owned(), Value::from(word(field, key?)))))
        .collect()
}

/// Makes the word of a fault from the key of its text: `fault-username-too-long` becomes `too_long`.
fn word(field: &str, key: &str) -> String {
    key.trim_start_matches("fault-").trim_start_matches(field).trim_start_matches('-').replace('-', "_")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::signup::UsernameFault;
    use crate::domain::password::PasswordError;

    #[test]
    fn faults_are_named_by_field() {
        let faults =
            SignupFaults { username: Some(UsernameFault::Taken), password: Some(PasswordError::TooShort), ..SignupFaults::default() };

        let fields = Value::Object(fields(&faults));

        assert_eq!(fields, json!({ "username": "taken", "password": "too_short" }));
    }
}
