CREATE TABLE provider_tokens (
    identity_id TEXT NOT NULL,
    sealed TEXT NOT NULL,
    refreshing_until TIMESTAMP,
    updated_at TIMESTAMP NOT NULL,
    CONSTRAINT provider_tokens_pkey PRIMARY KEY (identity_id),
    CONSTRAINT provider_tokens_identity_id_fkey FOREIGN KEY (identity_id) REFERENCES user_oauths (id) ON DELETE CASCADE
);
