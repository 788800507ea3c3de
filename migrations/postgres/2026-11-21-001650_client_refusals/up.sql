-- What clients did not get, one row for each kind; `id` is made of the client and the four words after it.
CREATE TABLE client_refusals (
    id VARCHAR(64) COLLATE "C" NOT NULL,
    client_id VARCHAR(24) COLLATE "C" NOT NULL,
    place VARCHAR(32) COLLATE "C" NOT NULL,
    grant_type VARCHAR(32) COLLATE "C" NOT NULL,
    error VARCHAR(64) COLLATE "C" NOT NULL,
    detail VARCHAR(255) NOT NULL,
    times BIGINT NOT NULL,
    first_at TIMESTAMP NOT NULL,
    last_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    CONSTRAINT client_refusals_pkey PRIMARY KEY (id),
    CONSTRAINT client_refusals_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients (id) ON DELETE CASCADE
);
CREATE INDEX client_refusals_client_id_idx ON client_refusals (client_id, last_at);
CREATE INDEX client_refusals_expires_at_idx ON client_refusals (expires_at);
