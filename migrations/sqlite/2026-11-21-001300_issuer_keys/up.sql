CREATE TABLE token_keys (
    kid TEXT NOT NULL,
    purpose TEXT NOT NULL,
    sealed TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    signs_at TIMESTAMP NOT NULL,
    CONSTRAINT token_keys_pkey PRIMARY KEY (kid)
);
INSERT INTO token_keys (kid, purpose, sealed, created_at, signs_at)
    SELECT name, purpose, sealed, created_at, created_at FROM signing_keys WHERE purpose = 'session-token';
DELETE FROM signing_keys WHERE purpose = 'session-token';
CREATE TABLE access_tokens (
    token_hash TEXT NOT NULL,
    claims TEXT NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    CONSTRAINT access_tokens_pkey PRIMARY KEY (token_hash)
);
CREATE INDEX access_tokens_expires_at_idx ON access_tokens (expires_at);
CREATE TABLE revoked_tokens (
    token_hash TEXT NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    CONSTRAINT revoked_tokens_pkey PRIMARY KEY (token_hash)
);
CREATE INDEX revoked_tokens_expires_at_idx ON revoked_tokens (expires_at);
