/** Audit, repeated answers, jobs, queue and limits. Steps of ../migrations.ts: a released one never changes. */
export const auditAndJobs = [
  // Texts, times and JSON too: the chain hashes them exactly as they were written.
  `CREATE TABLE audit (
    seq bigint PRIMARY KEY,
    at text NOT NULL,
    event text NOT NULL,
    request_id text NOT NULL,
    key_name text,
    details text NOT NULL,
    username text COLLATE "C",
    photos text,
    consent text,
    salt text,
    personal text,
    previous text NOT NULL,
    hash text NOT NULL
  )`,

  'CREATE INDEX audit_username ON audit (username) WHERE username IS NOT NULL',

  'CREATE TABLE audit_head (only_row integer PRIMARY KEY CHECK (only_row = 1), seq bigint NOT NULL, hash text NOT NULL)',

  "INSERT INTO audit_head VALUES (1, 0, '')",

  // Answers to requests with an Idempotency-Key; without a status while the request runs.
  `CREATE TABLE answers (
    id text PRIMARY KEY,
    username text COLLATE "C",
    fingerprint text NOT NULL,
    owner text NOT NULL,
    lease_until timestamptz(3) NOT NULL,
    created_at timestamptz(3) NOT NULL,
    status integer,
    body bytea,
    key_id text
  )`,

  'CREATE INDEX answers_username ON answers (username) WHERE username IS NOT NULL',

  'CREATE INDEX answers_created_at ON answers (created_at)',

  // The body is the photo while the job waits or runs, and its outcome from then on.
  `CREATE TABLE jobs (
    id text PRIMARY KEY,
    username text COLLATE "C" NOT NULL,
    task text NOT NULL,
    key_name text,
    request_id text NOT NULL,
    limited boolean NOT NULL,
    created_at timestamptz(3) NOT NULL,
    status text NOT NULL CHECK (status IN ('pending', 'running', 'done', 'failed')),
    owner text,
    claimable_at timestamptz(3) NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    body bytea NOT NULL,
    key_id text
  )`,

  "CREATE INDEX jobs_waiting ON jobs (created_at) WHERE status IN ('pending', 'running')",

  'CREATE INDEX jobs_username ON jobs (username)',

  'CREATE INDEX jobs_created_at ON jobs (created_at)',

  // Which keys are in use is asked at each probe.
  'CREATE INDEX shots_key_id ON shots (key_id COLLATE "C")',

  // Requests of one caller in the window that ends then. Unlogged: a commit waits for no disk, and a crash forgets a
  // minute.
  'CREATE UNLOGGED TABLE request_counts (id text PRIMARY KEY, count integer NOT NULL, until timestamptz(3) NOT NULL)',

  // Leases and attempts are the queue's, in a schema of its own.
  'ALTER TABLE jobs DROP COLUMN owner, DROP COLUMN claimable_at, DROP COLUMN attempts',

  `ALTER TABLE jobs ADD COLUMN webhook text,
    ADD COLUMN webhook_status text CHECK (webhook_status IN ('pending', 'delivered', 'failed')),
    ADD COLUMN webhook_attempts integer NOT NULL DEFAULT 0,
    ADD COLUMN scores boolean NOT NULL DEFAULT false`,

  "CREATE INDEX jobs_undelivered ON jobs (created_at) WHERE webhook_status = 'pending'",

  // JSON of the headers that a repeated answer carries again.
  'ALTER TABLE answers ADD COLUMN headers text'
]
