CREATE TABLE failures (
    id TEXT NOT NULL,
    reference TEXT NOT NULL,
    failed_at TIMESTAMP NOT NULL,
    provider TEXT,
    category TEXT NOT NULL,
    cause TEXT NOT NULL,
    stage TEXT NOT NULL,
    purpose TEXT NOT NULL,
    provider_error TEXT,
    http_status INTEGER,
    attempt_id TEXT,
    is_genuine BOOLEAN NOT NULL,
    rule_id TEXT,
    fingerprint TEXT NOT NULL,
    story TEXT NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    CONSTRAINT failures_pkey PRIMARY KEY (id)
);
CREATE INDEX failures_reference_idx ON failures (reference);
CREATE INDEX failures_failed_at_idx ON failures (failed_at);
CREATE INDEX failures_fingerprint_idx ON failures (fingerprint, id);
CREATE INDEX failures_expires_at_idx ON failures (expires_at);
CREATE TABLE signin_counts (
    id TEXT NOT NULL,
    counted_at TIMESTAMP NOT NULL,
    hour_at TIMESTAMP NOT NULL,
    provider TEXT NOT NULL,
    outcome TEXT NOT NULL,
    total INTEGER NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    CONSTRAINT signin_counts_pkey PRIMARY KEY (id)
);
CREATE INDEX signin_counts_counted_at_idx ON signin_counts (counted_at);
CREATE INDEX signin_counts_expires_at_idx ON signin_counts (expires_at);
