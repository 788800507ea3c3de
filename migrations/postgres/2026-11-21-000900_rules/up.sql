CREATE TABLE rules (
    id VARCHAR(36) COLLATE "C" NOT NULL,
    provider VARCHAR(64) COLLATE "C",
    stage VARCHAR(32) COLLATE "C",
    cause VARCHAR(64) COLLATE "C",
    provider_error VARCHAR(64) COLLATE "C",
    category VARCHAR(32) COLLATE "C",
    level VARCHAR(16) COLLATE "C",
    note TEXT NOT NULL,
    made_by VARCHAR(64) NOT NULL,
    made_at TIMESTAMP NOT NULL,
    ended_by VARCHAR(64),
    ended_at TIMESTAMP,
    CONSTRAINT rules_pkey PRIMARY KEY (id)
);
