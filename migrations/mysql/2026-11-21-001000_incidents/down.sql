DROP TABLE IF EXISTS seen_failures;
DROP TABLE IF EXISTS outcome_counts;
DROP TABLE IF EXISTS incidents;
DROP TABLE IF EXISTS provider_health;
