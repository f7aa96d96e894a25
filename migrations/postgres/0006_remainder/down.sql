ALTER TABLE features DROP COLUMN remainder;
