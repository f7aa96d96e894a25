-- Requests with a key that the client chose, so that a repeated one takes effect once and gets the same answer. Only hashes of keys and
-- bodies are stored. Not part of the history: the rows are deleted after a day.
CREATE TABLE requests (
    board_id         BIGINT    NOT NULL REFERENCES boards (id),
    key              TEXT      NOT NULL,
    body_hash        TEXT      NOT NULL,
    salt             BLOB      NOT NULL, -- random
    at               TIMESTAMP NOT NULL,
    first_event      BIGINT, -- the events that the request made, on this board or on the one it created; NULL if none
    last_event       BIGINT,
    created_board_id BIGINT, -- no foreign key: the board can be dropped before
    answer           BLOB, -- NULL until the request is answered
    PRIMARY KEY (board_id, key)
);
CREATE INDEX requests_at ON requests (at);
