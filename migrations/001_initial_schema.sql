-- SPDX-License-Identifier: Apache-2.0
-- SandGNAT: the results of malware detonations, kept as STIX 2.1 objects beside the raw artefacts.
-- Every other table hangs on analysis_jobs: one row is one detonation of one sample.
--
-- The runtime role (sandgnat_app) is another one than the role that runs these files and owns what they make. It is made
-- by the administrator of each environment; what it may do is said here, once for all tables to come.

BEGIN;

CREATE EXTENSION IF NOT EXISTS pgcrypto;

ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE ON TABLES TO sandgnat_app;

-- ---- Jobs --------------------------------------------------------------------

CREATE TYPE analysis_status AS ENUM ('queued', 'running', 'completed', 'failed', 'quarantined');

CREATE DOMAIN sha256_hex AS text
    CONSTRAINT sha256_hex_form CHECK (VALUE ~ '^[0-9a-f]{64}$');

CREATE TABLE analysis_jobs (
    analysis_id     uuid            PRIMARY KEY DEFAULT gen_random_uuid(),
    status          analysis_status NOT NULL DEFAULT 'queued',
    sample_name     text            NOT NULL,
    sample_size     bigint          NOT NULL CHECK (sample_size >= 0),
    sample_md5      text            NOT NULL CHECK (sample_md5 ~ '^[0-9a-f]{32}$'),
    sample_sha1     text            NOT NULL CHECK (sample_sha1 ~ '^[0-9a-f]{40}$'),
    sample_sha256   sha256_hex      NOT NULL,
    submitted_at    timestamptz     NOT NULL DEFAULT now(),
    started_at      timestamptz,
    completed_at    timestamptz,
    error_message   text,
    settings        jsonb           NOT NULL DEFAULT '{}',
    CONSTRAINT analysis_jobs_times CHECK (started_at >= submitted_at AND completed_at >= started_at),
    CONSTRAINT analysis_jobs_failed_says_why CHECK (status <> 'failed' OR error_message IS NOT NULL)
);

COMMENT ON TABLE analysis_jobs IS 'One detonation of one sample; the root of everything else';
COMMENT ON COLUMN analysis_jobs.settings IS 'Options of the run as they were asked for; not interpreted by the database';

CREATE INDEX analysis_jobs_sample_sha256 ON analysis_jobs (sample_sha256);
CREATE INDEX analysis_jobs_submitted_at ON analysis_jobs (submitted_at DESC);
CREATE INDEX analysis_jobs_open ON analysis_jobs (submitted_at) WHERE status IN ('queued', 'running');

-- ---- STIX 2.1 ----------------------------------------------------------------
-- The columns are what is searched for; `stix` is the object exactly as it was produced.

CREATE TABLE stix_malware (
    stix_id         text        PRIMARY KEY CHECK (stix_id ~ '^malware--[0-9a-f-]{36}$'),
    analysis_id     uuid        NOT NULL REFERENCES analysis_jobs ON DELETE CASCADE,
    name            text,
    is_family       boolean     NOT NULL DEFAULT false,
    malware_types   text[]      NOT NULL DEFAULT '{}',
    created         timestamptz NOT NULL DEFAULT now(),
    modified        timestamptz NOT NULL DEFAULT now(),
    stix            jsonb       NOT NULL,
    CONSTRAINT stix_malware_raw_is_same_object CHECK (stix ->> 'id' = stix_id)
);

CREATE INDEX stix_malware_analysis_id ON stix_malware (analysis_id);
CREATE INDEX stix_malware_types ON stix_malware USING gin (malware_types);
CREATE INDEX stix_malware_raw ON stix_malware USING gin (stix jsonb_path_ops);

CREATE TABLE stix_observables (
    stix_id         text        PRIMARY KEY,
    analysis_id     uuid        NOT NULL REFERENCES analysis_jobs ON DELETE CASCADE,
    observable_type text        NOT NULL,
    value           text,
    created         timestamptz NOT NULL DEFAULT now(),
    stix            jsonb       NOT NULL,
    CONSTRAINT stix_observables_id_names_type
        CHECK (left(stix_id, length(observable_type) + 2) = observable_type || '--')
);

CREATE INDEX stix_observables_analysis_id ON stix_observables (analysis_id);
CREATE INDEX stix_observables_type_value ON stix_observables (observable_type, value);
CREATE INDEX stix_observables_raw ON stix_observables USING gin (stix jsonb_path_ops);

CREATE TABLE stix_indicators (
    stix_id         text        PRIMARY KEY CHECK (stix_id ~ '^indicator--[0-9a-f-]{36}$'),
    analysis_id     uuid        NOT NULL REFERENCES analysis_jobs ON DELETE CASCADE,
    pattern         text        NOT NULL,
    pattern_type    text        NOT NULL DEFAULT 'stix' CHECK (pattern_type IN ('stix', 'yara', 'sigma', 'snort')),
    confidence      smallint    CHECK (confidence BETWEEN 0 AND 100),
    valid_from      timestamptz NOT NULL DEFAULT now(),
    valid_until     timestamptz,
    stix            jsonb       NOT NULL,
    CONSTRAINT stix_indicators_validity CHECK (valid_until > valid_from)
);

CREATE INDEX stix_indicators_analysis_id ON stix_indicators (analysis_id);
CREATE INDEX stix_indicators_valid_until ON stix_indicators (valid_until) WHERE valid_until IS NOT NULL;
CREATE INDEX stix_indicators_raw ON stix_indicators USING gin (stix);

-- ---- What the sample left behind -----------------------------------------------

