DROP TABLE throttles;
DROP TABLE spent_values;
DROP TABLE consumed_attempts;
