DROP TABLE revoked_tokens;
DROP TABLE access_tokens;
-- The keys of sessions go back to where they were; those of the issuer are not known there.
INSERT INTO signing_keys (name, purpose, sealed, created_at)
    SELECT kid, purpose, sealed, created_at FROM token_keys WHERE purpose = 'session-token';
DROP TABLE token_keys;
