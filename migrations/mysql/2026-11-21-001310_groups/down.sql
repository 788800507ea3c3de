DROP TABLE IF EXISTS user_groups;
