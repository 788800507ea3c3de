DROP TABLE user_oauths;
DROP TABLE user_authentications;
DROP TABLE users;
