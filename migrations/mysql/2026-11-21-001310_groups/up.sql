-- MySQL commits after every statement: each one is repeatable, so that a killed run can go on.
CREATE TABLE IF NOT EXISTS user_groups (
    user_id CHAR(36) NOT NULL,
    name VARCHAR(64) NOT NULL,
    created_at DATETIME NOT NULL,
    CONSTRAINT user_groups_pkey PRIMARY KEY (user_id, name),
    CONSTRAINT user_groups_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
