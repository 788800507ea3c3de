//! What is wrong with a field, as the key of the text under it.

use crate::account::signup::{EmailFault, UsernameFault};
use crate::domain::email::EmailError;
use crate::domain::name::NameError;
use crate::domain::password::PasswordError;

use super::text::TextKey;

/// Returns the text for a display name that is refused.
pub fn of_name(fault: NameError) -> TextKey {
    match fault {
        NameError::Empty => "fault-name-empty",
        NameError::TooLong => "fault-name-too-long",
        NameError::Forbidden => "fault-name-forbidden",
    }
}

/// Returns the text for a user name that is refused.
pub fn of_username(fault: UsernameFault) -> TextKey {
    match fault {
        UsernameFault::Invalid(NameError::Empty) => "fault-username-empty",
        UsernameFault::Invalid(NameError::TooLong) => "fault-username-too-long",
        UsernameFault::Invalid(NameError::Forbidden) => "fault-username-forbidden",
        UsernameFault::Taken => "fault-username-taken",
    }
}

/// Returns the text for an address that is refused.
pub fn of_email(fault: EmailFault) -> TextKey {
    match fault {
        EmailFault::Missing => "fault-email-missing",
        EmailFault::Invalid(EmailError::TooLong) => "fault-email-too-long",
        EmailFault::Invalid(EmailError::Malformed) => "fault-email-malformed",
        EmailFault::DomainNotAllowed => "fault-email-domain",
        EmailFault::Taken => "fault-email-taken",
    }
}

/// Returns the text for a new password that is refused; it may use `$min`.
pub fn of_password(fault: PasswordError) -> TextKey {
    match fault {
        PasswordError::TooShort => "fault-password-too-short",
        PasswordError::TooLong => "fault-password-too-long",
        PasswordError::TooCommon => "fault-password-too-common",
        PasswordError::TooPersonal => "fault-password-too-personal",
    }
}

/// The text for a current password that is wrong.
pub const WRONG_PASSWORD: TextKey = "fault-password-wrong";
