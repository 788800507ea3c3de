-- MySQL commits after every statement: each one is repeatable, so that a killed run can go on.
CREATE TABLE IF NOT EXISTS provider_health (
    provider VARCHAR(32) NOT NULL,
    is_troubled BOOLEAN NOT NULL,
    since DATETIME NOT NULL,
    probe_at DATETIME NOT NULL,
    probe_pause_secs INTEGER NOT NULL,
    good_probes INTEGER NOT NULL,
    worked_at DATETIME,
    CONSTRAINT provider_health_pkey PRIMARY KEY (provider)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS incidents (
    id CHAR(36) NOT NULL,
    kind VARCHAR(32) NOT NULL,
    provider VARCHAR(32) NOT NULL,
    subject VARCHAR(160) NOT NULL,
    open_key VARCHAR(240),
    failures INTEGER NOT NULL,
    opened_at DATETIME NOT NULL,
    seen_at DATETIME NOT NULL,
    resolved_at DATETIME,
    expires_at DATETIME NOT NULL,
    CONSTRAINT incidents_pkey PRIMARY KEY (id),
    CONSTRAINT incidents_open_key_key UNIQUE (open_key),
    KEY incidents_opened_at_idx (opened_at),
    KEY incidents_expires_at_idx (expires_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS outcome_counts (
    id VARCHAR(120) NOT NULL,
    provider VARCHAR(32) NOT NULL,
    bucket_at DATETIME NOT NULL,
    begun INTEGER NOT NULL,
    ended INTEGER NOT NULL,
    outages INTEGER NOT NULL,
    browsers INTEGER NOT NULL,
    expires_at DATETIME NOT NULL,
    CONSTRAINT outcome_counts_pkey PRIMARY KEY (id),
    KEY outcome_counts_bucket_at_idx (bucket_at),
    KEY outcome_counts_expires_at_idx (expires_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS seen_failures (
    fingerprint VARCHAR(64) NOT NULL,
    first_seen_at DATETIME NOT NULL,
    expires_at DATETIME NOT NULL,
    CONSTRAINT seen_failures_pkey PRIMARY KEY (fingerprint),
    KEY seen_failures_expires_at_idx (expires_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
