/** Everything the service holds about one person, and about no other. */
import type { AuditRow } from '../storage/audit-chain.ts'
import type { Store, StoredVerification, VerificationCursor } from '../storage/store.ts'

const PAGE = 200

export async function exportUser (store: Store, username: string) {
  const user = await store.findUser(username)
  if (user === null) return null
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
      shots: user.shots.map(({ embedding, ...shot }) => ({ ...shot, embedding: Array.from(embedding) }))
    },
    verifications,
    photos: (await store.listPhotos(username)).map(({ username: _, ...photo }) => ({ ...photo, url: `/api/users/${encodeURIComponent(username)}/photos/${photo.name}` })),
    jobs: (await store.deferredOf(username)).map(({ outcome, ...job }) => ({ ...job, outcome: parsed(outcome) })),
    answers: (await store.answersOf(username)).map(({ body, ...answer }) => ({ ...answer, body: parsed(body) })),
    audit: (await store.auditOf(username)).map(readable)
  }
}

function parsed (json: string | null): Record<string, unknown> | null {
  return json === null ? null : JSON.parse(json) as Record<string, unknown>
}

/** Without what only the chain needs. */
function readable ({ seq, at, event, requestId, key, details, photos, consent }: AuditRow) {
  return { seq, at, event, requestId, key, details: JSON.parse(details) as Record<string, unknown>, photos: JSON.parse(photos ?? '[]') as string[], consent }
}
