CREATE TABLE outbox (
    id TEXT NOT NULL,
    sealed TEXT NOT NULL,
    tries INTEGER NOT NULL,
    due_at TIMESTAMP NOT NULL,
    dead_at TIMESTAMP,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    CONSTRAINT outbox_pkey PRIMARY KEY (id)
);
CREATE INDEX outbox_due_at_idx ON outbox (due_at);
CREATE INDEX outbox_expires_at_idx ON outbox (expires_at);
