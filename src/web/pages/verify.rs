//! `/verify/{token}`: proving an address with the link that was mailed there.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::account::address::ProofRefused;
use crate::web::body::Form;
use crate::web::error::PageError;
use crate::web::page::{Notice, Page};
use crate::web::pages::account;
use crate::web::signed_in::{MaybeSignedIn, SignedIn};
use crate::web::visit::Visit;
use crate::web::{csrf, flash};

/// Asks whoever follows the link to press a button, which posts `csrf_token` to `/verify/{token}`:
/// scanners of mail follow links too, and press nothing (security.md EM-08).
#[derive(Clone, Debug, Template)]
#[template(path = "verify.html")]
pub struct VerifyPage {
    /// The frame.
    pub page: Page,
    /// What the link is good for.
    pub proof: Proof,
}

/// What a link is good for, for whoever follows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The address can be proven.
    Open {
        /// The token of the link.
        token: String,
        /// The address.
        address: String,
    },
    /// Nobody is signed in, so nothing is told about the link.
    SignedOut {
        /// The token of the link.
        token: String,
    },
    /// It does not work (any more), or is another account's.
    Invalid,
    /// Somebody else has proven the address.
    Taken,
}

/// Shows the button; uses nothing up.
///
/// # Errors
///
/// [`PageError::Store`].
pub async fn get(visit: Visit, who: MaybeSignedIn) -> Result<HttpResponse, PageError> {
    let token = visit.segment("token").to_owned();
    let proof = match &who.0 {
        None => Proof::SignedOut { token },
        Some(signed_in) => match visit.signin().find_proof(signed_in, &token).await? {
            Some(address) => Proof::Open { token, address },
            None => Proof::Invalid,
        },
    };
    let page = visit.page(&who).await;
    Ok(answer(&visit, page, proof))
}

/// Proves the address.
///
/// # Errors
///
/// [`PageError::SignedOut`], [`PageError::CrossSite`], [`PageError::Store`].
pub async fn post(visit: Visit, who: SignedIn, mut form: Form) -> Result<HttpResponse, PageError> {
    if let Err(cause) = csrf::check(&visit, &mut form) {
        return flash::refuse_form(&visit, visit.req.path(), cause);
    }
    let proof = match visit.signin().prove_address(&who.0, visit.segment("token"), &visit.visitor).await {
        Ok(()) => return Ok(account::done(&visit, Notice::AddressProven)),
        Err(ProofRefused::LinkInvalid) => Proof::Invalid,
        Err(ProofRefused::Taken) => Proof::Taken,
        Err(ProofRefused::Store(error)) => return Err(error.into()),
    };
    let page = visit.quiet_page(&MaybeSignedIn(Some(who.0)));
    Ok(answer(&visit, page, proof))
}

fn answer(visit: &Visit, page: Page, proof: Proof) -> HttpResponse {
    let status = match proof {
        Proof::Open { .. } | Proof::SignedOut { .. } => StatusCode::OK,
        Proof::Invalid => StatusCode::NOT_FOUND,
        Proof::Taken => StatusCode::CONFLICT,
    };
    visit.html(status, &VerifyPage { page, proof })
}
