//! The four kinds of failure, and how loudly each is logged.

use std::fmt;

/// What kind of failure it is: who can do something about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Category {
    /// The person changed their mind, at the provider or later.
    UserCancelled,
    /// The browser lost something on the way: a cookie, a query, an old tab.
    BrowserEnvironment,
    /// The provider is down, slow or answers nonsense.
    IdpOutage,
    /// Everything else: conflicts, policy, our configuration, attacks, bugs.
    Other,
}

impl Category {
    /// Every category, from the quietest to the loudest.
    pub const ALL: [Self; 4] = [Self::UserCancelled, Self::BrowserEnvironment, Self::IdpOutage, Self::Other];

    /// Finds a category by its word.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.as_str() == name)
    }

    /// Returns the word for logs, metrics and `data-category`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UserCancelled => "user_cancelled",
            Self::BrowserEnvironment => "browser_environment",
            Self::IdpOutage => "idp_outage",
            Self::Other => "other",
        }
    }

    /// Returns how loudly a failure of this kind is logged.
    pub fn level(self) -> log::Level {
        match self {
            Self::UserCancelled => log::Level::Debug,
            Self::BrowserEnvironment => log::Level::Info,
            Self::IdpOutage => log::Level::Warn,
            Self::Other => log::Level::Error,
        }
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What the person can do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Remedy {
    /// Start again.
    Retry,
    /// Start again, in one ordinary window of one browser.
    RetryOneBrowser,
    /// Wait, or use another way to sign in.
    WaitOrOtherMethod,
    /// Quote the reference to whoever runs this site.
    ContactSupport,
    /// Nothing: there is nothing wrong.
    None,
}

impl Remedy {
    /// Returns the word for logs and the catalogue.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Retry => "retry",
            Self::RetryOneBrowser => "retry_one_browser",
            Self::WaitOrOtherMethod => "wait_or_other_method",
            Self::ContactSupport => "contact_support",
            Self::None => "none",
        }
    }

    /// Tells whether the same once more can succeed although nobody has repaired anything.
    pub fn is_retryable(self) -> bool {
        match self {
            Self::Retry | Self::RetryOneBrowser | Self::WaitOrOtherMethod => true,
            Self::ContactSupport | Self::None => false,
        }
    }
}

/// How far a sign-in had come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Before the browser left for the provider.
    Start,
    /// At the provider's authorization endpoint.
    Authorization,
    /// When the browser came back, before anything was asked of the provider.
    Callback,
    /// While the code was exchanged.
    Token,
    /// While it was read who the person is: ID Token and userinfo.
    Profile,
    /// While the account was found, made or linked.
    Account,
}

impl Stage {
    /// Every stage, in the order of the road.
    pub const ALL: [Self; 6] = [Self::Start, Self::Authorization, Self::Callback, Self::Token, Self::Profile, Self::Account];

    /// Finds a stage by its word.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == name)
    }

    /// Returns the word for logs and metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Authorization => "authorization",
            Self::Callback => "callback",
            Self::Token => "token",
            Self::Profile => "profile",
            Self::Account => "account",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
