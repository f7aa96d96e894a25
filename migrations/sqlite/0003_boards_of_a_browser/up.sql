-- A browser asks for all boards on which it is somebody.
CREATE INDEX browsers_token ON browsers (token);
