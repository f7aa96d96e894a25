-- All rows of a board have keys that start with its id: (board_id, id), with ids numbered per board.
-- So the primary keys, which cluster the rows, serve every query for a full board, and a foreign key
-- check reads at most one board. Additional indexes exist only where that would be too many rows for a
-- frequent operation.

CREATE TABLE boards (
    id               INTEGER   NOT NULL PRIMARY KEY AUTOINCREMENT,
    slug             TEXT      NOT NULL UNIQUE,
    name             TEXT      NOT NULL,
    version          BIGINT    NOT NULL DEFAULT 0,
    last_participant BIGINT    NOT NULL DEFAULT 0,
    last_item        BIGINT    NOT NULL DEFAULT 0,
    last_feature     BIGINT    NOT NULL DEFAULT 0,
    created_at       TIMESTAMP NOT NULL
);

CREATE TABLE participants (
    board_id  BIGINT    NOT NULL REFERENCES boards (id),
    id        BIGINT    NOT NULL,
    name      TEXT      NOT NULL,
    joined_at TIMESTAMP NOT NULL,
    PRIMARY KEY (board_id, id)
) WITHOUT ROWID;

-- The participant of each browser. The token is a hash of the cookie's value.
CREATE TABLE browsers (
    board_id       BIGINT NOT NULL,
    token          TEXT   NOT NULL,
    participant_id BIGINT NOT NULL,
    PRIMARY KEY (board_id, token),
    FOREIGN KEY (board_id, participant_id) REFERENCES participants (board_id, id)
) WITHOUT ROWID;
CREATE INDEX browsers_participant ON browsers (board_id, participant_id);

CREATE TABLE items (
    board_id   BIGINT    NOT NULL REFERENCES boards (id),
    id         BIGINT    NOT NULL,
    name       TEXT      NOT NULL,
    kind       TEXT,
    author_id  BIGINT    NOT NULL,
    created_at TIMESTAMP NOT NULL,
    deleted_at TIMESTAMP,
    PRIMARY KEY (board_id, id),
    FOREIGN KEY (board_id, author_id) REFERENCES participants (board_id, id)
) WITHOUT ROWID;

-- item_id is NULL for a feature that belongs to no item.
CREATE TABLE features (
    board_id   BIGINT    NOT NULL REFERENCES boards (id),
    id         BIGINT    NOT NULL,
    item_id    BIGINT,
    name       TEXT      NOT NULL,
    amount     SMALLINT  NOT NULL CHECK (amount BETWEEN 1 AND 3),
    author_id  BIGINT    NOT NULL,
    created_at TIMESTAMP NOT NULL,
    deleted_at TIMESTAMP,
    PRIMARY KEY (board_id, id),
    FOREIGN KEY (board_id, item_id) REFERENCES items (board_id, id),
    FOREIGN KEY (board_id, author_id) REFERENCES participants (board_id, id)
) WITHOUT ROWID;
CREATE INDEX features_item ON features (board_id, item_id);

CREATE TABLE vetoes (
    board_id       BIGINT    NOT NULL,
    feature_id     BIGINT    NOT NULL,
    participant_id BIGINT    NOT NULL,
    created_at     TIMESTAMP NOT NULL,
    PRIMARY KEY (board_id, feature_id, participant_id),
    FOREIGN KEY (board_id, feature_id) REFERENCES features (board_id, id),
    FOREIGN KEY (board_id, participant_id) REFERENCES participants (board_id, id)
) WITHOUT ROWID;
CREATE INDEX vetoes_participant ON vetoes (board_id, participant_id);

-- The log: gapless numbers per board, in commit order. The actor's name is stored too, and there is no
-- foreign key: the log remains readable whatever happens to the rows it refers to.
CREATE TABLE events (
    board_id   BIGINT    NOT NULL REFERENCES boards (id),
    number     BIGINT    NOT NULL,
    at         TIMESTAMP NOT NULL,
    actor_id   BIGINT    NOT NULL,
    actor_name TEXT      NOT NULL,
    action     TEXT      NOT NULL, -- JSON
    change     TEXT      NOT NULL, -- JSON: the changed rows, before and after
    undoes     BIGINT,
    PRIMARY KEY (board_id, number)
);
CREATE INDEX events_undoes ON events (board_id, undoes) WHERE undoes IS NOT NULL;

INSERT INTO boards (slug, name, created_at) VALUES ('main', 'main', CURRENT_TIMESTAMP);
