import type { Query } from './connection.ts'

/** True when the user is enrolled; then nobody erases the user before the transaction ends. Always the first lock. */
export async function holdUser (query: Query, username: string | null): Promise<boolean> {
  return (await query('SELECT 1 FROM users WHERE username = $1 FOR KEY SHARE', [username])).count > 0
}
