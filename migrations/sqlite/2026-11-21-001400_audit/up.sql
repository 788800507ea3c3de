CREATE TABLE audit (
    id TEXT NOT NULL,
    operator_id TEXT NOT NULL,
    act TEXT NOT NULL,
    subject TEXT,
    acted_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    CONSTRAINT audit_pkey PRIMARY KEY (id)
);
CREATE INDEX audit_expires_at_idx ON audit (expires_at);
