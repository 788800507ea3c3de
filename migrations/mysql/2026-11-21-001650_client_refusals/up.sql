-- What clients did not get, one row for each kind; `id` is made of the client and the four words after it.
-- MySQL commits after every statement: each one is repeatable, so that a killed run can go on.
CREATE TABLE IF NOT EXISTS client_refusals (
    id VARCHAR(64) NOT NULL,
    client_id VARCHAR(24) NOT NULL,
    place VARCHAR(32) NOT NULL,
    grant_type VARCHAR(32) NOT NULL,
    error VARCHAR(64) NOT NULL,
    detail VARCHAR(255) NOT NULL,
    times BIGINT NOT NULL,
    first_at DATETIME NOT NULL,
    last_at DATETIME NOT NULL,
    expires_at DATETIME NOT NULL,
    CONSTRAINT client_refusals_pkey PRIMARY KEY (id),
    CONSTRAINT client_refusals_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients (id) ON DELETE CASCADE,
    KEY client_refusals_client_id_idx (client_id, last_at),
    KEY client_refusals_expires_at_idx (expires_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
