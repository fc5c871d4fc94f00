/**
 * The PostgreSQL schema, step by step: `schema_version` holds the number of steps applied. A released step never
 * changes; a change of the schema is made of new steps at the end, one statement each, here and in
 * sqlite-migrations.ts.
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

  'CREATE INDEX verifications_username ON verifications (username) WHERE username IS NOT NULL'
]
