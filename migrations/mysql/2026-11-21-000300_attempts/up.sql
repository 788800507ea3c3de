-- MySQL commits after every statement: each one is repeatable, so that a killed run can go on.
CREATE TABLE IF NOT EXISTS consumed_attempts (
    id CHAR(36) NOT NULL,
    outcome VARCHAR(32),
    user_id CHAR(36),
    session_id CHAR(36),
    cause VARCHAR(64),
    reference VARCHAR(32),
    expires_at DATETIME NOT NULL,
    CONSTRAINT consumed_attempts_pkey PRIMARY KEY (id),
    KEY consumed_attempts_expires_at_idx (expires_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS spent_values (
    value_hash VARBINARY(64) NOT NULL,
    expires_at DATETIME NOT NULL,
    CONSTRAINT spent_values_pkey PRIMARY KEY (value_hash),
    KEY spent_values_expires_at_idx (expires_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS throttles (
    key_hash VARBINARY(64) NOT NULL,
    window_started_at DATETIME NOT NULL,
    tries INTEGER NOT NULL,
    expires_at DATETIME NOT NULL,
    CONSTRAINT throttles_pkey PRIMARY KEY (key_hash),
    KEY throttles_expires_at_idx (expires_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
