-- Identifies one history of a board. Restoring a backup gives each board a new one, so that open pages do not take
-- the event numbers of two histories for the same. 53 random bits.
ALTER TABLE boards ADD COLUMN epoch BIGINT NOT NULL DEFAULT 0;
UPDATE boards SET epoch = random() & 9007199254740991;
