-- The key that a code, or the refresh tokens of a client without a secret, are bound to (RFC 9449 §5, §10).
-- MySQL commits after every statement and cannot say "if it is not there": so this asks first, and a killed run can go on.
SET @step = (SELECT IF(COUNT(*) = 0, 'ALTER TABLE token_families ADD COLUMN dpop_jkt VARCHAR(43)', 'DO 0')
    FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'token_families' AND column_name = 'dpop_jkt');
PREPARE step FROM @step;
EXECUTE step;
DEALLOCATE PREPARE step;
