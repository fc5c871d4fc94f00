/** Who calls, and what the caller may do. */

/** `admin` includes every other scope. */
export const scopes = ['enrol', 'verify', 'read', 'identify', 'review', 'admin'] as const

export type Scope = typeof scopes[number]

export interface Caller {
  /** Name of the API key, TENANT/NAME for one with a tenant; null when none is needed. */
  key: string | null
  /** Whose data the caller works with; null: the default namespace. */
  tenant: string | null
  scopes: ReadonlySet<Scope>
  /** True for a program on this machine that needs no key; limits do not apply to it. */
  local: boolean
}

export function hasScope (caller: Caller | null, scope: Scope): boolean {
  return caller !== null && (caller.scopes.has(scope) || caller.scopes.has('admin'))
}

/** Scores help an attacker who works towards an approval, so only a key with `admin` always sees them. */
export function seesScores (caller: Caller | null, exposed: boolean): boolean {
  return exposed || (caller !== null && caller.key !== null && hasScope(caller, 'admin'))
}

export function isScope (text: string): text is Scope {
  return (scopes as readonly string[]).includes(text)
}
