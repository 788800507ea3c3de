//! The way back to the application that sent a person here.
//!
//! While a request of a client waits, every page on its way says for whom, and offers
//! to give up: then the client gets its error, and nobody is left hanging.

use actix_web::HttpMessage as _;

use crate::domain::return_to::ReturnTo;
use crate::issuer::authorize::Lost;
use crate::web::error::PageError;
use crate::web::headers::{FormTarget, source_of};
use crate::web::visit::Visit;

/// Where a request that waits is gone on with.
pub const PATH: &str = "/oauth/continue/";

/// The application behind the page that a person is on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// What it is called.
    pub name: String,
    /// Where the button for giving up posts to.
    pub cancel: String,
    /// Who the client thinks the person is, as they would type it.
    pub login_hint: Option<String>,
}

/// Finds the application that waits for the person, if a page leads back to one; its
/// address is then one that the page's forms may lead to.
///
/// # Errors
///
/// [`PageError::Store`].
pub async fn waiting(visit: &Visit, return_to: Option<&ReturnTo>) -> Result<Option<Application>, PageError> {
    let Some(id) = return_to.and_then(|target| target.as_str().strip_prefix(PATH)) else { return Ok(None) };
    match visit.app.issuer.find_waiting(id).await {
        Ok((to, parameters)) => {
            allow_forms_to(visit, to.redirect_uri());
            let login_hint = parameters.get("login_hint").filter(|hint| is_identifier(hint)).map(str::to_owned);
            Ok(Some(Application { name: to.client().metadata.name.to_string(), cancel: format!("{PATH}{id}/cancel"), login_hint }))
        }
        Err(Lost::Store(error)) => Err(error.into()),
        Err(_) => Ok(None),
    }
}

/// Lets the forms of this page lead to an address: browsers hold the redirect after a form against its policy.
pub fn allow_forms_to(visit: &Visit, redirect_uri: &str) {
    if let Ok(url) = url::Url::parse(redirect_uri) {
        visit.req.extensions_mut().insert(FormTarget(source_of(&url)));
    }
}

/// Tells what somebody could type as user name or address; nothing else is put into the field.
fn is_identifier(hint: &str) -> bool {
    use crate::domain::identifier::Identifier;
    !matches!(Identifier::parse(hint), Identifier::Nobody)
}
