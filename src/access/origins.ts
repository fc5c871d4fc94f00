import { ConfigError } from '../config/config.ts'

/**
 * Origins whose scheme has no origin in the URL Standard, as apps and browser extensions send them all the same:
 * `capacitor://localhost`, `tauri://localhost`, `chrome-extension://abcdefghijklmnop`.
 */
const APP_ORIGIN =
  /^(?!https?:|wss?:|ftp:|file:|data:|blob:|javascript:)[a-z][a-z0-9+.-]*:\/\/[a-z0-9_-]+(?:\.[a-z0-9_-]+)*(?::\d{1,5})?$/

/** What a page in a file or in a sandboxed frame sends. */
export const OPAQUE_ORIGIN = 'null'

/**
 * Reads `CORS_ORIGINS`.
 * @throws {ConfigError} for what a browser would never send as an origin, such as a trailing slash
 */
export function parseOrigins (setting: string): readonly string[] | '*' {
  const list = setting.split(',').map(origin => origin.trim()).filter(origin => origin !== '')
  if (list.includes('*')) return '*'
  for (const origin of list) {
    if (!isOrigin(origin)) {
      throw new ConfigError(
        `CORS_ORIGINS has ${origin}, which is not an origin: expected ${meant(origin) ?? 'an origin like https://app.example.org or capacitor://localhost, or null'}`
      )
    }
  }
  return list
}

function isOrigin (text: string): boolean {
  return text === OPAQUE_ORIGIN || APP_ORIGIN.test(text) || (!text.includes('*') && URL.parse(text)?.origin === text)
}

/** The origin that somebody meant who added a path, a slash or capital letters. */
function meant (text: string): string | null {
  const { protocol, host, origin } = URL.parse(text) ?? {}
  return (
    [origin, `${protocol}//${host?.toLowerCase()}`].find(
      found => found !== undefined && found !== OPAQUE_ORIGIN && found !== text && isOrigin(found)
    ) ?? null
  )
}
