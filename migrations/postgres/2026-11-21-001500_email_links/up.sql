CREATE TABLE email_links (
    token_hash VARCHAR(64) COLLATE "C" NOT NULL,
    user_id VARCHAR(36) COLLATE "C" NOT NULL,
    email VARCHAR(254) COLLATE "C" NOT NULL,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    CONSTRAINT email_links_pkey PRIMARY KEY (token_hash),
    CONSTRAINT email_links_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX email_links_user_id_idx ON email_links (user_id);
CREATE INDEX email_links_expires_at_idx ON email_links (expires_at);
