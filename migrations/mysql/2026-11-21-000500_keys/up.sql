-- MySQL commits after every statement: each one is repeatable, so that a killed run can go on.
CREATE TABLE IF NOT EXISTS signing_keys (
    name VARCHAR(128) NOT NULL,
    purpose VARCHAR(64) NOT NULL,
    sealed TEXT NOT NULL,
    created_at DATETIME NOT NULL,
    CONSTRAINT signing_keys_pkey PRIMARY KEY (name)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
