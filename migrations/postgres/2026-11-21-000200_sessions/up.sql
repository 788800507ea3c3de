CREATE TABLE sessions (
    id VARCHAR(36) COLLATE "C" NOT NULL,
    user_id VARCHAR(36) COLLATE "C" NOT NULL,
    method VARCHAR(32) COLLATE "C" NOT NULL,
    browser VARCHAR(255) NOT NULL,
    created_at TIMESTAMP NOT NULL,
    seen_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    CONSTRAINT sessions_pkey PRIMARY KEY (id),
    CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX sessions_user_id_idx ON sessions (user_id);
CREATE INDEX sessions_expires_at_idx ON sessions (expires_at);
