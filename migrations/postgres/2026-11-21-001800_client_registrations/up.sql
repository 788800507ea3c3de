CREATE TABLE client_registrations (
    client_id VARCHAR(24) COLLATE "C" NOT NULL,
    token_hash VARCHAR(64) COLLATE "C" NOT NULL,
    registered_at TIMESTAMP NOT NULL,
    CONSTRAINT client_registrations_pkey PRIMARY KEY (client_id),
    CONSTRAINT client_registrations_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients (id) ON DELETE CASCADE
);
CREATE INDEX client_registrations_registered_at_idx ON client_registrations (registered_at);
