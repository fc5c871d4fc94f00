import type { SQLInputValue } from 'node:sqlite'
import type { Part } from '../subjects/page.ts'

/** The end of a statement over the rows of one user, in the order of a `Part`. */
export const partOf = (id: string): string => `
  WHERE username = :username AND (created_at, ${id}) > (:createdAt, :id) ORDER BY created_at, ${id} LIMIT :limit`

export function partValues (username: string, { limit = -1, after }: Part = {}): Record<string, SQLInputValue> {
  return { username, limit, createdAt: after?.createdAt ?? '', id: after?.id ?? '' }
}
