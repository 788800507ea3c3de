CREATE TABLE email_links (
    token_hash TEXT NOT NULL,
    user_id TEXT NOT NULL,
    email TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    CONSTRAINT email_links_pkey PRIMARY KEY (token_hash),
    CONSTRAINT email_links_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX email_links_user_id_idx ON email_links (user_id);
CREATE INDEX email_links_expires_at_idx ON email_links (expires_at);
