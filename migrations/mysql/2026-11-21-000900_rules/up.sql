-- MySQL commits after every statement: each one is repeatable, so that a killed run can go on.
CREATE TABLE IF NOT EXISTS rules (
    id CHAR(36) NOT NULL,
    provider VARCHAR(64),
    stage VARCHAR(32),
    cause VARCHAR(64),
    provider_error VARCHAR(64),
    category VARCHAR(32),
    level VARCHAR(16),
    note TEXT NOT NULL,
    made_by VARCHAR(64) NOT NULL,
    made_at DATETIME NOT NULL,
    ended_by VARCHAR(64),
    ended_at DATETIME,
    CONSTRAINT rules_pkey PRIMARY KEY (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
