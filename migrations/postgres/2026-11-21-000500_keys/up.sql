CREATE TABLE signing_keys (
    name VARCHAR(128) COLLATE "C" NOT NULL,
    purpose VARCHAR(64) NOT NULL,
    sealed TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    CONSTRAINT signing_keys_pkey PRIMARY KEY (name)
);
