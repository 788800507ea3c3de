//! Choices of a client that have words in the protocol.

/// Writes an enum whose variants have one word each, on the wire and in the store.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// Every choice.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Returns the word.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }

            /// Finds the choice by its word.
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|choice| choice.as_str() == word)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words!(
    /// What runs the client, and so whether it can keep a secret (RFC 6749 §2.1).
    ClientKind {
        /// A server: confidential.
        Web = "web",
        /// An application on the person's device: public (RFC 8252).
        Native = "native",
        /// Script in a browser: public.
        Spa = "spa",
    }
);

words!(
    /// A way to a token (RFC 6749 §1.3), by its word at the token endpoint.
    Grant {
        /// RFC 6749 §4.1.
        AuthorizationCode = "authorization_code",
        /// RFC 6749 §6.
        RefreshToken = "refresh_token",
        /// RFC 6749 §4.4.
        ClientCredentials = "client_credentials",
        /// RFC 7523 §2.1.
        JwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer",
        /// RFC 8628 §3.4.
        DeviceCode = "urn:ietf:params:oauth:grant-type:device_code",
        /// RFC 6749 §4.3: a deviation, which an operator alone can allow (security.md TK-11).
        Password = "password",
    }
);

impl Grant {
    /// Returns a short word, for forms, commands and texts.
    pub fn short(self) -> &'static str {
        match self {
            Self::JwtBearer => "jwt_bearer",
            Self::DeviceCode => "device_code",
            other => other.as_str(),
        }
    }

    /// Finds a grant by its short word or by the protocol's.
    pub fn parse_short(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|grant| grant.short() == word || grant.as_str() == word)
    }
}

words!(
    /// How a client proves who it is at the token endpoint (OIDC Core §9).
    ClientAuthentication {
        /// The secret in the `Authorization` header (RFC 6749 §2.3.1).
        ClientSecretBasic = "client_secret_basic",
        /// The secret in the form.
        ClientSecretPost = "client_secret_post",
        /// A token signed with its private key (RFC 7523 §2.2).
        PrivateKeyJwt = "private_key_jwt",
        /// A token signed with the secret.
        ClientSecretJwt = "client_secret_jwt",
        /// Not at all: a public client.
        None = "none",
    }
);

impl ClientAuthentication {
    /// Tells whether it needs a secret that both sides know.
    pub fn needs_secret(self) -> bool {
        matches!(self, Self::ClientSecretBasic | Self::ClientSecretPost | Self::ClientSecretJwt)
    }
}

words!(
    /// What an access token looks like.
    AccessTokenFormat {
        /// A signed token that an API can check by itself (RFC 9068).
        Jwt = "jwt",
        /// Random characters that only introspection explains (RFC 7662).
        Opaque = "opaque",
    }
);

words!(
    /// The signature of a token of ours (RFC 7518 §3.1).
    SigningAlgorithm {
        /// RSA with SHA-256, which every client and every API must understand (OIDC Core §15.1, RFC 9068 §2.1).
        Rs256 = "RS256",
        /// ECDSA on P-256 with SHA-256: thirty times as quick to sign.
        Es256 = "ES256",
    }
);

impl SigningAlgorithm {
    /// Returns what signs access tokens where nobody has chosen.
    pub fn of_access_tokens() -> Self {
        Self::Es256
    }
}

words!(
    /// The signature of a client's or a trusted issuer's assertion (RFC 7518 §3.1): one, pinned.
    AssertionAlgorithm {
        /// ECDSA on P-256 with SHA-256.
        Es256 = "ES256",
        /// ECDSA on P-384 with SHA-384.
        Es384 = "ES384",
        /// Ed25519 (RFC 8037 §3.1).
        EdDsa = "EdDSA",
        /// RSA-PSS with SHA-256.
        Ps256 = "PS256",
        /// RSA with SHA-256.
        Rs256 = "RS256",
        /// HMAC with SHA-256, under the client's secret; never for an issuer.
        Hs256 = "HS256",
    }
);

words!(
    /// How an authorization response travels.
    ResponseMode {
        /// In the query of the redirect address (RFC 6749 §4.1.2).
        Query = "query",
        /// As a form that the browser posts (OAuth 2.0 Form Post Response Mode).
        FormPost = "form_post",
    }
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_finds_its_choice_again_and_no_other_spelling_does() {
        for grant in Grant::ALL {
            assert_eq!(Grant::parse(grant.as_str()), Some(*grant));
            assert_eq!(Grant::parse_short(grant.short()), Some(*grant));
            assert_eq!(serde_json::to_value(grant).expect("a word"), grant.as_str());
        }
        for way in ClientAuthentication::ALL {
            assert_eq!(ClientAuthentication::parse(way.as_str()), Some(*way));
        }
        assert_eq!(Grant::parse("Password"), None);
        assert_eq!(Grant::parse("implicit"), None);
    }
}
