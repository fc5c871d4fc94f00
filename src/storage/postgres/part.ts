import type { Part } from '../subjects/page.ts'

/** The end of a statement over the rows of one user, in the order of a `Part`. */
export const partOf = (id: string): string => `
  WHERE username = $1 AND ($2::timestamptz IS NULL OR (created_at, ${id} COLLATE "C") > ($2, $3))
  ORDER BY created_at, ${id} COLLATE "C" LIMIT $4`

export function partValues (username: string, { limit, after }: Part = {}): unknown[] {
  return [username, after?.createdAt ?? null, after?.id ?? null, limit ?? null]
}
