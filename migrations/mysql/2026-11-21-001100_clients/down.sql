DROP TABLE IF EXISTS trusted_subjects;
DROP TABLE IF EXISTS trusted_issuers;
DROP TABLE IF EXISTS client_secrets;
DROP TABLE IF EXISTS clients;
