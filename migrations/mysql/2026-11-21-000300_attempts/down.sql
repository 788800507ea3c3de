DROP TABLE IF EXISTS throttles;
DROP TABLE IF EXISTS spent_values;
DROP TABLE IF EXISTS consumed_attempts;
