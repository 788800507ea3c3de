//! One rule: what it is about, what it gives, and what no rule may do.

use chrono::{DateTime, Utc};
use log::Level;

use crate::clock::Clock;
use crate::domain::identity::ProviderId;
use crate::domain::ids::RowId;
use crate::signin::failure::{Category, Cause, ProviderErrorCode, SigninFailure, Stage};
use crate::store::StoreError;
use crate::store::failures::Failure;
use crate::store::rules::StoredRule;

/// The longest note, in characters.
const MAX_NOTE_CHARS: usize = 300;
/// The longest name of who made a rule, in characters.
const MAX_BY_CHARS: usize = 64;

/// What a security check refused, and what is our own fault: no rule moves or hushes it.
pub const PROTECTED: [Cause; 21] = [
    Cause::CrossSiteRequest,
    Cause::StateUnknown,
    Cause::StateOfOtherProvider,
    Cause::IssuerMismatch,
    Cause::IssuerMissing,
    Cause::ParameterRepeated,
    Cause::ParameterTooLong,
    Cause::ResponseContradictory,
    Cause::NonceMissing,
    Cause::NonceMismatch,
    Cause::IdTokenSignatureInvalid,
    Cause::IdTokenIssuerMismatch,
    Cause::IdTokenAudienceMismatch,
    Cause::IdTokenHashMismatch,
    Cause::IdTokenAlgorithmUnexpected,
    Cause::IdTokenKeyUnknown,
    Cause::SubjectMismatch,
    Cause::CertificateUntrusted,
    Cause::LinkSessionChanged,
    Cause::StoreUnavailable,
    Cause::Internal,
];

/// What a rule is about; whatever is `None` does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matcher {
    /// The provider.
    pub provider: Option<ProviderId>,
    /// The stage.
    pub stage: Option<Stage>,
    /// The cause.
    pub cause: Option<Cause>,
    /// The provider's error code.
    pub provider_error: Option<ProviderErrorCode>,
    /// The category; for levels alone.
    pub category: Option<Category>,
}

/// What a rule gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    /// A category.
    Category(Category),
    /// A log level.
    Level(Level),
}

/// A rule, with who made it and who ended it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name.
    pub id: RowId,
    /// What it is about.
    pub matcher: Matcher,
    /// What it gives.
    pub gives: Gives,
    /// Why.
    pub note: String,
    /// Who made it.
    pub made_by: String,
    /// When.
    pub made_at: DateTime<Utc>,
    /// Who ended it, and when; `None` while it holds.
    pub ended: Option<(String, DateTime<Utc>)>,
}

