-- The endpoints that webhooks are sent to, by a hash of address and format: an address can contain a secret. One process at a time
-- delivers to an endpoint; it increases `lease` all the time.
CREATE TABLE webhook_endpoints (
    id            TEXT      NOT NULL PRIMARY KEY,
    host          TEXT      NOT NULL,
    format        TEXT      NOT NULL,
    registered_at TIMESTAMP NOT NULL,
    delivered_at  TIMESTAMP, -- the last success
    disabled_at   TIMESTAMP,
    reason        TEXT, -- why it was disabled
    leased_by     TEXT, -- the process that delivers
    lease         BIGINT    NOT NULL DEFAULT 0
);

-- How far the log of a board was delivered to an endpoint. Not part of the history.
CREATE TABLE webhook_cursors (
    board_id         BIGINT    NOT NULL REFERENCES boards (id) ON DELETE CASCADE,
    endpoint         TEXT      NOT NULL,
    epoch            BIGINT    NOT NULL, -- the history that the position belongs to
    position         BIGINT    NOT NULL, -- the number of the last event that was delivered
    attempts         INTEGER   NOT NULL DEFAULT 0, -- failed ones of the next event
    first_failure_at TIMESTAMP,
    next_attempt_at  TIMESTAMP,
    last_error       TEXT,
    PRIMARY KEY (board_id, endpoint)
);
