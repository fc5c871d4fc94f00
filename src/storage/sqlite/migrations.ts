/**
 * The SQLite schema, step by step: `PRAGMA user_version` is the number of steps applied. A released step never changes;
 * a change of the schema is made of new steps at the end, one statement each, here and in postgres/migrations.ts.
 */
export const migrations = [
  `CREATE TABLE users (
    username TEXT PRIMARY KEY,
    model TEXT NOT NULL,
    preprocessing TEXT NOT NULL,
    dimension INTEGER NOT NULL CHECK (dimension > 0),
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
  ) STRICT, WITHOUT ROWID`,

  `CREATE TABLE shots (
    username TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
    position INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    embedding BLOB NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (username, position)
  ) STRICT`,

  // The foreign key is what keeps the promise that no record names a person who is no longer enrolled.
  `CREATE TABLE verifications (
    id TEXT PRIMARY KEY,
    request_id TEXT NOT NULL,
    username TEXT REFERENCES users ON DELETE SET NULL,
    task TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('approved', 'rejected')),
    reasons TEXT NOT NULL CHECK (json_valid(reasons)),
    similarity REAL,
    liveness_score REAL,
    photo TEXT NOT NULL,
    models TEXT NOT NULL CHECK (json_valid(models)),
    created_at TEXT NOT NULL
  ) STRICT`,

  'CREATE INDEX verifications_username ON verifications (username) WHERE username IS NOT NULL',

  'ALTER TABLE users ADD COLUMN consent TEXT',

  // Which template key sealed the embedding; null: it is plain.
  'ALTER TABLE shots ADD COLUMN key_id TEXT',

  'CREATE INDEX shots_sha256 ON shots (sha256)',

  // The photo's hash becomes a value that can be erased.
  `CREATE TABLE verifications_2 (
    id TEXT PRIMARY KEY,
    request_id TEXT NOT NULL,
    username TEXT REFERENCES users ON DELETE SET NULL,
    task TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('approved', 'rejected')),
    reasons TEXT NOT NULL CHECK (json_valid(reasons)),
    similarity REAL,
    liveness_score REAL,
    photo TEXT,
    models TEXT NOT NULL CHECK (json_valid(models)),
    key_name TEXT,
    created_at TEXT NOT NULL
  ) STRICT`,

  `INSERT INTO verifications_2 SELECT id, request_id, username, task, status, reasons, similarity, liveness_score,
    iif(username IS NULL, NULL, photo), models, NULL, created_at FROM verifications`,

  'DROP TABLE verifications',

  'ALTER TABLE verifications_2 RENAME TO verifications',

  'CREATE INDEX verifications_username ON verifications (username, created_at) WHERE username IS NOT NULL',

  'CREATE INDEX verifications_created_at ON verifications (created_at, id)',

  'CREATE INDEX verifications_photo ON verifications (photo) WHERE photo IS NOT NULL',

  `CREATE TABLE photos (
    name TEXT PRIMARY KEY,
    username TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('enrol', 'proof')),
    sha256 TEXT NOT NULL,
    verification TEXT,
    created_at TEXT NOT NULL
  ) STRICT`,

  'CREATE INDEX photos_username ON photos (username, created_at)',

  'CREATE INDEX photos_created_at ON photos (created_at)',

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
  'ALTER TABLE answers ADD COLUMN headers TEXT',

  // AUTOINCREMENT: a number is never given twice, so that whoever keeps sketches in memory can ask for later ones.
  `CREATE TABLE sketches (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    username TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
    kind TEXT NOT NULL,
    ref TEXT NOT NULL,
    bits BLOB NOT NULL CHECK (length(bits) = 64),
    key_id TEXT,
    detail BLOB
  ) STRICT`,

  'CREATE INDEX sketches_kind ON sketches (kind, seq)',

  'CREATE INDEX sketches_username ON sketches (username, kind)',

  'CREATE TABLE removed_sketches (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, seq INTEGER NOT NULL) STRICT',

  `CREATE TRIGGER sketches_removed AFTER DELETE ON sketches
    BEGIN INSERT INTO removed_sketches (kind, seq) VALUES (old.kind, old.seq); END`,

  // Steps, reasons and checks are JSON; checks and judged_at are null until the frames were judged.
  `CREATE TABLE challenges (
    id TEXT PRIMARY KEY,
    request_id TEXT NOT NULL,
    username TEXT NOT NULL,
    steps TEXT NOT NULL,
    key_name TEXT,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('pending', 'judging', 'passed', 'failed', 'used')),
    reasons TEXT NOT NULL,
    checks TEXT,
    judged_at TEXT
  ) STRICT`,

  'ALTER TABLE jobs ADD COLUMN challenge TEXT',

  'CREATE INDEX challenges_username ON challenges (username, judged_at)',

  'CREATE INDEX challenges_expires_at ON challenges (expires_at)',

  // The shots that say who a template is of; of users enrolled before, the oldest that are left.
  'ALTER TABLE shots ADD COLUMN anchor INTEGER NOT NULL DEFAULT 0',

  `UPDATE shots SET anchor = 1 WHERE created_at = (
    SELECT min(created_at) FROM shots AS other WHERE other.username = shots.username)`,

  // Guesses that failed, in milliseconds since 1970.
  'CREATE TABLE failures (username TEXT NOT NULL REFERENCES users ON DELETE CASCADE, at INTEGER NOT NULL) STRICT',

  'CREATE INDEX failures_username ON failures (username, at)',

  // Erasures whose bytes may still be in free space of the file: since the last one.
  'CREATE TABLE pending_erasures (part TEXT PRIMARY KEY, since TEXT NOT NULL) STRICT',

  // The list of one user's verifications, in its order; the filter by the user alone reads nothing else.
  'DROP INDEX verifications_username',

  'CREATE INDEX verifications_username ON verifications (username, created_at, id) WHERE username IS NOT NULL',

  // What names are found and compared by, see src/users/username.ts; null until the next start for users of earlier
  // versions.
  'ALTER TABLE users ADD COLUMN lookup TEXT',

  'ALTER TABLE users ADD COLUMN skeleton TEXT',

  'CREATE INDEX users_lookup ON users (lookup)',

  'CREATE INDEX users_skeleton ON users (skeleton)',

  // The place of a deferred verification among those of all keys, see src/storage/subjects/deferred.ts.
  'ALTER TABLE jobs ADD COLUMN turn INTEGER NOT NULL DEFAULT 0',

  // Detail, sketches and decisions are JSON; body is the sealed photo, null once the review is closed.
  `CREATE TABLE reviews (
    id TEXT PRIMARY KEY,
    request_id TEXT NOT NULL,
    username TEXT NOT NULL,
    verification TEXT,
    task TEXT,
    reason TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'approved', 'rejected', 'expired')),
    detail TEXT NOT NULL,
    photo TEXT,
    body BLOB,
    key_id TEXT,
    sketches TEXT NOT NULL,
    webhook TEXT,
    key_name TEXT,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    decisions TEXT NOT NULL,
    decided_at TEXT
  ) STRICT`,

  'CREATE INDEX reviews_username ON reviews (username, created_at)',
  'CREATE INDEX reviews_verification ON reviews (verification)',
  'CREATE INDEX reviews_state ON reviews (state, created_at)',
  // The queue takes the webhooks of reviews as well.
  `CREATE TABLE new_queue (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL CHECK (name IN ('verify', 'webhook', 'review')),
    id TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    attempt INTEGER NOT NULL DEFAULT 0,
    leased INTEGER NOT NULL DEFAULT 0,
    UNIQUE (name, id)
  ) STRICT`,
  'INSERT INTO new_queue SELECT place, name, id, due_at, attempt, leased FROM queue',
  'DROP TABLE queue',
  'ALTER TABLE new_queue RENAME TO queue'
]
