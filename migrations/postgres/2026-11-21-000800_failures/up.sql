CREATE TABLE failures (
    id VARCHAR(36) COLLATE "C" NOT NULL,
    reference VARCHAR(32) COLLATE "C" NOT NULL,
    failed_at TIMESTAMP NOT NULL,
    provider VARCHAR(64) COLLATE "C",
    category VARCHAR(32) COLLATE "C" NOT NULL,
    cause VARCHAR(64) COLLATE "C" NOT NULL,
    stage VARCHAR(32) COLLATE "C" NOT NULL,
    purpose VARCHAR(32) COLLATE "C" NOT NULL,
    provider_error VARCHAR(64) COLLATE "C",
    http_status INTEGER,
    attempt_id VARCHAR(36) COLLATE "C",
    is_genuine BOOLEAN NOT NULL,
    rule_id VARCHAR(36) COLLATE "C",
    fingerprint VARCHAR(255) COLLATE "C" NOT NULL,
    story TEXT NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    CONSTRAINT failures_pkey PRIMARY KEY (id)
);
CREATE INDEX failures_reference_idx ON failures (reference);
CREATE INDEX failures_failed_at_idx ON failures (failed_at);
CREATE INDEX failures_fingerprint_idx ON failures (fingerprint, id);
CREATE INDEX failures_expires_at_idx ON failures (expires_at);
CREATE TABLE signin_counts (
    id VARCHAR(36) COLLATE "C" NOT NULL,
    counted_at TIMESTAMP NOT NULL,
    hour_at TIMESTAMP NOT NULL,
    provider VARCHAR(64) COLLATE "C" NOT NULL,
    outcome VARCHAR(32) COLLATE "C" NOT NULL,
    total INTEGER NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    CONSTRAINT signin_counts_pkey PRIMARY KEY (id)
);
CREATE INDEX signin_counts_counted_at_idx ON signin_counts (counted_at);
CREATE INDEX signin_counts_expires_at_idx ON signin_counts (expires_at);
