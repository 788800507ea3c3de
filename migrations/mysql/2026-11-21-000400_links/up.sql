-- MySQL commits after every statement: each one is repeatable, so that a killed run can go on.
CREATE TABLE IF NOT EXISTS one_time_links (
    token_hash VARBINARY(64) NOT NULL,
    purpose VARCHAR(32) NOT NULL,
    user_id CHAR(36),
    created_at DATETIME NOT NULL,
    expires_at DATETIME NOT NULL,
    CONSTRAINT one_time_links_pkey PRIMARY KEY (token_hash),
    CONSTRAINT one_time_links_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    KEY one_time_links_user_id_idx (user_id),
    KEY one_time_links_expires_at_idx (expires_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
