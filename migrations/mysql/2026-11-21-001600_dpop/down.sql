SET @step = (SELECT IF(COUNT(*) = 1, 'ALTER TABLE token_families DROP COLUMN dpop_jkt', 'DO 0')
    FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'token_families' AND column_name = 'dpop_jkt');
PREPARE step FROM @step;
EXECUTE step;
DEALLOCATE PREPARE step;
