-- MySQL commits after every statement: each one is repeatable, so that a killed run can go on.
CREATE TABLE IF NOT EXISTS provider_tokens (
    identity_id CHAR(36) NOT NULL,
    sealed MEDIUMTEXT NOT NULL,
    refreshing_until DATETIME,
    updated_at DATETIME NOT NULL,
    CONSTRAINT provider_tokens_pkey PRIMARY KEY (identity_id),
    CONSTRAINT provider_tokens_identity_id_fkey FOREIGN KEY (identity_id) REFERENCES user_oauths (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
