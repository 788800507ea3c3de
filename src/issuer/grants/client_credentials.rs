//! `client_credentials`: a client on its own behalf (RFC 6749 §4.4).

use super::{TokenAnswer, TokenType, scopes_within};
use crate::domain::client::{Client, Grant};
use crate::domain::thumbprint::Thumbprint;
use crate::issuer::Issuer;
use crate::issuer::access_token::NewAccessToken;
use crate::issuer::error::TokenError;
use crate::issuer::event::Event;
use crate::issuer::parameters::Parameters;

impl Issuer {
    /// Gives a token that names no person, and nothing to renew it (RFC 6749 §4.4.3, security.md TK-09).
    pub(super) async fn grant_client_credentials(
        &self,
        client: &Client,
        form: &Parameters,
        key: Option<&Thumbprint>,
    ) -> Result<TokenAnswer, TokenError> {
        if client.is_public() {
            return Err(TokenError::UnauthorizedClient("a public client cannot prove who it is"));
        }
        // The standard scopes speak of a person.
        let own = client.metadata.scopes.without_standard();
        let scopes = scopes_within(form, &own)?.unwrap_or(own);
        let audience = self.audience(client);
        let minted = self.mint_access_token(NewAccessToken {
            client_id: &client.id,
            format: client.metadata.access_token_format,
            algorithm: client.metadata.access_token_algorithm,
            user: None,
            key,
            family: None,
            scope: &scopes,
            audience: &audience,
            sign_in: None,
            userinfo_claims: &[],
            lifetime: self.access_token_ttl(client),
        });
        let minted = minted.await?;
        if let Some(row) = minted.row {
            self.store.insert_access_token(row).await?;
        }
        Event::new("tokens_issued", &client.id).grant(Grant::ClientCredentials.short()).log();
        let (access_token, expires_in_secs) = (minted.token, minted.expires_in_secs);
        let token_type = TokenType::of(key);
        Ok(TokenAnswer { access_token, token_type, expires_in_secs, refresh_token: None, id_token: None, scopes })
    }
}
