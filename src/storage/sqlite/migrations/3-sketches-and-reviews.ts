/** Sketches, challenges, anchors, names and reviews. Steps of ../migrations.ts: a released one never changes. */
export const sketchesAndReviews = [
  // AUTOINCREMENT: a number is never given twice, so that a copy of the sketches in memory can ask for later ones.
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
  'ALTER TABLE new_queue RENAME TO queue',

  // Boxes and scores of a verdict, as JSON, to be drawn over a kept photo.
  'ALTER TABLE verifications ADD COLUMN evidence TEXT'
]
