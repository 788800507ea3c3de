DROP TABLE client_sessions;
DROP TABLE device_codes;
DROP TABLE authorization_requests;
DROP TABLE consents;
DROP TABLE refresh_tokens;
DROP TABLE authorization_codes;
DROP TABLE token_families;
