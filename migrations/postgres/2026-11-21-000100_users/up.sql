CREATE TABLE users (
    id VARCHAR(36) COLLATE "C" NOT NULL,
    name VARCHAR(100) NOT NULL,
    email VARCHAR(254) COLLATE "C",
    email_normal VARCHAR(254) COLLATE "C",
    is_email_proven BOOLEAN NOT NULL,
    is_operator BOOLEAN NOT NULL,
    disabled_at TIMESTAMP,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_email_normal_key UNIQUE (email_normal)
);
CREATE TABLE user_authentications (
    id VARCHAR(36) COLLATE "C" NOT NULL,
    user_id VARCHAR(36) COLLATE "C" NOT NULL,
    username VARCHAR(64) COLLATE "C" NOT NULL,
    username_normal VARCHAR(64) COLLATE "C" NOT NULL,
    password_hash VARCHAR(255) NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    CONSTRAINT user_authentications_pkey PRIMARY KEY (id),
    CONSTRAINT user_authentications_user_id_key UNIQUE (user_id),
    CONSTRAINT user_authentications_username_normal_key UNIQUE (username_normal),
    CONSTRAINT user_authentications_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE TABLE user_oauths (
    id VARCHAR(36) COLLATE "C" NOT NULL,
    user_id VARCHAR(36) COLLATE "C" NOT NULL,
    provider VARCHAR(32) COLLATE "C" NOT NULL,
    issuer VARCHAR(255) COLLATE "C" NOT NULL,
    identity VARCHAR(255) COLLATE "C" NOT NULL,
    created_at TIMESTAMP NOT NULL,
    last_used_at TIMESTAMP NOT NULL,
    CONSTRAINT user_oauths_pkey PRIMARY KEY (id),
    CONSTRAINT user_oauths_identity_key UNIQUE (provider, issuer, identity),
    CONSTRAINT user_oauths_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX user_oauths_user_id_idx ON user_oauths (user_id);
