-- The settings that were made on a board, among them its deadline and that it is closed. A setting without a row has its
-- default.
CREATE TABLE settings (
    board_id BIGINT NOT NULL REFERENCES boards (id),
    setting  TEXT   NOT NULL,
    value    TEXT   NOT NULL, -- JSON
    PRIMARY KEY (board_id, setting)
) WITHOUT ROWID;

-- What is known of a participant's consent.
CREATE TABLE consents (
    board_id       BIGINT NOT NULL,
    participant_id BIGINT NOT NULL,
    as_of          BIGINT, -- the event as of which the participant is fine; NULL if the participant was set aside
    PRIMARY KEY (board_id, participant_id),
    FOREIGN KEY (board_id, participant_id) REFERENCES participants (board_id, id)
) WITHOUT ROWID;

-- The last event that outdated the consent of all but its actor, and the last one by another actor.
ALTER TABLE boards ADD COLUMN renewal BIGINT;
ALTER TABLE boards ADD COLUMN renewal_by BIGINT;
ALTER TABLE boards ADD COLUMN renewal_before BIGINT;
ALTER TABLE boards ADD COLUMN renewal_before_by BIGINT;

ALTER TABLE items ADD COLUMN note TEXT;
-- The number of the event that added the row; 0 if that was before this migration.
ALTER TABLE items ADD COLUMN added_by_event BIGINT NOT NULL DEFAULT 0;
ALTER TABLE features ADD COLUMN added_by_event BIGINT NOT NULL DEFAULT 0;

-- Whether the board is agreed after the event and was not before it.
ALTER TABLE events ADD COLUMN makes_agreed BOOLEAN NOT NULL DEFAULT FALSE;
