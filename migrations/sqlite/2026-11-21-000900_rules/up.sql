CREATE TABLE rules (
    id TEXT NOT NULL,
    provider TEXT,
    stage TEXT,
    cause TEXT,
    provider_error TEXT,
    category TEXT,
    level TEXT,
    note TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at TIMESTAMP NOT NULL,
    ended_by TEXT,
    ended_at TIMESTAMP,
    CONSTRAINT rules_pkey PRIMARY KEY (id)
);
