/** Each tenant has a schema of its own, and one for its queue; no statement names a schema, so that none leaves it. */
import { connectPostgres } from './connection.ts'

const PREFIX = 'eco_connect_tenant_'

/** The same database, in which tables are those of the tenant. */
export function urlOfTenant (url: string, tenant: string): string {
  const parsed = new URL(url)
  const options = [parsed.searchParams.get('options'), `-c search_path=${PREFIX}${tenant}`]
  parsed.searchParams.set('options', options.filter(option => option !== null).join(' '))
  return parsed.href
}

/** Of a URL that `urlOfTenant` made; null for every other one. */
export function tenantOf (url: string): string | null {
  const options = URL.canParse(url) ? new URL(url).searchParams.get('options') : null
  return options === null ? null : new RegExp(`-c search_path=${PREFIX}(\\w+)$`).exec(options)?.[1] ?? null
}

export function schemaOf (tenant: string): string {
  return PREFIX + tenant
}

/** Tenants with a schema in the database, in order. */
export async function tenantsIn (url: string): Promise<string[]> {
  const { connected, close } = connectPostgres(url, 1)
  try {
    const { rows } = await connected(query => query<{ name: string }>(
      'SELECT nspname::text AS name FROM pg_namespace WHERE starts_with(nspname, $1) ORDER BY nspname', [PREFIX]))
    return rows.map(({ name }) => name.slice(PREFIX.length))
  } finally {
    await close()
  }
}
