DROP TABLE IF EXISTS revoked_tokens;
DROP TABLE IF EXISTS access_tokens;
-- The keys of sessions go back to where they were; those of the issuer are not known there.
INSERT INTO signing_keys (name, purpose, sealed, created_at)
    SELECT kid, purpose, sealed, created_at FROM token_keys WHERE purpose = 'session-token' AND kid NOT IN (SELECT name FROM (SELECT name FROM signing_keys) AS moved);
DROP TABLE IF EXISTS token_keys;
