ALTER TABLE webhook_endpoints DROP COLUMN renewed_at;
