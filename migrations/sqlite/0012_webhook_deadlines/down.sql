DROP INDEX webhook_cursors_deadline;
ALTER TABLE webhook_cursors DROP COLUMN deadline;
