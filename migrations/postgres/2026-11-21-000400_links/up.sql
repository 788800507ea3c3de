CREATE TABLE one_time_links (
    token_hash VARCHAR(64) COLLATE "C" NOT NULL,
    purpose VARCHAR(32) COLLATE "C" NOT NULL,
    user_id VARCHAR(36) COLLATE "C",
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    CONSTRAINT one_time_links_pkey PRIMARY KEY (token_hash),
    CONSTRAINT one_time_links_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX one_time_links_user_id_idx ON one_time_links (user_id);
CREATE INDEX one_time_links_expires_at_idx ON one_time_links (expires_at);
