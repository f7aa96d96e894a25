DROP INDEX browsers_token;
