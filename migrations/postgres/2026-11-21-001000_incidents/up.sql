CREATE TABLE provider_health (
    provider VARCHAR(32) COLLATE "C" NOT NULL,
    is_troubled BOOLEAN NOT NULL,
    since TIMESTAMP NOT NULL,
    probe_at TIMESTAMP NOT NULL,
    probe_pause_secs INTEGER NOT NULL,
    good_probes INTEGER NOT NULL,
    worked_at TIMESTAMP,
    CONSTRAINT provider_health_pkey PRIMARY KEY (provider)
);
CREATE TABLE incidents (
    id VARCHAR(36) COLLATE "C" NOT NULL,
    kind VARCHAR(32) COLLATE "C" NOT NULL,
    provider VARCHAR(32) COLLATE "C" NOT NULL,
    subject VARCHAR(160) COLLATE "C" NOT NULL,
    open_key VARCHAR(240) COLLATE "C",
    failures INTEGER NOT NULL,
    opened_at TIMESTAMP NOT NULL,
    seen_at TIMESTAMP NOT NULL,
    resolved_at TIMESTAMP,
    expires_at TIMESTAMP NOT NULL,
    CONSTRAINT incidents_pkey PRIMARY KEY (id),
    CONSTRAINT incidents_open_key_key UNIQUE (open_key)
);
CREATE INDEX incidents_opened_at_idx ON incidents (opened_at);
CREATE INDEX incidents_expires_at_idx ON incidents (expires_at);
CREATE TABLE outcome_counts (
    id VARCHAR(120) COLLATE "C" NOT NULL,
    provider VARCHAR(32) COLLATE "C" NOT NULL,
    bucket_at TIMESTAMP NOT NULL,
    begun INTEGER NOT NULL,
    ended INTEGER NOT NULL,
    outages INTEGER NOT NULL,
    browsers INTEGER NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    CONSTRAINT outcome_counts_pkey PRIMARY KEY (id)
);
CREATE INDEX outcome_counts_bucket_at_idx ON outcome_counts (bucket_at);
CREATE INDEX outcome_counts_expires_at_idx ON outcome_counts (expires_at);
CREATE TABLE seen_failures (
    fingerprint VARCHAR(64) COLLATE "C" NOT NULL,
    first_seen_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    CONSTRAINT seen_failures_pkey PRIMARY KEY (fingerprint)
);
CREATE INDEX seen_failures_expires_at_idx ON seen_failures (expires_at);
