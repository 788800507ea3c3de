DROP TABLE IF EXISTS client_registrations;
