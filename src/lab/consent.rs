//! The page on which somebody picks a person and what happens.

use actix_web::{HttpRequest, HttpResponse, web};

use super::authorize::{Authorization, accept_language, conclude, redirect};
use super::case::{self, Strike};
use super::form::Form;
use super::language::Language;
use super::pages;
use super::people::Person;
use super::state::Shared;

/// Shows the page and remembers the request that it decides on.
pub(super) fn show(shared: &Shared, authorization: &Authorization, language: Language) -> HttpResponse {
    let (request, has_log) = {
        let mut memory = shared.lock();
        (memory.pending.insert(authorization.clone()), memory.log.is_some())
    };
    pages::consent(language, &request, authorization, has_log)
}

/// Takes the choice: fields `request`, `case`, `person` or `sub`, `name`, `email`, `email_verified`.
pub(super) async fn post(request: HttpRequest, shared: web::Data<Shared>, body: web::Bytes) -> HttpResponse {
    let accepted = accept_language(&request);
    let Ok(form) = Form::read(&body) else {
        return pages::refused(Language::choose(&Form::default(), accepted), "a field came twice");
    };
    let language = Language::choose(&form, accepted);
    let Some(case) = form.get("case").and_then(case::find) else {
        return pages::refused(language, "case names no case");
    };
    let Some(person) = Person::from_form(&form, "") else {
        return pages::refused(language, "person names nobody, and there is no sub");
    };
    // A choice may be made again from the same page, by going back: that is how codes are compared.
    let pending = form.get("request").and_then(|key| shared.lock().pending.get_mut(key).cloned());
    let Some(authorization) = pending else {
        return pages::refused(language, "request is not known, or too old");
    };
    let url = conclude(&shared, authorization, case, person);
    match case.strike {
        Strike::OtherBrowser => pages::link(language, &url),
        _ => redirect(&url),
    }
}
