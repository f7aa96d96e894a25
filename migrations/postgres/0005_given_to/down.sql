ALTER TABLE vetoes DROP COLUMN given_to;
