/** Everything the service holds about one person, and about no other. */
import type { AuditRow } from '../storage/audit-chain.ts'
import { keptWithoutScores } from '../verification/without-scores.ts'
import type { Store, StoredVerification, VerificationCursor } from '../storage/store.ts'

const PAGE = 200
const noScores = { similarity: null, livenessScore: null }

/** @param scores false leaves out similarities, liveness and embeddings, from which similarities can be computed */
export async function exportUser (store: Store, username: string, scores: boolean) {
  const user = await store.findUser(username)
  if (user === null) return null
  const shown = scores ? <T>(answer: T) => answer : keptWithoutScores
  const verifications: StoredVerification[] = []
  let after: VerificationCursor | undefined
  do {
    const page = await store.listVerifications({ username }, { limit: PAGE, after })
    verifications.push(...page.verifications)
    after = page.next ?? undefined
  } while (after !== undefined)

  return {
    user: {
      ...user,
      shots: user.shots.map(({ embedding, ...shot }) => ({ ...shot, embedding: scores ? Array.from(embedding) : [] }))
    },
    verifications: scores ? verifications : verifications.map(record => ({ ...record, ...noScores })),
    photos: (await store.listPhotos(username)).map(({ username: _, ...photo }) => ({ ...photo, url: `/api/users/${encodeURIComponent(username)}/photos/${photo.name}` })),
    jobs: (await store.deferredOf(username)).map(({ outcome, ...job }) => ({ ...job, outcome: shown(parsed(outcome)) })),
    answers: (await store.answersOf(username)).map(({ body, ...answer }) => ({ ...answer, body: shown(parsed(body)) })),
    challenges: (await store.challengesOf(username)).map(({ username: _, checks, ...challenge }) => ({ ...challenge, ...shown({ checks: parsed(checks) }) })),
    failures: await store.failuresOf(username),
    audit: (await store.auditOf(username)).map(row => readable(row, scores))
  }
}

function parsed (json: string | null): Record<string, unknown> | null {
  return json === null ? null : JSON.parse(json) as Record<string, unknown>
}

/** Without what only the chain needs. */
function readable ({ seq, at, event, requestId, key, details: text, photos, consent }: AuditRow, scores: boolean) {
  const details = JSON.parse(text) as Record<string, unknown>
  const told = scores || !('similarity' in details) ? details : { ...details, ...noScores }
  return { seq, at, event, requestId, key, details: told, photos: JSON.parse(photos ?? '[]') as string[], consent }
}
