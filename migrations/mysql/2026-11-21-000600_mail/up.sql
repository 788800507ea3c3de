-- MySQL commits after every statement: each one is repeatable, so that a killed run can go on.
CREATE TABLE IF NOT EXISTS outbox (
    id VARCHAR(36) NOT NULL,
    sealed TEXT NOT NULL,
    tries INTEGER NOT NULL,
    due_at DATETIME NOT NULL,
    dead_at DATETIME,
    created_at DATETIME NOT NULL,
    expires_at DATETIME NOT NULL,
    CONSTRAINT outbox_pkey PRIMARY KEY (id),
    KEY outbox_due_at_idx (due_at),
    KEY outbox_expires_at_idx (expires_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