CREATE TABLE dropped_files (
    dropped_file_id bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    analysis_id     uuid        NOT NULL REFERENCES analysis_jobs ON DELETE CASCADE,
    path            text        NOT NULL,
    file_size       bigint      NOT NULL CHECK (file_size >= 0),
    sha256          sha256_hex  NOT NULL,
    mime_type       text,
    dropped_at      timestamptz,
    UNIQUE (analysis_id, path, sha256)
);

CREATE INDEX dropped_files_sha256 ON dropped_files (sha256);

CREATE TYPE registry_operation AS ENUM ('create_key', 'set_value', 'delete_value', 'delete_key');

CREATE TABLE registry_changes (
    registry_change_id bigint             GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    analysis_id        uuid               NOT NULL REFERENCES analysis_jobs ON DELETE CASCADE,
    operation          registry_operation NOT NULL,
    key_path           text               NOT NULL,
    value_name         text,
    value_before       text,
    value_after        text,
    changed_at         timestamptz        NOT NULL,
    is_persistence     boolean            GENERATED ALWAYS AS
        (key_path ILIKE '%\\CurrentVersion\\Run%' OR key_path ILIKE '%\\Services\\%') STORED
);

COMMENT ON COLUMN registry_changes.is_persistence IS 'A key that makes a program start again after a reboot';

CREATE INDEX registry_changes_analysis_id ON registry_changes (analysis_id);
CREATE INDEX registry_changes_persistence ON registry_changes (analysis_id) WHERE is_persistence;

CREATE TABLE network_iocs (
    network_ioc_id  bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    analysis_id     uuid        NOT NULL REFERENCES analysis_jobs ON DELETE CASCADE,
    protocol        text        NOT NULL CHECK (protocol IN ('tcp', 'udp', 'icmp', 'dns', 'http', 'tls')),
    remote_address  inet,
    remote_port     integer     CHECK (remote_port BETWEEN 0 AND 65535),
    domain_name     text,
    url             text,
    bytes_sent      bigint      NOT NULL DEFAULT 0,
    bytes_received  bigint      NOT NULL DEFAULT 0,
    first_seen      timestamptz NOT NULL,
    last_seen       timestamptz NOT NULL,
    CONSTRAINT network_iocs_points_somewhere CHECK (num_nonnulls(remote_address, domain_name, url) > 0),
    CONSTRAINT network_iocs_seen CHECK (last_seen >= first_seen)
);

CREATE INDEX network_iocs_analysis_id ON network_iocs (analysis_id);
CREATE INDEX network_iocs_remote_address ON network_iocs USING gist (remote_address inet_ops);
CREATE INDEX network_iocs_domain_name ON network_iocs (lower(domain_name)) WHERE domain_name IS NOT NULL;

-- ---- Audit log -----------------------------------------------------------------
-- Append-only, for everyone: what was once written is evidence.

CREATE TABLE analysis_audit_log (
    audit_id        bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    analysis_id     uuid,       -- no foreign key: the log outlives the job
    actor           text        NOT NULL DEFAULT current_user,
    action          text        NOT NULL,
    details         jsonb       NOT NULL DEFAULT '{}',
    logged_at       timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX analysis_audit_log_analysis_id ON analysis_audit_log (analysis_id, logged_at);

CREATE FUNCTION refuse_audit_change() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION 'analysis_audit_log is append-only: % refused', TG_OP
        USING ERRCODE = 'insufficient_privilege',
              HINT = 'Write a new entry that corrects the old one.';
END;
$$;

CREATE TRIGGER analysis_audit_log_append_only
    BEFORE UPDATE OR DELETE ON analysis_audit_log
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();

-- TRUNCATE passes row triggers by.
CREATE TRIGGER analysis_audit_log_no_truncate
    BEFORE TRUNCATE ON analysis_audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

-- Neither is skipped while session_replication_role is "replica".
ALTER TABLE analysis_audit_log ENABLE ALWAYS TRIGGER analysis_audit_log_append_only;
ALTER TABLE analysis_audit_log ENABLE ALWAYS TRIGGER analysis_audit_log_no_truncate;

CREATE FUNCTION log_status_change() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO analysis_audit_log (analysis_id, action, details)
    VALUES (NEW.analysis_id, 'status', jsonb_build_object('from', OLD.status, 'to', NEW.status));
    RETURN NULL;
END;
$$;

CREATE TRIGGER analysis_jobs_log_status
    AFTER UPDATE OF status ON analysis_jobs
    FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status)
    EXECUTE FUNCTION log_status_change();

-- ---- Full-text search ------------------------------------------------------------
-- A side table rather than a column, so that indexing text never rewrites a wide job row.

CREATE TABLE analysis_search (
    analysis_id     uuid        PRIMARY KEY REFERENCES analysis_jobs ON DELETE CASCADE,
    document        tsvector    NOT NULL,
    refreshed_at    timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX analysis_search_document ON analysis_search USING gin (document);

CREATE FUNCTION refresh_analysis_search() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO analysis_search AS s (analysis_id, document)
    VALUES (NEW.analysis_id,
            setweight(to_tsvector('simple', NEW.sample_name), 'A') ||
            setweight(to_tsvector('simple', concat_ws(' ', NEW.sample_md5, NEW.sample_sha1, NEW.sample_sha256)), 'B') ||
            setweight(to_tsvector('english', coalesce(NEW.error_message, '')), 'D'))
    ON CONFLICT (analysis_id) DO UPDATE
        SET document = EXCLUDED.document, refreshed_at = now()
        WHERE s.document IS DISTINCT FROM EXCLUDED.document;
    RETURN NULL;
END;
$$;

CREATE TRIGGER analysis_jobs_refresh_search
    AFTER INSERT OR UPDATE OF sample_name, sample_md5, sample_sha1, sample_sha256, error_message ON analysis_jobs
    FOR EACH ROW EXECUTE FUNCTION refresh_analysis_search();

COMMIT;
