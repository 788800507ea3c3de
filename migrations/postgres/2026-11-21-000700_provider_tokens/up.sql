CREATE TABLE provider_tokens (
    identity_id VARCHAR(36) COLLATE "C" NOT NULL,
    sealed TEXT COLLATE "C" NOT NULL,
    refreshing_until TIMESTAMP,
    updated_at TIMESTAMP NOT NULL,
    CONSTRAINT provider_tokens_pkey PRIMARY KEY (identity_id),
    CONSTRAINT provider_tokens_identity_id_fkey FOREIGN KEY (identity_id) REFERENCES user_oauths (id) ON DELETE CASCADE
);
