/** Users, verifications and photos. Steps of ../migrations.ts: a released one never changes. */
export const usersAndRecords = [
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

  'CREATE INDEX photos_created_at ON photos (created_at)'
]
