CREATE TABLE signing_keys (
    name TEXT NOT NULL,
    purpose TEXT NOT NULL,
    sealed TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    CONSTRAINT signing_keys_pkey PRIMARY KEY (name)
);
