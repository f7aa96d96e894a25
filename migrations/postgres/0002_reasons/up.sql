-- Why somebody vetoed; most do not say.
ALTER TABLE vetoes ADD COLUMN reason TEXT;
