CREATE TABLE user_groups (
    user_id TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    CONSTRAINT user_groups_pkey PRIMARY KEY (user_id, name),
    CONSTRAINT user_groups_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
