-- Accounts, what they own, and what is computed for them.
-- A tenant is the user who owns the API key; ids are UUIDs that sort by time (version 7).

CREATE TABLE users (
    id uuid PRIMARY KEY,
    email text,
    display_name text NOT NULL DEFAULT '',
    role text NOT NULL DEFAULT 'USER' CHECK (role IN ('USER', 'ADMIN')),
    plan text NOT NULL DEFAULT 'FREE' CHECK (plan IN ('FREE', 'PRO', 'ENTERPRISE')),
    created_at timestamptz NOT NULL DEFAULT now(),
    disabled_at timestamptz
);
CREATE UNIQUE INDEX idx_users_email ON users (lower(email)) WHERE email IS NOT NULL;

CREATE TABLE api_keys (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    display_name text NOT NULL,
    -- HMAC-SHA256 of the key under API_KEY_SECRET; the key itself is never stored.
    key_hash bytea NOT NULL CHECK (octet_length(key_hash) = 32),
    -- The key's first characters, for people to recognise it by.
    prefix text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    revoked_at timestamptz,
    last_used_at timestamptz
);
CREATE UNIQUE INDEX idx_api_keys_key_hash ON api_keys (key_hash);
CREATE INDEX idx_api_keys_user_id ON api_keys (user_id, created_at DESC, id DESC);

CREATE TABLE projects (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    display_name text NOT NULL,
    description text NOT NULL DEFAULT '',
    request_id uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX idx_projects_user_id ON projects (user_id, created_at DESC, id DESC);
CREATE UNIQUE INDEX idx_projects_request_id ON projects (user_id, request_id)
    WHERE request_id IS NOT NULL;

CREATE TABLE images (
    tenant_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- SHA-256 of the uploaded bytes; the object lies under images/{tenant}/{hex}.
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
    media_type text NOT NULL,
    width integer NOT NULL CHECK (width > 0),
    height integer NOT NULL CHECK (height > 0),
    size_bytes bigint NOT NULL CHECK (size_bytes > 0),
    -- SHA-256 of the normalised decoded pixels.
    pixel_digest bytea NOT NULL CHECK (octet_length(pixel_digest) = 32),
    pdq bytea NOT NULL CHECK (octet_length(pdq) = 32),
    pdq_quality smallint NOT NULL CHECK (pdq_quality BETWEEN 0 AND 100),
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, sha256)
);

CREATE TABLE computations (
    id uuid PRIMARY KEY,
    -- Who asked first.
    tenant_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    fingerprint bytea NOT NULL CHECK (octet_length(fingerprint) = 32),
    exact_key bytea NOT NULL CHECK (octet_length(exact_key) = 32),
    state text NOT NULL DEFAULT 'QUEUED'
        CHECK (state IN ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
    -- False for those asked for with the cache bypassed: nobody else joins them.
    shareable boolean NOT NULL DEFAULT true,
    degraded boolean NOT NULL DEFAULT false,
    -- True when it failed for good after all its attempts: it can be replayed.
    dead boolean NOT NULL DEFAULT false,
    stage text NOT NULL DEFAULT '',
    percent real NOT NULL DEFAULT 0 CHECK (percent BETWEEN 0 AND 100),
    spec bytea NOT NULL,
    result bytea,
    error_reason text NOT NULL DEFAULT '',
    error_message text NOT NULL DEFAULT '',
    attempts integer NOT NULL DEFAULT 0,
    priority integer NOT NULL DEFAULT 0,
    worker text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    updated_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    CHECK ((state = 'SUCCEEDED') = (result IS NOT NULL))
) WITH (fillfactor = 80);
-- One computation at a time for a fingerprint that may be shared; what failed, was
-- cancelled or is degraded never stands in the way of a new one.
CREATE UNIQUE INDEX idx_computations_reusable ON computations (fingerprint)
    WHERE shareable AND NOT degraded AND state IN ('QUEUED', 'RUNNING', 'SUCCEEDED');
CREATE INDEX idx_computations_live ON computations (tenant_id)
    WHERE state IN ('QUEUED', 'RUNNING');
CREATE INDEX idx_computations_dead ON computations (finished_at DESC, id DESC)
    WHERE dead;
CREATE INDEX idx_computations_stalled ON computations (updated_at)
    WHERE state IN ('QUEUED', 'RUNNING');

CREATE TABLE analyses (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    computation_id uuid NOT NULL REFERENCES computations (id),
    project_id uuid REFERENCES projects (id) ON DELETE SET NULL,
    request_id uuid,
    exact_key bytea NOT NULL CHECK (octet_length(exact_key) = 32),
    -- Follows the computation's, except that one of several analyses can be cancelled.
    state text NOT NULL
        CHECK (state IN ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
    cache_kind text NOT NULL
        CHECK (cache_kind IN ('MISS', 'EXACT', 'PIXEL', 'NEAR_DUPLICATE', 'COALESCED')),
    -- Hamming distance of a near duplicate.
    distance smallint NOT NULL DEFAULT 0,
    -- Why this analysis alone ended; empty when it ended as its computation did.
    error_reason text NOT NULL DEFAULT '',
    error_message text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    -- When nobody wants the answer any more.
    deadline_at timestamptz
);
CREATE INDEX idx_analyses_created_at ON analyses (created_at);
CREATE INDEX idx_analyses_tenant ON analyses (tenant_id, created_at DESC, id DESC);
CREATE INDEX idx_analyses_tenant_state ON analyses (tenant_id, state, created_at DESC, id DESC);
CREATE INDEX idx_analyses_project
    ON analyses (project_id, tenant_id, created_at DESC, id DESC)
    WHERE project_id IS NOT NULL;
CREATE INDEX idx_analyses_computation_id ON analyses (computation_id);
CREATE INDEX idx_analyses_exact_key ON analyses (tenant_id, exact_key, created_at DESC);
CREATE INDEX idx_analyses_deadline ON analyses (deadline_at)
    WHERE state IN ('QUEUED', 'RUNNING') AND deadline_at IS NOT NULL;
CREATE UNIQUE INDEX idx_analyses_request_id ON analyses (tenant_id, request_id)
    WHERE request_id IS NOT NULL;
