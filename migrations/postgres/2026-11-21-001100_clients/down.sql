DROP TABLE trusted_subjects;
DROP TABLE trusted_issuers;
DROP TABLE client_secrets;
DROP TABLE clients;
