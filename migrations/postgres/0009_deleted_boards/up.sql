-- When a board was deleted. Its other rows go soon after; its address is remembered for a while.
ALTER TABLE boards ADD COLUMN deleted_at TIMESTAMP;
CREATE INDEX boards_deleted ON boards (deleted_at) WHERE deleted_at IS NOT NULL;
