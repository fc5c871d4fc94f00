/** Users, verifications and photos. Steps of ../migrations.ts: a released one never changes. */
export const usersAndRecords = [
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

  'CREATE INDEX photos_created_at ON photos (created_at)'
]
