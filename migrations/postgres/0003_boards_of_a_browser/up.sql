-- Serves the list of boards on which a browser is a participant.
CREATE INDEX browsers_token ON browsers (token);
