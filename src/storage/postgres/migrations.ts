/**
 * The PostgreSQL schema, step by step: `schema_version` holds the number of steps applied. A released step never
 * changes; a change of the schema is made of new steps at the end, one statement each, here and in
 * sqlite/migrations.ts.
 */
export const migrations = [
  // The collation "C" orders by code point, whatever the locale of the server.
  `CREATE TABLE users (
    username text COLLATE "C" PRIMARY KEY,
    model text NOT NULL,
    preprocessing text NOT NULL,
    dimension integer NOT NULL CHECK (dimension > 0),
    created_at timestamptz(3) NOT NULL,
    updated_at timestamptz(3) NOT NULL
  )`,

  `CREATE TABLE shots (
    username text COLLATE "C" NOT NULL REFERENCES users ON DELETE CASCADE,
    position integer NOT NULL,
    sha256 text NOT NULL,
    embedding bytea NOT NULL,
    created_at timestamptz(3) NOT NULL,
    PRIMARY KEY (username, position)
  )`,

  // The foreign key is what keeps the promise that no record names a person who is no longer enrolled.
  `CREATE TABLE verifications (
    id text PRIMARY KEY,
    request_id text NOT NULL,
    username text COLLATE "C" REFERENCES users ON DELETE SET NULL,
    task text NOT NULL,
    status text NOT NULL CHECK (status IN ('approved', 'rejected')),
    reasons text[] NOT NULL,
    similarity double precision,
    liveness_score double precision,
    photo text NOT NULL,
    models text[] NOT NULL,
    created_at timestamptz(3) NOT NULL
  )`,

  'CREATE INDEX verifications_username ON verifications (username) WHERE username IS NOT NULL',

  'ALTER TABLE users ADD COLUMN consent text',

  // Which template key sealed the embedding; null: it is plain.
  'ALTER TABLE shots ADD COLUMN key_id text',

  'CREATE INDEX shots_sha256 ON shots (sha256)',

  // The photo's hash becomes a value that can be erased.
  'ALTER TABLE verifications ALTER COLUMN photo DROP NOT NULL, ADD COLUMN key_name text',

  'UPDATE verifications SET photo = NULL WHERE username IS NULL',

  'DROP INDEX verifications_username',

  'CREATE INDEX verifications_username ON verifications (username, created_at) WHERE username IS NOT NULL',

  'CREATE INDEX verifications_created_at ON verifications (created_at, id COLLATE "C")',

  'CREATE INDEX verifications_photo ON verifications (photo) WHERE photo IS NOT NULL',

  `CREATE TABLE photos (
    name text PRIMARY KEY,
    username text COLLATE "C" NOT NULL REFERENCES users ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('enrol', 'proof')),
    sha256 text NOT NULL,
    verification text,
    created_at timestamptz(3) NOT NULL
  )`,

  'CREATE INDEX photos_username ON photos (username, created_at)',

  'CREATE INDEX photos_created_at ON photos (created_at)',

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
  'ALTER TABLE answers ADD COLUMN headers text',

  `CREATE TABLE sketches (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    username text COLLATE "C" NOT NULL REFERENCES users ON DELETE CASCADE,
    kind text NOT NULL,
    ref text NOT NULL,
    bits bit(512) NOT NULL,
    key_id text,
    detail bytea
  )`,

  'CREATE INDEX sketches_kind ON sketches (kind, seq)',

  'CREATE INDEX sketches_username ON sketches (username, kind)',

  // Checks are JSON; they and judged_at are null until the frames were judged.
  `CREATE TABLE challenges (
    id text PRIMARY KEY,
    request_id text NOT NULL,
    username text COLLATE "C" NOT NULL,
    steps text[] NOT NULL,
    key_name text,
    created_at timestamptz(3) NOT NULL,
    expires_at timestamptz(3) NOT NULL,
    status text NOT NULL CHECK (status IN ('pending', 'judging', 'passed', 'failed', 'used')),
    reasons text[] NOT NULL,
    checks text,
    judged_at timestamptz(3)
  )`,

  'ALTER TABLE jobs ADD COLUMN challenge text',

  'CREATE INDEX challenges_username ON challenges (username, judged_at)',

  'CREATE INDEX challenges_expires_at ON challenges (expires_at)',

  // The shots that say who a template is of; of users enrolled before, the oldest that are left.
  'ALTER TABLE shots ADD COLUMN anchor boolean NOT NULL DEFAULT false',

  `UPDATE shots SET anchor = true WHERE created_at = (
    SELECT min(created_at) FROM shots AS other WHERE other.username = shots.username)`,

  // Guesses that failed, in milliseconds since 1970.
  'CREATE TABLE failures (username text COLLATE "C" NOT NULL REFERENCES users ON DELETE CASCADE, at bigint NOT NULL)',

  'CREATE INDEX failures_username ON failures (username, at)',

  // Erasures whose bytes may still be in free space of the tables; the transaction of the last one.
  'CREATE TABLE pending_erasures (part text PRIMARY KEY, erased_by bigint NOT NULL)',

  // The list of one user's verifications, in its order.
  'DROP INDEX verifications_username',

  'CREATE INDEX verifications_username ON verifications (username, created_at, id COLLATE "C") WHERE username IS NOT NULL',

  'DROP INDEX audit_username',

  'CREATE INDEX audit_username ON audit (username, seq) WHERE username IS NOT NULL',

  // What names are found and compared by, see src/users/username.ts; null until the next start for users of earlier
  // versions.
  'ALTER TABLE users ADD COLUMN lookup text COLLATE "C"',

  'ALTER TABLE users ADD COLUMN skeleton text COLLATE "C"',

  'CREATE INDEX users_lookup ON users (lookup)',

  'CREATE INDEX users_skeleton ON users (skeleton)',

  // The place of a deferred verification among those of all keys, see src/storage/subjects/deferred.ts.
  'ALTER TABLE jobs ADD COLUMN turn integer NOT NULL DEFAULT 0',

  // Detail, sketches and decisions are JSON; body is the sealed photo, null once the review is closed.
  `CREATE TABLE reviews (
    id text PRIMARY KEY,
    request_id text NOT NULL,
    username text COLLATE "C" NOT NULL,
    verification text,
    task text,
    reason text NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'approved', 'rejected', 'expired')),
    detail text NOT NULL,
    photo text,
    body bytea,
    key_id text,
    sketches text NOT NULL,
    webhook text,
    key_name text,
    created_at timestamptz(3) NOT NULL,
    expires_at timestamptz(3) NOT NULL,
    decisions text NOT NULL,
    decided_at timestamptz(3)
  )`,

  'CREATE INDEX reviews_username ON reviews (username, created_at)',

  'CREATE INDEX reviews_verification ON reviews (verification)',

  'CREATE INDEX reviews_state ON reviews (state, created_at)'
]
