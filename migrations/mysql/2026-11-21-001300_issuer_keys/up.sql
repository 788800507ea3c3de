-- MySQL commits after every statement: each one is repeatable, so that a killed run can go on.
CREATE TABLE IF NOT EXISTS token_keys (
    kid VARCHAR(128) NOT NULL,
    purpose VARCHAR(64) NOT NULL,
    sealed TEXT NOT NULL,
    created_at DATETIME NOT NULL,
    signs_at DATETIME NOT NULL,
    CONSTRAINT token_keys_pkey PRIMARY KEY (kid)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
INSERT INTO token_keys (kid, purpose, sealed, created_at, signs_at)
    SELECT name, purpose, sealed, created_at, created_at FROM signing_keys
    WHERE purpose = 'session-token' AND name NOT IN (SELECT kid FROM (SELECT kid FROM token_keys) AS moved);
DELETE FROM signing_keys WHERE purpose = 'session-token';
CREATE TABLE IF NOT EXISTS access_tokens (
    token_hash VARCHAR(64) NOT NULL,
    claims TEXT NOT NULL,
    expires_at DATETIME NOT NULL,
    CONSTRAINT access_tokens_pkey PRIMARY KEY (token_hash),
    KEY access_tokens_expires_at_idx (expires_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS revoked_tokens (
    token_hash VARCHAR(64) NOT NULL,
    expires_at DATETIME NOT NULL,
    CONSTRAINT revoked_tokens_pkey PRIMARY KEY (token_hash),
    KEY revoked_tokens_expires_at_idx (expires_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
