-- SPDX-License-Identifier: Apache-2.0
-- Ties a job to the investigation that asked for it, and says with whom its results may be shared.

BEGIN;

ALTER TABLE analysis_jobs
    ADD COLUMN investigation_id text
        CONSTRAINT analysis_jobs_investigation_id CHECK (investigation_id ~ '^INV-[0-9]{4}-[0-9]{4,}$'),
    ADD COLUMN investigation_role text
        CONSTRAINT analysis_jobs_investigation_role
            CHECK (investigation_role IN ('primary', 'related', 'control')),
    ADD COLUMN tlp text NOT NULL DEFAULT 'amber'
        CONSTRAINT analysis_jobs_tlp CHECK (tlp IN ('clear', 'green', 'amber', 'amber+strict', 'red')),
    ADD CONSTRAINT analysis_jobs_role_needs_investigation
        CHECK (investigation_role IS NULL OR investigation_id IS NOT NULL);

COMMENT ON COLUMN analysis_jobs.tlp IS 'Traffic Light Protocol 2.0, in lower case and without "TLP:"';

-- Most jobs belong to no investigation.
CREATE INDEX analysis_jobs_by_investigation ON analysis_jobs (investigation_id, submitted_at DESC)
    WHERE investigation_id IS NOT NULL;

COMMIT;
