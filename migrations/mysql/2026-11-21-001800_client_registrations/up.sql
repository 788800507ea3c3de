-- MySQL commits after every statement: each one is repeatable, so that a killed run can go on.
CREATE TABLE IF NOT EXISTS client_registrations (
    client_id VARCHAR(24) NOT NULL,
    token_hash VARCHAR(64) NOT NULL,
    registered_at DATETIME NOT NULL,
    CONSTRAINT client_registrations_pkey PRIMARY KEY (client_id),
    CONSTRAINT client_registrations_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients (id) ON DELETE CASCADE,
    KEY client_registrations_registered_at_idx (registered_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
