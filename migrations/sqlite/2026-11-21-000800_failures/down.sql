DROP TABLE signin_counts;
DROP TABLE failures;
