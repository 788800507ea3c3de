CREATE TABLE client_registrations (
    client_id TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    registered_at TIMESTAMP NOT NULL,
    CONSTRAINT client_registrations_pkey PRIMARY KEY (client_id),
    CONSTRAINT client_registrations_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients (id) ON DELETE CASCADE
);
CREATE INDEX client_registrations_registered_at_idx ON client_registrations (registered_at);
