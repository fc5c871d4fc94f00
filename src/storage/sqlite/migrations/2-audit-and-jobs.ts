/** Audit, repeated answers, jobs, queue and limits. Steps of ../migrations.ts: a released one never changes. */
export const auditAndJobs = [
  `CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    event TEXT NOT NULL,
    request_id TEXT NOT NULL,
    key_name TEXT,
    details TEXT NOT NULL,
    username TEXT,
    photos TEXT,
    consent TEXT,
    salt TEXT,
    personal TEXT,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
  ) STRICT`,

  'CREATE INDEX audit_username ON audit (username) WHERE username IS NOT NULL',

  'CREATE TABLE audit_head (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), seq INTEGER NOT NULL, hash TEXT NOT NULL) STRICT',

  "INSERT INTO audit_head VALUES (1, 0, '')",

  // Answers to requests with an Idempotency-Key; without a status while the request runs.
  `CREATE TABLE answers (
    id TEXT PRIMARY KEY,
    username TEXT,
    fingerprint TEXT NOT NULL,
    owner TEXT NOT NULL,
    lease_until TEXT NOT NULL,
    created_at TEXT NOT NULL,
    status INTEGER,
    body BLOB,
    key_id TEXT
  ) STRICT`,

  'CREATE INDEX answers_username ON answers (username) WHERE username IS NOT NULL',

  'CREATE INDEX answers_created_at ON answers (created_at)',

  // The body is the photo while the job waits or runs, and its outcome from then on.
  `CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    username TEXT NOT NULL,
    task TEXT NOT NULL,
    key_name TEXT,
    request_id TEXT NOT NULL,
    limited INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('pending', 'running', 'done', 'failed')),
    owner TEXT,
    claimable_at TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    body BLOB NOT NULL,
    key_id TEXT
  ) STRICT`,

  "CREATE INDEX jobs_waiting ON jobs (created_at) WHERE status IN ('pending', 'running')",

  'CREATE INDEX jobs_username ON jobs (username)',

  'CREATE INDEX jobs_created_at ON jobs (created_at)',

  // Which keys are in use is asked at each probe.
  'CREATE INDEX shots_key_id ON shots (key_id)',

  // Requests of one caller in the window that ends then.
  'CREATE TABLE request_counts (id TEXT PRIMARY KEY, count INTEGER NOT NULL, until TEXT NOT NULL) STRICT, WITHOUT ROWID',

  // What the queue knows of a job: ids alone, in the order of `place`; due_at is in milliseconds since 1970.
  `CREATE TABLE queue (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL CHECK (name IN ('verify', 'webhook')),
    id TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    attempt INTEGER NOT NULL DEFAULT 0,
    leased INTEGER NOT NULL DEFAULT 0,
    UNIQUE (name, id)
  ) STRICT`,

  "INSERT INTO queue (name, id, due_at) SELECT 'verify', id, 0 FROM jobs WHERE status IN ('pending', 'running') ORDER BY created_at",

  'ALTER TABLE jobs DROP COLUMN owner',

  'ALTER TABLE jobs DROP COLUMN claimable_at',

  'ALTER TABLE jobs DROP COLUMN attempts',

  'ALTER TABLE jobs ADD COLUMN webhook TEXT',

  "ALTER TABLE jobs ADD COLUMN webhook_status TEXT CHECK (webhook_status IN ('pending', 'delivered', 'failed'))",

  'ALTER TABLE jobs ADD COLUMN webhook_attempts INTEGER NOT NULL DEFAULT 0',

  'ALTER TABLE jobs ADD COLUMN scores INTEGER NOT NULL DEFAULT 0',

  "CREATE INDEX jobs_undelivered ON jobs (created_at) WHERE webhook_status = 'pending'",

  // JSON of the headers that a repeated answer carries again.
  'ALTER TABLE answers ADD COLUMN headers TEXT'
]
