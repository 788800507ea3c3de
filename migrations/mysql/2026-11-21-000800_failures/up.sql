-- MySQL commits after every statement: each one is repeatable, so that a killed run can go on.
CREATE TABLE IF NOT EXISTS failures (
    id CHAR(36) NOT NULL,
    reference VARCHAR(32) NOT NULL,
    failed_at DATETIME NOT NULL,
    provider VARCHAR(64),
    category VARCHAR(32) NOT NULL,
    cause VARCHAR(64) NOT NULL,
    stage VARCHAR(32) NOT NULL,
    purpose VARCHAR(32) NOT NULL,
    provider_error VARCHAR(64),
    http_status INTEGER,
    attempt_id CHAR(36),
    is_genuine BOOLEAN NOT NULL,
    rule_id CHAR(36),
    fingerprint VARCHAR(255) NOT NULL,
    story TEXT NOT NULL,
    expires_at DATETIME NOT NULL,
    CONSTRAINT failures_pkey PRIMARY KEY (id),
    KEY failures_reference_idx (reference),
    KEY failures_failed_at_idx (failed_at),
    KEY failures_fingerprint_idx (fingerprint, id),
    KEY failures_expires_at_idx (expires_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS signin_counts (
    id CHAR(36) NOT NULL,
    counted_at DATETIME NOT NULL,
    hour_at DATETIME NOT NULL,
    provider VARCHAR(64) NOT NULL,
    outcome VARCHAR(32) NOT NULL,
    total INTEGER NOT NULL,
    expires_at DATETIME NOT NULL,
    CONSTRAINT signin_counts_pkey PRIMARY KEY (id),
    KEY signin_counts_counted_at_idx (counted_at),
    KEY signin_counts_expires_at_idx (expires_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
