-- The reason for a veto, which is optional.
ALTER TABLE vetoes ADD COLUMN reason TEXT;
