//! `/language`: the language the person chooses.

use actix_web::HttpResponse;

use crate::domain::language::Language;
use crate::domain::return_to::ReturnTo;
use crate::web::body::Form;
use crate::web::error::PageError;
use crate::web::render::see_other;
use crate::web::visit::Visit;
use crate::web::{csrf, flash};

/// Remembers the choice and goes back to where it was made.
///
/// # Errors
///
/// [`PageError::BadRequest`] for a language we do not speak, [`PageError::CrossSite`].
pub async fn post(visit: Visit, mut form: Form) -> Result<HttpResponse, PageError> {
    let return_to = ReturnTo::parse(&form.text("return_to"));
    let back = return_to.as_ref().map_or("/", ReturnTo::as_str);
    if let Err(cause) = csrf::check(&visit, &mut form) {
        return flash::refuse_form(&visit, back, cause);
    }
    let language = Language::from_tag(&form.text("language")).ok_or(PageError::BadRequest("there is no such language"))?;
    visit.session.set_language(language);
    Ok(see_other(back))
}
