CREATE TABLE consumed_attempts (
    id VARCHAR(36) COLLATE "C" NOT NULL,
    outcome VARCHAR(32) COLLATE "C",
    user_id VARCHAR(36) COLLATE "C",
    session_id VARCHAR(36) COLLATE "C",
    cause VARCHAR(64),
    reference VARCHAR(32) COLLATE "C",
    expires_at TIMESTAMP NOT NULL,
    CONSTRAINT consumed_attempts_pkey PRIMARY KEY (id)
);
CREATE INDEX consumed_attempts_expires_at_idx ON consumed_attempts (expires_at);
CREATE TABLE spent_values (
    value_hash VARCHAR(64) COLLATE "C" NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    CONSTRAINT spent_values_pkey PRIMARY KEY (value_hash)
);
CREATE INDEX spent_values_expires_at_idx ON spent_values (expires_at);
CREATE TABLE throttles (
    key_hash VARCHAR(64) COLLATE "C" NOT NULL,
    window_started_at TIMESTAMP NOT NULL,
    tries INTEGER NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    CONSTRAINT throttles_pkey PRIMARY KEY (key_hash)
);
CREATE INDEX throttles_expires_at_idx ON throttles (expires_at);
