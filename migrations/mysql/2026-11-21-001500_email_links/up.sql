-- Repeatable: MySQL commits after every statement.
CREATE TABLE IF NOT EXISTS email_links (
    token_hash VARBINARY(64) NOT NULL,
    user_id CHAR(36) NOT NULL,
    email VARCHAR(254) NOT NULL,
    created_at DATETIME NOT NULL,
    expires_at DATETIME NOT NULL,
    CONSTRAINT email_links_pkey PRIMARY KEY (token_hash),
    CONSTRAINT email_links_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    KEY email_links_user_id_idx (user_id),
    KEY email_links_expires_at_idx (expires_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
