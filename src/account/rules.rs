//! What an address must be here, and which words a password must not be built on.

use super::signup::EmailFault;
use crate::domain::email::Email;
use crate::signin::Signin;

impl Signin {
    /// Parses an address by this site's rules; empty means none.
    ///
    /// # Errors
    ///
    /// [`EmailFault`], but never `Taken`: only the store knows that.
    pub(super) fn parse_email(&self, typed: &str) -> Result<Option<Email>, EmailFault> {
        let rules = &self.config.signin;
        if typed.trim().is_empty() {
            return if rules.require_email { Err(EmailFault::Missing) } else { Ok(None) };
        }
        let email = Email::parse(typed).map_err(EmailFault::Invalid)?;
        let domains = &rules.allowed_email_domains;
        let is_allowed = domains.is_empty() || domains.iter().any(|domain| domain.eq_ignore_ascii_case(email.domain()));
        if is_allowed { Ok(Some(email)) } else { Err(EmailFault::DomainNotAllowed) }
    }

    /// Tells whether an address that somebody gives counts as proven by that alone.
    pub(super) fn proves_email(&self) -> bool {
        !self.config.verifies_email()
    }

    /// Returns the site's own words.
    pub(super) fn site_words(&self) -> &str {
        self.config.server.public_url.host_str().unwrap_or_default()
    }
}
