-- The key that a code, or the refresh tokens of a client without a secret, are bound to (RFC 9449 §5, §10).
ALTER TABLE token_families ADD COLUMN dpop_jkt TEXT;
