CREATE TABLE clients (
    id TEXT NOT NULL,
    owner_id TEXT,
    name_skeleton TEXT NOT NULL,
    metadata TEXT NOT NULL,
    is_verified BOOLEAN NOT NULL,
    skips_consent BOOLEAN NOT NULL,
    disabled_at TIMESTAMP,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    CONSTRAINT clients_pkey PRIMARY KEY (id),
    CONSTRAINT clients_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX clients_owner_id_idx ON clients (owner_id);
CREATE INDEX clients_name_skeleton_idx ON clients (name_skeleton);
CREATE TABLE client_secrets (
    id TEXT NOT NULL,
    client_id TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    sealed TEXT,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP,
    CONSTRAINT client_secrets_pkey PRIMARY KEY (id),
    CONSTRAINT client_secrets_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients (id) ON DELETE CASCADE
);
CREATE INDEX client_secrets_client_id_idx ON client_secrets (client_id);
CREATE INDEX client_secrets_expires_at_idx ON client_secrets (expires_at);
CREATE TABLE trusted_issuers (
    id TEXT NOT NULL,
    issuer TEXT NOT NULL,
    jwks TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    scopes TEXT NOT NULL,
    is_disabled BOOLEAN NOT NULL,
    created_at TIMESTAMP NOT NULL,
    CONSTRAINT trusted_issuers_pkey PRIMARY KEY (id),
    CONSTRAINT trusted_issuers_issuer_key UNIQUE (issuer)
);
CREATE TABLE trusted_subjects (
    id TEXT NOT NULL,
    trusted_issuer_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    user_id TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    CONSTRAINT trusted_subjects_pkey PRIMARY KEY (id),
    CONSTRAINT trusted_subjects_subject_key UNIQUE (trusted_issuer_id, subject),
    CONSTRAINT trusted_subjects_trusted_issuer_id_fkey FOREIGN KEY (trusted_issuer_id) REFERENCES trusted_issuers (id) ON DELETE CASCADE,
    CONSTRAINT trusted_subjects_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX trusted_subjects_user_id_idx ON trusted_subjects (user_id);
