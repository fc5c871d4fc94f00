/** Checks that a webhook comes from the service: https://www.standardwebhooks.com, symmetric signatures of version 1. */
import type { components } from './schema.ts'

type Job = components['schemas']['GetJobAnswer']

/** A webhook that must not be trusted. */
export class WebhookError extends Error {
  override readonly name = 'WebhookError'
}

export interface WebhookOptions {
  /** Seconds that a webhook may be old, so that nobody sends a caught one again later. Default 300. */
  tolerance?: number
}

/** As a server's framework gives them: a `Headers`, or an object with names in lower case. */
export type WebhookHeaders = Headers | Record<string, string | string[] | undefined>

/**
 * The outcome in a webhook, once its signature and its time are checked. Deliveries may be repeated: do the work
 * once for each `id`.
 * @param secret as in the service's WEBHOOK_SECRET; several while it changes
 * @param body exactly as it was received, before any parsing
 * @throws {WebhookError} for a body that the service did not send, or not now
 */
export async function verifyWebhook (secret: string | readonly string[], headers: WebhookHeaders, body: string | Uint8Array, { tolerance = 300 }: WebhookOptions = {}): Promise<Job> {
  const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map(name => headerOf(headers, name))
  if (id === undefined || timestamp === undefined || signatures === undefined) {
    throw new WebhookError('The headers webhook-id, webhook-timestamp and webhook-signature are expected; found not all of them.')
  }
  const age = Date.now() / 1000 - Number(timestamp)
  if (!/^\d+$/.test(timestamp) || Math.abs(age) > tolerance) throw new WebhookError(`The webhook is not of these ${tolerance} s; check the clocks of both machines.`)

  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  const signed = Uint8Array.from([...new TextEncoder().encode(`${id}.${timestamp}.`), ...bytes])
  for (const key of await Promise.all([secret].flat().map(importSecret))) {
    for (const signature of signatures.split(' ')) {
      const found = signature.startsWith('v1,') ? fromBase64(signature.slice(3)) : null
      if (found !== null && await crypto.subtle.verify('HMAC', key, found, signed)) return JSON.parse(new TextDecoder().decode(bytes)) as Job
    }
  }
  throw new WebhookError('No signature of the webhook fits: another secret, or a body that was changed. Give verifyWebhook the body as it was received.')
}

function headerOf (headers: WebhookHeaders, name: string): string | undefined {
  const value = headers instanceof Headers ? headers.get(name) : headers[name]
  return [value].flat()[0] ?? undefined
}

async function importSecret (secret: string) {
  const bytes = fromBase64(secret.replace(/^whsec_/, ''))
  if (bytes === null || bytes.length === 0) throw new WebhookError('The secret is expected as whsec_ and base64.')
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify'])
}

/** Null for what is not base64. */
function fromBase64 (text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text), character => character.charCodeAt(0))
  } catch {
    return null
  }
}
