DROP TABLE IF EXISTS client_refusals;
