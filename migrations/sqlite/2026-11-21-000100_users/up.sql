CREATE TABLE users (
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT,
    email_normal TEXT,
    is_email_proven BOOLEAN NOT NULL,
    is_operator BOOLEAN NOT NULL,
    disabled_at TIMESTAMP,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_email_normal_key UNIQUE (email_normal)
);
CREATE TABLE user_authentications (
    id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    username TEXT NOT NULL,
    username_normal TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    CONSTRAINT user_authentications_pkey PRIMARY KEY (id),
    CONSTRAINT user_authentications_user_id_key UNIQUE (user_id),
    CONSTRAINT user_authentications_username_normal_key UNIQUE (username_normal),
    CONSTRAINT user_authentications_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE TABLE user_oauths (
    id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    provider TEXT NOT NULL,
    issuer TEXT NOT NULL,
    identity TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    last_used_at TIMESTAMP NOT NULL,
    CONSTRAINT user_oauths_pkey PRIMARY KEY (id),
    CONSTRAINT user_oauths_identity_key UNIQUE (provider, issuer, identity),
    CONSTRAINT user_oauths_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX user_oauths_user_id_idx ON user_oauths (user_id);
