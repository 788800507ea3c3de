DROP TABLE IF EXISTS provider_tokens;
