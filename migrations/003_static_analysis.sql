-- SPDX-License-Identifier: Apache-2.0
-- What can be said about a sample without running it, and which samples are alike.

BEGIN;

ALTER TABLE analysis_jobs
    ADD COLUMN imphash text
        CONSTRAINT analysis_jobs_imphash CHECK (imphash ~ '^[0-9a-f]{32}$'),
    ADD COLUMN near_duplicate_of uuid;

-- Points to a job of the same table; may be set in the transaction that adds that job.
ALTER TABLE analysis_jobs
    ADD CONSTRAINT analysis_jobs_near_duplicate_of FOREIGN KEY (near_duplicate_of)
        REFERENCES analysis_jobs (analysis_id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;

CREATE INDEX analysis_jobs_by_imphash ON analysis_jobs (imphash) WHERE imphash IS NOT NULL;
CREATE INDEX analysis_jobs_by_near_duplicate ON analysis_jobs (near_duplicate_of) WHERE near_duplicate_of IS NOT NULL;

CREATE TABLE static_analysis (
    analysis_id     uuid        PRIMARY KEY REFERENCES analysis_jobs ON DELETE CASCADE,
    file_format     text        NOT NULL CHECK (file_format IN ('pe32', 'pe64', 'elf32', 'elf64', 'macho', 'script', 'document', 'other')),
    architecture    text,
    entropy         numeric(5,4) CHECK (entropy BETWEEN 0 AND 8),
    is_packed       boolean     NOT NULL DEFAULT false,
    packer          text,
    ssdeep          text,
    tlsh            text        CHECK (tlsh ~ '^T1[0-9A-F]{70}$'),
    imports         jsonb       NOT NULL DEFAULT '{}',
    sections        jsonb       NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(sections) = 'array'),
    yara_matches    text[]      NOT NULL DEFAULT '{}',
    extracted_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT static_analysis_packer_means_packed CHECK (packer IS NULL OR is_packed)
);

CREATE INDEX static_analysis_yara ON static_analysis USING gin (yara_matches);
CREATE INDEX static_analysis_imports ON static_analysis USING gin (imports jsonb_path_ops);
CREATE INDEX static_analysis_packed ON static_analysis (packer) WHERE is_packed;

-- MinHash signatures, cut into bands: samples that share a band are candidates for a closer look.
CREATE TABLE sample_signatures (
    analysis_id     uuid        NOT NULL REFERENCES analysis_jobs ON DELETE CASCADE,
    feature         text        NOT NULL CHECK (feature IN ('byte_ngram', 'opcode_ngram', 'strings')),
    signature       integer[]   NOT NULL CHECK (array_ndims(signature) = 1),
    PRIMARY KEY (analysis_id, feature)
);

CREATE TABLE sample_signature_bands (
    feature         text        NOT NULL,
    band            smallint    NOT NULL CHECK (band >= 0),
    band_hash       bigint      NOT NULL,
    analysis_id     uuid        NOT NULL,
    PRIMARY KEY (feature, band, band_hash, analysis_id),
    FOREIGN KEY (analysis_id, feature) REFERENCES sample_signatures ON DELETE CASCADE
);

-- The bands of a signature, which go with it.
CREATE INDEX sample_signature_bands_of_signature ON sample_signature_bands (analysis_id, feature);

CREATE TABLE sample_similarity (
    analysis_id     uuid        NOT NULL REFERENCES analysis_jobs ON DELETE CASCADE,
    similar_to      uuid        NOT NULL REFERENCES analysis_jobs ON DELETE CASCADE,
    feature         text        NOT NULL,
    similarity      real        NOT NULL CHECK (similarity BETWEEN 0 AND 1),
    computed_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (analysis_id, similar_to, feature),
    CONSTRAINT sample_similarity_stored_once CHECK (analysis_id < similar_to)
);

CREATE INDEX sample_similarity_other_way ON sample_similarity (similar_to, analysis_id);

-- Both directions of a pair that is stored once.
CREATE VIEW similar_samples AS
    SELECT analysis_id, similar_to, feature, similarity FROM sample_similarity
    UNION ALL
    SELECT similar_to, analysis_id, feature, similarity FROM sample_similarity;

COMMIT;
