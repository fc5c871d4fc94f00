/**
 * The SQLite schema, step by step: `PRAGMA user_version` is the number of steps applied. A released step never changes;
 * a change of the schema is made of new steps at the end, one statement each, here and in postgres-migrations.ts.
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

  'CREATE INDEX verifications_username ON verifications (username) WHERE username IS NOT NULL'
]
