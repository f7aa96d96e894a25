-- The deadline of the board after the event at the position, until the endpoint was told that it has passed: that is no event.
ALTER TABLE webhook_cursors ADD COLUMN deadline TIMESTAMP;
UPDATE webhook_cursors SET deadline = (
    SELECT replace(json_extract(settings.value, '$.at'), 'T', ' ') FROM settings
    WHERE settings.board_id = webhook_cursors.board_id AND settings.setting = 'deadline'
);
-- What has passed already is no news.
UPDATE webhook_cursors SET deadline = NULL WHERE deadline <= CURRENT_TIMESTAMP;
CREATE INDEX webhook_cursors_deadline ON webhook_cursors (endpoint, deadline) WHERE deadline IS NOT NULL;
