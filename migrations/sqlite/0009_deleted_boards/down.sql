-- Without the column, a deleted board would be an empty one.
DELETE FROM vetoes WHERE board_id IN (SELECT id FROM boards WHERE deleted_at IS NOT NULL);
DELETE FROM consents WHERE board_id IN (SELECT id FROM boards WHERE deleted_at IS NOT NULL);
DELETE FROM settings WHERE board_id IN (SELECT id FROM boards WHERE deleted_at IS NOT NULL);
DELETE FROM browsers WHERE board_id IN (SELECT id FROM boards WHERE deleted_at IS NOT NULL);
DELETE FROM features WHERE board_id IN (SELECT id FROM boards WHERE deleted_at IS NOT NULL);
DELETE FROM items WHERE board_id IN (SELECT id FROM boards WHERE deleted_at IS NOT NULL);
DELETE FROM participants WHERE board_id IN (SELECT id FROM boards WHERE deleted_at IS NOT NULL);
DELETE FROM requests WHERE board_id IN (SELECT id FROM boards WHERE deleted_at IS NOT NULL);
DELETE FROM events WHERE board_id IN (SELECT id FROM boards WHERE deleted_at IS NOT NULL);
DELETE FROM boards WHERE deleted_at IS NOT NULL;
DROP INDEX boards_deleted;
ALTER TABLE boards DROP COLUMN deleted_at;
