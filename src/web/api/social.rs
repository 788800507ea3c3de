//! `/api/auth/{provider}`: signing in with a provider, for single-page applications.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::json::{self, Json, UserView};
use crate::domain::return_to::ReturnTo;
use crate::signin::attempt::Purpose;
use crate::signin::social::Finished;
use crate::web::error::PageError;
use crate::web::pages::social;
use crate::web::signed_in::MaybeSignedIn;
use crate::web::visit::Visit;

/// What an attempt may be begun with.
#[derive(Deserialize)]
pub struct Start {
    #[serde(default)]
    purpose: Purpose,
    return_to: Option<String>,
}

/// What the provider sent back, as the application read it.
#[derive(Deserialize)]
pub struct Answer {
    code: Option<String>,
    state: Option<String>,
    iss: Option<String>,
    error: Option<String>,
}

impl Answer {
    /// Rebuilds the query string, for the one reader of answers.
    fn to_query(&self) -> String {
        let fields = [("code", &self.code), ("state", &self.state), ("iss", &self.iss), ("error", &self.error)];
        let given = fields.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?)));
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(given).finish()
    }
}

/// Begins an attempt and says where to send the browser.
///
/// # Errors
///
/// None today; a failed start is answered as such.
pub async fn post(visit: Visit, who: MaybeSignedIn, Json(start): Json<Start>) -> Result<HttpResponse, PageError> {
    let return_to = start.return_to.as_deref().and_then(ReturnTo::parse);
    Ok(match social::begin(&visit, &who, start.purpose, return_to).await {
        Ok(social::Start::Away(url)) => HttpResponse::Ok().json(json!({ "authorization_url": url })),
        Ok(social::Start::SignInFirst) => HttpResponse::Forbidden().json(json!({
            "error": "not_fresh",
            "error_description": "linking needs a sign-in of just now; sign in again first",
        })),
        Err(reported) => json::failed(&reported),
    })
}

/// Ends an attempt.
///
/// # Errors
///
/// [`PageError::Internal`].
pub async fn callback(visit: Visit, who: MaybeSignedIn, Json(answer): Json<Answer>) -> Result<HttpResponse, PageError> {
    Ok(match social::finish(&visit, &who, answer.to_query().as_bytes(), None).await {
        Ok(Finished::SignedIn { session, is_new, .. }) => {
            json::opened(&visit, &who, if is_new { StatusCode::CREATED } else { StatusCode::OK }, &session).await
        }
        Ok(Finished::Linked { .. } | Finished::Onward { .. }) => match &who.0 {
            Some(who) => HttpResponse::Ok().json(UserView::from(&who.user)),
            None => return Err(PageError::Internal("an attempt went on without anybody signed in")),
        },
        Ok(Finished::Again { .. }) => return Err(PageError::Internal("a program was sent away once more")),
        Err(reported) => json::failed(&reported),
    })
}
