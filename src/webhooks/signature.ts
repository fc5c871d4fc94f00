/** Signatures of the Standard Webhooks convention, https://www.standardwebhooks.com: symmetric, version 1. */
import { createHmac, randomBytes } from 'node:crypto'
import { ConfigError } from '../config/config.ts'

const PREFIX = 'whsec_'

/** The convention demands 24 to 64 bytes. */
const MIN_BYTES = 24
const MAX_BYTES = 64
const NEW_BYTES = 32

/** A random secret as `WEBHOOK_SECRET` takes it. */
export function newWebhookSecret (): string {
  return PREFIX + randomBytes(NEW_BYTES).toString('base64')
}

/**
 * Reads `WEBHOOK_SECRET`: up to two secrets, none when it is empty.
 * @throws {ConfigError} for secrets that are none, without repeating them
 */
export function parseSecrets (setting: string): Buffer[] {
  const texts = setting.split(',').map(text => text.trim()).filter(text => text !== '')
  if (texts.length > 2) {
    throw new ConfigError(
      `WEBHOOK_SECRET has ${texts.length} secrets; expected one, or two while receivers change from one to the other`
    )
  }
  return texts.map(text => {
    const encoded = text.startsWith(PREFIX) ? text.slice(PREFIX.length) : ''
    const bytes = /^[A-Za-z0-9+/]+={0,2}$/.test(encoded) ? Buffer.from(encoded, 'base64') : Buffer.alloc(0)
    if (bytes.length >= MIN_BYTES && bytes.length <= MAX_BYTES) return bytes
    throw new ConfigError(
      `WEBHOOK_SECRET is expected as ${PREFIX} and ${MIN_BYTES} to ${MAX_BYTES} bytes in base64; \`npm run keys -- webhook-secret\` makes one`
    )
  })
}

/**
 * The headers that prove who sent a body, and when; one signature for each secret.
 * @param id of the message, the same for every attempt
 * @param now milliseconds since 1970
 */
export function signedHeaders (
  secrets: readonly Buffer[],
  { id, body }: { id: string; body: string },
  now = Date.now()
): Record<string, string> {
  const timestamp = String(Math.floor(now / 1000))
  const signatures = secrets.map(
    secret => `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')}`
  )
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') }
}
