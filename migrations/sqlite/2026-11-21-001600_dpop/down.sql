ALTER TABLE token_families DROP COLUMN dpop_jkt;
