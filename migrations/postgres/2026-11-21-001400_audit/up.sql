CREATE TABLE audit (
    id VARCHAR(36) COLLATE "C" NOT NULL,
    operator_id VARCHAR(36) COLLATE "C" NOT NULL,
    act VARCHAR(32) COLLATE "C" NOT NULL,
    subject VARCHAR(64) COLLATE "C",
    acted_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    CONSTRAINT audit_pkey PRIMARY KEY (id)
);
CREATE INDEX audit_expires_at_idx ON audit (expires_at);
