import { ConfigError } from '../config/config.ts'

/**
 * Reads `CORS_ORIGINS`.
 * @throws {ConfigError} for what a browser would never send as an origin, such as a trailing slash
 */
export function parseOrigins (setting: string): readonly string[] | '*' {
  const list = setting.split(',').map(origin => origin.trim()).filter(origin => origin !== '')
  if (list.includes('*')) return '*'
  for (const origin of list) {
    const exact = URL.parse(origin)?.origin
    if (exact !== origin || origin.includes('*')) {
      throw new ConfigError(`CORS_ORIGINS has ${origin}, which is not an origin: ${exact === undefined || exact === 'null' || exact === origin ? 'expected like https://app.example.org' : `expected ${exact}`}`)
    }
  }
  return list
}
