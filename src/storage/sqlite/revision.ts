import { createHash } from 'node:crypto'
import { embeddingToBytes, type User } from '../subjects/users.ts'

/** Equal for equal users only; null for nobody. */
export function revisionOf (user: User | null): string | null {
  if (user === null) return null
  const { shots, ...rest } = user
  const hash = createHash('sha256').update(JSON.stringify([rest, shots.map(({ embedding, ...shot }) => shot)]))
  for (const { embedding } of shots) hash.update(embeddingToBytes(embedding))
  return hash.digest('base64url')
}
