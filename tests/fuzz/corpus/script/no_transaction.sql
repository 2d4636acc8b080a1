-- pgratchet: no-transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON a (n);
VACUUM a;
