CREATE TABLE user_groups (
    user_id VARCHAR(36) COLLATE "C" NOT NULL,
    name VARCHAR(64) COLLATE "C" NOT NULL,
    created_at TIMESTAMP NOT NULL,
    CONSTRAINT user_groups_pkey PRIMARY KEY (user_id, name),
    CONSTRAINT user_groups_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
