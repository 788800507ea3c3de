-- MySQL commits after every statement: each one is repeatable, so that a killed run can go on.
CREATE TABLE IF NOT EXISTS users (
    id CHAR(36) NOT NULL,
    name VARCHAR(100) NOT NULL,
    email VARCHAR(254),
    email_normal VARCHAR(254),
    is_email_proven BOOLEAN NOT NULL,
    is_operator BOOLEAN NOT NULL,
    disabled_at DATETIME,
    created_at DATETIME NOT NULL,
    updated_at DATETIME NOT NULL,
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_email_normal_key UNIQUE (email_normal)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS user_authentications (
    id CHAR(36) NOT NULL,
    user_id CHAR(36) NOT NULL,
    username VARCHAR(64) NOT NULL,
    username_normal VARCHAR(64) NOT NULL,
    password_hash VARCHAR(255) NOT NULL,
    created_at DATETIME NOT NULL,
    updated_at DATETIME NOT NULL,
    CONSTRAINT user_authentications_pkey PRIMARY KEY (id),
    CONSTRAINT user_authentications_user_id_key UNIQUE (user_id),
    CONSTRAINT user_authentications_username_normal_key UNIQUE (username_normal),
    CONSTRAINT user_authentications_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS user_oauths (
    id CHAR(36) NOT NULL,
    user_id CHAR(36) NOT NULL,
    provider VARCHAR(32) NOT NULL,
    issuer VARCHAR(255) NOT NULL,
    identity VARCHAR(255) NOT NULL,
    created_at DATETIME NOT NULL,
    last_used_at DATETIME NOT NULL,
    CONSTRAINT user_oauths_pkey PRIMARY KEY (id),
    CONSTRAINT user_oauths_identity_key UNIQUE (provider, issuer, identity),
    CONSTRAINT user_oauths_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    KEY user_oauths_user_id_idx (user_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
