-- MySQL commits after every statement: each one is repeatable, so that a killed run can go on.
CREATE TABLE IF NOT EXISTS token_families (
    id CHAR(36) NOT NULL,
    client_id VARCHAR(32) NOT NULL,
    user_id CHAR(36) NOT NULL,
    session_id CHAR(36),
    sid CHAR(36),
    grant_type VARCHAR(64) NOT NULL,
    scopes TEXT NOT NULL,
    auth_time DATETIME,
    method VARCHAR(64),
    claims TEXT,
    created_at DATETIME NOT NULL,
    expires_at DATETIME NOT NULL,
    CONSTRAINT token_families_pkey PRIMARY KEY (id),
    CONSTRAINT token_families_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients (id) ON DELETE CASCADE,
    CONSTRAINT token_families_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT token_families_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE CASCADE,
    KEY token_families_client_id_idx (client_id),
    KEY token_families_user_id_idx (user_id),
    KEY token_families_session_id_idx (session_id),
    KEY token_families_expires_at_idx (expires_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS authorization_codes (
    code_hash VARBINARY(64) NOT NULL,
    family_id CHAR(36) NOT NULL,
    redirect_uri TEXT NOT NULL,
    code_challenge VARCHAR(64),
    nonce TEXT,
    redeemable_until DATETIME NOT NULL,
    redeemed_at DATETIME,
    expires_at DATETIME NOT NULL,
    CONSTRAINT authorization_codes_pkey PRIMARY KEY (code_hash),
    CONSTRAINT authorization_codes_family_id_fkey FOREIGN KEY (family_id) REFERENCES token_families (id) ON DELETE CASCADE,
    KEY authorization_codes_family_id_idx (family_id),
    KEY authorization_codes_expires_at_idx (expires_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS refresh_tokens (
    token_hash VARBINARY(64) NOT NULL,
    family_id CHAR(36) NOT NULL,
    issued_at DATETIME NOT NULL,
    used_at DATETIME,
    expires_at DATETIME NOT NULL,
    CONSTRAINT refresh_tokens_pkey PRIMARY KEY (token_hash),
    CONSTRAINT refresh_tokens_family_id_fkey FOREIGN KEY (family_id) REFERENCES token_families (id) ON DELETE CASCADE,
    KEY refresh_tokens_family_id_idx (family_id),
    KEY refresh_tokens_expires_at_idx (expires_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS consents (
    id CHAR(36) NOT NULL,
    user_id CHAR(36) NOT NULL,
    client_id VARCHAR(32) NOT NULL,
    scopes TEXT NOT NULL,
    created_at DATETIME NOT NULL,
    updated_at DATETIME NOT NULL,
    CONSTRAINT consents_pkey PRIMARY KEY (id),
    CONSTRAINT consents_user_id_client_id_key UNIQUE (user_id, client_id),
    CONSTRAINT consents_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT consents_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients (id) ON DELETE CASCADE,
    KEY consents_client_id_idx (client_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS authorization_requests (
    id_hash VARBINARY(64) NOT NULL,
    state VARCHAR(64) NOT NULL,
    client_id TEXT NOT NULL,
    parameters TEXT NOT NULL,
    session_id CHAR(36),
    created_at DATETIME NOT NULL,
    expires_at DATETIME NOT NULL,
    CONSTRAINT authorization_requests_pkey PRIMARY KEY (id_hash),
    KEY authorization_requests_expires_at_idx (expires_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS device_codes (
    device_hash VARBINARY(64) NOT NULL,
    user_code_hash VARBINARY(64) NOT NULL,
    client_id VARCHAR(32) NOT NULL,
    scopes TEXT NOT NULL,
    state VARCHAR(64) NOT NULL,
    user_id CHAR(36),
    auth_time DATETIME,
    method VARCHAR(64),
    interval_secs INTEGER NOT NULL,
    polled_at DATETIME,
    created_at DATETIME NOT NULL,
    expires_at DATETIME NOT NULL,
    CONSTRAINT device_codes_pkey PRIMARY KEY (device_hash),
    CONSTRAINT device_codes_user_code_hash_key UNIQUE (user_code_hash),
    CONSTRAINT device_codes_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients (id) ON DELETE CASCADE,
    CONSTRAINT device_codes_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    KEY device_codes_client_id_idx (client_id),
    KEY device_codes_user_id_idx (user_id),
    KEY device_codes_expires_at_idx (expires_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS client_sessions (
    id CHAR(36) NOT NULL,
    session_id CHAR(36) NOT NULL,
    user_id CHAR(36) NOT NULL,
    client_id VARCHAR(32) NOT NULL,
    tries INTEGER NOT NULL,
    next_try_at DATETIME NOT NULL,
    expires_at DATETIME NOT NULL,
    CONSTRAINT client_sessions_pkey PRIMARY KEY (id),
    CONSTRAINT client_sessions_session_id_client_id_key UNIQUE (session_id, client_id),
    CONSTRAINT client_sessions_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients (id) ON DELETE CASCADE,
    KEY client_sessions_client_id_idx (client_id),
    KEY client_sessions_next_try_at_idx (next_try_at),
    KEY client_sessions_expires_at_idx (expires_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
