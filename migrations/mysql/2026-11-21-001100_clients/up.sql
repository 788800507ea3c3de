-- MySQL commits after every statement: each one is repeatable, so that a killed run can go on.
CREATE TABLE IF NOT EXISTS clients (
    id VARCHAR(24) NOT NULL,
    owner_id CHAR(36),
    name_skeleton VARCHAR(255) NOT NULL,
    metadata MEDIUMTEXT NOT NULL,
    is_verified BOOLEAN NOT NULL,
    skips_consent BOOLEAN NOT NULL,
    disabled_at DATETIME,
    created_at DATETIME NOT NULL,
    updated_at DATETIME NOT NULL,
    CONSTRAINT clients_pkey PRIMARY KEY (id),
    CONSTRAINT clients_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES users (id) ON DELETE CASCADE,
    KEY clients_owner_id_idx (owner_id),
    KEY clients_name_skeleton_idx (name_skeleton)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS client_secrets (
    id CHAR(36) NOT NULL,
    client_id VARCHAR(24) NOT NULL,
    secret_hash VARBINARY(64) NOT NULL,
    sealed TEXT,
    created_at DATETIME NOT NULL,
    expires_at DATETIME,
    CONSTRAINT client_secrets_pkey PRIMARY KEY (id),
    CONSTRAINT client_secrets_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients (id) ON DELETE CASCADE,
    KEY client_secrets_client_id_idx (client_id),
    KEY client_secrets_expires_at_idx (expires_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS trusted_issuers (
    id CHAR(36) NOT NULL,
    issuer VARCHAR(255) NOT NULL,
    jwks MEDIUMTEXT NOT NULL,
    algorithm VARCHAR(16) NOT NULL,
    scopes TEXT NOT NULL,
    is_disabled BOOLEAN NOT NULL,
    created_at DATETIME NOT NULL,
    CONSTRAINT trusted_issuers_pkey PRIMARY KEY (id),
    CONSTRAINT trusted_issuers_issuer_key UNIQUE (issuer)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS trusted_subjects (
    id CHAR(36) NOT NULL,
    trusted_issuer_id CHAR(36) NOT NULL,
    subject VARCHAR(255) NOT NULL,
    user_id CHAR(36) NOT NULL,
    created_at DATETIME NOT NULL,
    CONSTRAINT trusted_subjects_pkey PRIMARY KEY (id),
    CONSTRAINT trusted_subjects_subject_key UNIQUE (trusted_issuer_id, subject),
    CONSTRAINT trusted_subjects_trusted_issuer_id_fkey FOREIGN KEY (trusted_issuer_id) REFERENCES trusted_issuers (id) ON DELETE CASCADE,
    CONSTRAINT trusted_subjects_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    KEY trusted_subjects_user_id_idx (user_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
