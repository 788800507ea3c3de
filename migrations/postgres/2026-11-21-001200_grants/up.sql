CREATE TABLE token_families (
    id VARCHAR(36) COLLATE "C" NOT NULL,
    client_id VARCHAR(32) COLLATE "C" NOT NULL,
    user_id VARCHAR(36) COLLATE "C" NOT NULL,
    session_id VARCHAR(36) COLLATE "C",
    sid VARCHAR(36) COLLATE "C",
    grant_type VARCHAR(64) COLLATE "C" NOT NULL,
    scopes TEXT NOT NULL,
    auth_time TIMESTAMP,
    method VARCHAR(64) COLLATE "C",
    claims TEXT,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    CONSTRAINT token_families_pkey PRIMARY KEY (id),
    CONSTRAINT token_families_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients (id) ON DELETE CASCADE,
    CONSTRAINT token_families_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT token_families_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE CASCADE
);
CREATE INDEX token_families_client_id_idx ON token_families (client_id);
CREATE INDEX token_families_user_id_idx ON token_families (user_id);
CREATE INDEX token_families_session_id_idx ON token_families (session_id);
CREATE INDEX token_families_expires_at_idx ON token_families (expires_at);
CREATE TABLE authorization_codes (
    code_hash VARCHAR(64) COLLATE "C" NOT NULL,
    family_id VARCHAR(36) COLLATE "C" NOT NULL,
    redirect_uri TEXT NOT NULL,
    code_challenge VARCHAR(64) COLLATE "C",
    nonce TEXT,
    redeemable_until TIMESTAMP NOT NULL,
    redeemed_at TIMESTAMP,
    expires_at TIMESTAMP NOT NULL,
    CONSTRAINT authorization_codes_pkey PRIMARY KEY (code_hash),
    CONSTRAINT authorization_codes_family_id_fkey FOREIGN KEY (family_id) REFERENCES token_families (id) ON DELETE CASCADE
);
CREATE INDEX authorization_codes_family_id_idx ON authorization_codes (family_id);
CREATE INDEX authorization_codes_expires_at_idx ON authorization_codes (expires_at);
CREATE TABLE refresh_tokens (
    token_hash VARCHAR(64) COLLATE "C" NOT NULL,
    family_id VARCHAR(36) COLLATE "C" NOT NULL,
    issued_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP,
    expires_at TIMESTAMP NOT NULL,
    CONSTRAINT refresh_tokens_pkey PRIMARY KEY (token_hash),
    CONSTRAINT refresh_tokens_family_id_fkey FOREIGN KEY (family_id) REFERENCES token_families (id) ON DELETE CASCADE
);
CREATE INDEX refresh_tokens_family_id_idx ON refresh_tokens (family_id);
CREATE INDEX refresh_tokens_expires_at_idx ON refresh_tokens (expires_at);
CREATE TABLE consents (
    id VARCHAR(36) COLLATE "C" NOT NULL,
    user_id VARCHAR(36) COLLATE "C" NOT NULL,
    client_id VARCHAR(32) COLLATE "C" NOT NULL,
    scopes TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    CONSTRAINT consents_pkey PRIMARY KEY (id),
    CONSTRAINT consents_user_id_client_id_key UNIQUE (user_id, client_id),
    CONSTRAINT consents_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT consents_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients (id) ON DELETE CASCADE
);
CREATE INDEX consents_client_id_idx ON consents (client_id);
CREATE TABLE authorization_requests (
    id_hash VARCHAR(64) COLLATE "C" NOT NULL,
    state VARCHAR(64) COLLATE "C" NOT NULL,
    client_id TEXT NOT NULL,
    parameters TEXT NOT NULL,
    session_id VARCHAR(36) COLLATE "C",
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    CONSTRAINT authorization_requests_pkey PRIMARY KEY (id_hash)
);
CREATE INDEX authorization_requests_expires_at_idx ON authorization_requests (expires_at);
CREATE TABLE device_codes (
    device_hash VARCHAR(64) COLLATE "C" NOT NULL,
    user_code_hash VARCHAR(64) COLLATE "C" NOT NULL,
    client_id VARCHAR(32) COLLATE "C" NOT NULL,
    scopes TEXT NOT NULL,
    state VARCHAR(64) COLLATE "C" NOT NULL,
    user_id VARCHAR(36) COLLATE "C",
    auth_time TIMESTAMP,
    method VARCHAR(64) COLLATE "C",
    interval_secs INTEGER NOT NULL,
    polled_at TIMESTAMP,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    CONSTRAINT device_codes_pkey PRIMARY KEY (device_hash),
    CONSTRAINT device_codes_user_code_hash_key UNIQUE (user_code_hash),
    CONSTRAINT device_codes_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients (id) ON DELETE CASCADE,
    CONSTRAINT device_codes_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX device_codes_client_id_idx ON device_codes (client_id);
CREATE INDEX device_codes_user_id_idx ON device_codes (user_id);
CREATE INDEX device_codes_expires_at_idx ON device_codes (expires_at);
CREATE TABLE client_sessions (
    id VARCHAR(36) COLLATE "C" NOT NULL,
    session_id VARCHAR(36) COLLATE "C" NOT NULL,
    user_id VARCHAR(36) COLLATE "C" NOT NULL,
    client_id VARCHAR(32) COLLATE "C" NOT NULL,
    tries INTEGER NOT NULL,
    next_try_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    CONSTRAINT client_sessions_pkey PRIMARY KEY (id),
    CONSTRAINT client_sessions_session_id_client_id_key UNIQUE (session_id, client_id),
    CONSTRAINT client_sessions_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients (id) ON DELETE CASCADE
);
CREATE INDEX client_sessions_client_id_idx ON client_sessions (client_id);
CREATE INDEX client_sessions_next_try_at_idx ON client_sessions (next_try_at);
CREATE INDEX client_sessions_expires_at_idx ON client_sessions (expires_at);