/// Why a rule is refused.
#[derive(Debug, thiserror::Error)]
pub enum RuleError {
    /// It would be about too much.
    #[error("name a cause or an error code: a rule for everything would hide what nobody has understood yet")]
    TooBroad,
    /// It is about a refused security check, or a fault of our own.
    #[error("{0} is a refused security check or a fault of genkan itself: its category stays, and it cannot be logged more quietly")]
    Protected(&'static str),
    /// It would change nothing.
    #[error("that is so without a rule")]
    Idle,
    /// A level is for one cause or one category.
    #[error("a level is for one cause or one category, and nothing else")]
    LevelTarget,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Checks what a rule may do.
///
/// # Errors
///
/// [`RuleError`] says why not.
pub fn check(matcher: &Matcher, gives: Gives) -> Result<(), RuleError> {
    let protected = matcher.cause.filter(|cause| PROTECTED.contains(cause));
    match gives {
        Gives::Category(_) if matcher.cause.is_none() && matcher.provider_error.is_none() => Err(RuleError::TooBroad),
        Gives::Category(_) if matcher.category.is_some() => Err(RuleError::LevelTarget),
        Gives::Category(category) => match (protected, matcher.cause) {
            (Some(cause), _) => Err(RuleError::Protected(cause.as_str())),
            (None, Some(cause)) if cause.category() == category => Err(RuleError::Idle),
            _ => Ok(()),
        },
        Gives::Level(level) => {
            let is_narrowed = matcher.provider.is_some() || matcher.stage.is_some() || matcher.provider_error.is_some();
            if is_narrowed || matcher.cause.is_some() == matcher.category.is_some() {
                return Err(RuleError::LevelTarget);
            }
            // A greater level is a quieter one.
            match protected.filter(|cause| level > cause.category().level()) {
                Some(cause) => Err(RuleError::Protected(cause.as_str())),
                None => Ok(()),
            }
        }
    }
}

impl Matcher {
    /// Returns how precise it is: how much it asks for.
    pub fn precision(&self) -> usize {
        let asked = [self.provider.is_some(), self.stage.is_some(), self.cause.is_some(), self.provider_error.is_some()];
        asked.into_iter().filter(|is_asked| *is_asked).count()
    }

    /// Tells whether a rule of this kind moves a failure that has happened, to `category`.
    pub fn moves(&self, failure: &Failure, category: Category) -> bool {
        let is_protected = Cause::from_name(&failure.cause).is_none_or(|cause| PROTECTED.contains(&cause));
        let is_asked = self.provider.as_ref().is_none_or(|provider| failure.provider.as_deref() == Some(provider.as_str()))
            && self.stage.is_none_or(|stage| failure.stage == stage.as_str())
            && self.cause.is_none_or(|cause| failure.cause == cause.as_str())
            && self.provider_error.as_ref().is_none_or(|code| failure.provider_error.as_deref() == Some(code.as_str()));
        is_asked && failure.is_genuine && !is_protected && failure.category != category.as_str()
    }

    fn fits(&self, failure: &SigninFailure) -> bool {
        self.provider.as_ref().is_none_or(|provider| failure.provider.as_ref() == Some(provider))
            && self.stage.is_none_or(|stage| failure.stage == stage)
            && self.cause.is_none_or(|cause| failure.cause == cause)
            && self.provider_error.as_ref().is_none_or(|code| failure.provider_error.as_ref() == Some(code))
    }
}

impl Rule {
    /// Makes a rule of now.
    pub(super) fn new(clock: &Clock, matcher: Matcher, gives: Gives, note: &str, by: &str) -> Self {
        let cut = |text: &str, chars| text.trim().chars().filter(|c| !c.is_control()).take(chars).collect();
        let (note, made_by) = (cut(note, MAX_NOTE_CHARS), cut(by, MAX_BY_CHARS));
        Self { id: RowId::new(clock), matcher, gives, note, made_by, made_at: clock.now(), ended: None }
    }

    /// Reads a stored rule; one of a newer version, with words that are not known here, is none.
    pub(super) fn read(stored: StoredRule) -> Option<Self> {
        let category = parsed(stored.category.as_deref(), Category::from_name)?;
        let gives = match stored.level.as_deref() {
            Some(level) => Gives::Level(level.parse().ok()?),
            None => Gives::Category(category?),
        };
        let matcher = Matcher {
            provider: parsed(stored.provider.as_deref(), ProviderId::parse)?,
            stage: parsed(stored.stage.as_deref(), Stage::from_name)?,
            cause: parsed(stored.cause.as_deref(), Cause::from_name)?,
            provider_error: parsed(stored.provider_error.as_deref(), ProviderErrorCode::clean)?,
            category: category.filter(|_| matches!(gives, Gives::Level(_))),
        };
        let ended = stored.ended_by.zip(stored.ended_at);
        Some(Self { id: stored.id, matcher, gives, note: stored.note, made_by: stored.made_by, made_at: stored.made_at, ended })
    }

    /// Returns the category that it gives a failure, if it does.
    pub(super) fn category_for(&self, failure: &SigninFailure) -> Option<Category> {
        let Gives::Category(category) = self.gives else { return None };
        let may_move = failure.attempt.is_some() && !PROTECTED.contains(&failure.cause);
        (may_move && self.matcher.fits(failure)).then_some(category)
    }

    /// Returns the level that it gives a cause of this category, if it does.
    pub(super) fn level_for(&self, cause: Cause, category: Category) -> Option<Level> {
        let Gives::Level(level) = self.gives else { return None };
        let is_about =
            self.matcher.cause.is_none_or(|wanted| wanted == cause) && self.matcher.category.is_none_or(|wanted| wanted == category);
        let is_too_quiet = PROTECTED.contains(&cause) && level > category.level();
        (is_about && !is_too_quiet).then_some(level)
    }

    /// Writes it as an entry of a preset's dialect; `None` where a dialect cannot say it.
    ///
    /// A dialect knows causes, so the entry names the cause of that category and stage that says least.
    pub fn to_dialect(&self) -> Option<String> {
        let Gives::Category(category) = self.gives else { return None };
        let cause = match (self.matcher.stage?, category) {
            (Stage::Authorization, Category::UserCancelled) => Cause::ConsentDenied,
            (Stage::Authorization, Category::BrowserEnvironment) => Cause::CodeMissing,
            (Stage::Authorization, Category::IdpOutage) => Cause::AuthorizationUnavailable,
            (Stage::Authorization, Category::Other) => Cause::AuthorizationRefused,
            (Stage::Token | Stage::Profile, Category::UserCancelled) => Cause::AccessRevoked,
            (Stage::Token, Category::BrowserEnvironment) => Cause::CodeUnusable,
            (Stage::Token, Category::IdpOutage) => Cause::TokenServerError,
            (Stage::Token, Category::Other) => Cause::TokenRefused,
            (Stage::Profile, Category::IdpOutage) => Cause::ProfileServerError,
            (Stage::Profile, Category::Other) => Cause::ProfileRefused,
            (Stage::Profile, Category::BrowserEnvironment) | (Stage::Start | Stage::Callback | Stage::Account, _) => return None,
        };
        let code = self.matcher.provider_error.as_ref()?;
        let stage = self.matcher.stage?;
        let note = if self.note.is_empty() { String::new() } else { format!("# {}\n", self.note) };
        Some(format!("{note}[[dialect]]\nat = [\"{stage}\"]\ncode = [\"{code}\"]\ncause = \"{}\"\n", cause.as_str()))
    }
}

/// Reads an optional word; `None` if there is one that is not known.
#[expect(clippy::option_option, reason = "absent and unknown are different")]
fn parsed<T>(word: Option<&str>, parse: impl Fn(&str) -> Option<T>) -> Option<Option<T>> {
    word.map_or(Some(None), |word| parse(word).map(Some))
}

impl From<&Rule> for StoredRule {
    fn from(rule: &Rule) -> Self {
        let matcher = &rule.matcher;
        let (category, level) = match rule.gives {
            Gives::Category(category) => (Some(category), None),
            Gives::Level(level) => (matcher.category, Some(level.as_str().to_lowercase())),
        };
        Self {
            id: rule.id,
            provider: matcher.provider.as_ref().map(ProviderId::to_string),
            stage: matcher.stage.map(|stage| stage.as_str().to_owned()),
            cause: matcher.cause.map(|cause| cause.as_str().to_owned()),
            provider_error: matcher.provider_error.as_ref().map(ProviderErrorCode::to_string),
            category: category.map(|category| category.as_str().to_owned()),
            level,
            note: rule.note.clone(),
            made_by: rule.made_by.clone(),
            made_at: rule.made_at,
            ended_by: rule.ended.as_ref().map(|(by, _)| by.clone()),
            ended_at: rule.ended.as_ref().map(|(_, at)| *at),
        }
    }
}
