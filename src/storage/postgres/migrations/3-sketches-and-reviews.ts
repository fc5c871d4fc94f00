/** Sketches, challenges, anchors, names and reviews. Steps of ../migrations.ts: a released one never changes. */
export const sketchesAndReviews = [
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

  'CREATE INDEX reviews_state ON reviews (state, created_at)',

  // Boxes and scores of a verdict, as JSON, to be drawn over a kept photo.
  'ALTER TABLE verifications ADD COLUMN evidence json'
]
