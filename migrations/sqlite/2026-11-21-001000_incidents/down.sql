DROP TABLE seen_failures;
DROP TABLE outcome_counts;
DROP TABLE incidents;
DROP TABLE provider_health;
