DROP TABLE IF EXISTS email_links;
