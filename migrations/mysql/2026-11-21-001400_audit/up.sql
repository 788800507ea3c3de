-- MySQL commits after every statement: each one is repeatable, so that a killed run can go on.
CREATE TABLE IF NOT EXISTS audit (
    id CHAR(36) NOT NULL,
    operator_id CHAR(36) NOT NULL,
    act VARCHAR(32) NOT NULL,
    subject VARCHAR(64),
    acted_at DATETIME NOT NULL,
    expires_at DATETIME NOT NULL,
    CONSTRAINT audit_pkey PRIMARY KEY (id),
    KEY audit_expires_at_idx (expires_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
