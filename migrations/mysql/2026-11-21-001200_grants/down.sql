DROP TABLE IF EXISTS client_sessions;
DROP TABLE IF EXISTS device_codes;
DROP TABLE IF EXISTS authorization_requests;
DROP TABLE IF EXISTS consents;
DROP TABLE IF EXISTS refresh_tokens;
DROP TABLE IF EXISTS authorization_codes;
DROP TABLE IF EXISTS token_families;
