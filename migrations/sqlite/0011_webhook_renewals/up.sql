-- When the process that delivers to an endpoint last said so, by its own clock. For people only: the lease does not depend on clocks.
ALTER TABLE webhook_endpoints ADD COLUMN renewed_at TIMESTAMP;
