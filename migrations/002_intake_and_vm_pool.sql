-- SPDX-License-Identifier: Apache-2.0
-- Where a sample came from and how urgent it is, and the pool of virtual machines that detonate it.

BEGIN;

-- ---- Intake --------------------------------------------------------------------

ALTER TABLE analysis_jobs
    ADD COLUMN submitter        text,
    ADD COLUMN intake_source    text NOT NULL DEFAULT 'api',
    ADD COLUMN intake_decision  text,
    ADD COLUMN priority         smallint NOT NULL DEFAULT 5,
    ADD COLUMN duplicate_of     uuid REFERENCES analysis_jobs ON DELETE SET NULL,
    ADD CONSTRAINT analysis_jobs_intake_source
        CHECK (intake_source IN ('api', 'mail', 'upload', 'feed', 'resubmission')),
    ADD CONSTRAINT analysis_jobs_intake_decision
        CHECK (intake_decision IN ('accepted', 'duplicate', 'rejected', 'prioritized')),
    ADD CONSTRAINT analysis_jobs_priority CHECK (priority BETWEEN 0 AND 9),
    ADD CONSTRAINT analysis_jobs_not_its_own_duplicate CHECK (duplicate_of <> analysis_id);

COMMENT ON COLUMN analysis_jobs.priority IS '0 is taken first, 9 last';

-- The order in which workers take jobs.
CREATE INDEX analysis_jobs_queue ON analysis_jobs (priority, submitted_at) WHERE status = 'queued';
CREATE INDEX analysis_jobs_duplicate_of ON analysis_jobs (duplicate_of) WHERE duplicate_of IS NOT NULL;

-- ---- VM pool -------------------------------------------------------------------

CREATE TABLE vm_pool_leases (
    lease_id        bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    vmid            integer     NOT NULL CHECK (vmid > 0),
    node            text        NOT NULL,
    guest_platform  text        NOT NULL CHECK (guest_platform IN ('windows', 'linux')),
    analysis_id     uuid        NOT NULL REFERENCES analysis_jobs ON DELETE CASCADE,
    worker          text        NOT NULL,
    leased_at       timestamptz NOT NULL DEFAULT now(),
    heartbeat_at    timestamptz NOT NULL DEFAULT now(),
    released_at     timestamptz,
    release_reason  text,
    CONSTRAINT vm_pool_leases_times CHECK (heartbeat_at >= leased_at AND released_at >= leased_at),
    CONSTRAINT vm_pool_leases_reason CHECK ((released_at IS NULL) = (release_reason IS NULL))
);

COMMENT ON TABLE vm_pool_leases IS 'Who holds which virtual machine; a lease without released_at is held';

-- The lock itself: a machine has one holder, a job one machine.
CREATE UNIQUE INDEX vm_pool_leases_one_holder ON vm_pool_leases (vmid) WHERE released_at IS NULL;
CREATE UNIQUE INDEX vm_pool_leases_one_machine ON vm_pool_leases (analysis_id) WHERE released_at IS NULL;

-- All leases of a job, released ones too: a job that is deleted takes them along.
CREATE INDEX vm_pool_leases_analysis_id ON vm_pool_leases (analysis_id);

-- Finds the leases of workers that died.
CREATE INDEX vm_pool_leases_heartbeat ON vm_pool_leases (heartbeat_at) WHERE released_at IS NULL;

COMMIT;
