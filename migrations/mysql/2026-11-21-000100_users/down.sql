DROP TABLE IF EXISTS user_oauths;
DROP TABLE IF EXISTS user_authentications;
DROP TABLE IF EXISTS users;
