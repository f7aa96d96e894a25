-- The name that the feature of a veto had when the veto was given, if it has another one now.
ALTER TABLE vetoes ADD COLUMN given_to TEXT;
