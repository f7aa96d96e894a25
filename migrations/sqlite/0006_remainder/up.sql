-- Whether a move or a merge left the feature behind because it did not fit.
ALTER TABLE features ADD COLUMN remainder BOOLEAN NOT NULL DEFAULT FALSE;
