/** Where outcomes may be posted, as the operator's settings say, and the posting of one. */
import { isIP } from 'node:net'
import { type Config, ConfigError } from '../config/config.ts'
import { ServiceError } from '../errors/errors.ts'
import { WEBHOOK_TIMEOUT_SECONDS } from '../storage/queue-policies.ts'
import { createReceivers, type Outcome, type ReceiverLimits } from './receivers.ts'
import { parseSecrets, signedHeaders } from './signature.ts'

export interface Webhooks {
  /** False without a secret: then this process posts nothing. */
  readonly enabled: boolean
  /** Whether an outcome may be posted to an address. */
  allows(url: string): boolean
  /**
   * The address of a form's field `webhook`, as it is kept.
   * @throws {ServiceError} `webhook_refused`
   */
  accept(text: string): string
  /**
   * Posts one body; answers with what went wrong in words that hold no path or query, or null when it was taken with
   * 2xx.
   */
  post(url: string, message: { id: string; body: string }): Promise<string | null>
}

type WebhookSettings = Pick<Config, 'WEBHOOK_SECRET' | 'WEBHOOK_ORIGINS'>

/** Longer than any address that a person would type, and short in the store and the log. */
const MAX_URL_CHARACTERS = 2000

/** Four at a time keep up with a receiver that needs a tenth of a second; three silences in a row are no accident. */
const LIMITS: ReceiverLimits = {
  concurrency: 4,
  waitMs: WEBHOOK_TIMEOUT_SECONDS * 1000,
  failuresToOpen: 3,
  pauseMs: 5000
}

/**
 * @param limits of each receiver; others only in tests
 * @throws {ConfigError} for settings that cannot be used
 */
export function openWebhooks ({ WEBHOOK_SECRET, WEBHOOK_ORIGINS }: WebhookSettings, limits = LIMITS): Webhooks {
  const secrets = parseSecrets(WEBHOOK_SECRET)
  const origins = new Set(
    WEBHOOK_ORIGINS.split(',')
      .map(text => text.trim())
      .filter(text => text !== '')
      .map(parseOrigin)
  )
  if (origins.size > 0 && secrets.length === 0) {
    throw new ConfigError('WEBHOOK_ORIGINS is set without WEBHOOK_SECRET; `npm run keys -- webhook-secret` makes one')
  }
  const receivers = createReceivers(limits)
  const listed = (url: URL): boolean => origins.has(url.origin)

  return {
    enabled: secrets.length > 0,

    allows (text) {
      const url = URL.parse(text)
      return url !== null && listed(url)
    },

    accept (text) {
      if (secrets.length === 0) {
        throw refused('This service posts no webhooks, since its operator set no WEBHOOK_SECRET')
      }
      const url = URL.parse(text)
      if (url === null || !/^https?:$/.test(url.protocol) || text.length > MAX_URL_CHARACTERS) {
        throw refused(`The field webhook is not the address of an https server with at most ${MAX_URL_CHARACTERS} characters`)
      }
      if (url.username !== '' || url.password !== '') {
        throw refused('The field webhook has a username or a password in its address; webhooks are signed instead')
      }
      if (!listed(url)) throw refused(`The origin ${url.origin} is not in WEBHOOK_ORIGINS; ask the operator to list it`)
      url.hash = ''
      return url.href
    },

    post: (url, message) => receivers.deliver(new URL(url).origin, async (): Promise<Outcome> => {
      try {
        const response = await fetch(url, {
          method: 'POST',
          headers: {
            'content-type': 'application/json; charset=utf-8',
            'user-agent': 'eco-connect-verification',
            ...signedHeaders(secrets, message)
          },
          body: message.body,
          // Another address than the listed one is none that the operator allowed.
          redirect: 'manual',
          signal: AbortSignal.timeout(WEBHOOK_TIMEOUT_SECONDS * 1000)
        })
        // What the receiver writes is of no interest, however much it is.
        await response.body?.cancel()
        return { answered: true, problem: response.ok ? null : `it answered ${response.status}` }
      } catch (error) {
        const late = (error as Error).name === 'TimeoutError'
        return {
          answered: false,
          problem: late ? `it did not answer within ${WEBHOOK_TIMEOUT_SECONDS} s` : `it cannot be reached (${causeOf(error)})`
        }
      }
    })
  }
}

function refused (reason: string): ServiceError {
  return new ServiceError('webhook_refused', `${reason}, or leave the field webhook out and ask at the job's address.`)
}

/** @throws {ConfigError} */
function parseOrigin (text: string): string {
  const url = URL.parse(text)
  if (url === null || url.origin !== text || text.includes('*')) {
    const exact =
      url === null || url.origin === 'null' || url.origin === text ? 'like https://app.example.org' : url.origin
    throw new ConfigError(`WEBHOOK_ORIGINS has ${text}, which is not an exact origin: expected ${exact}`)
  }
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) return url.origin
  throw new ConfigError(
    `WEBHOOK_ORIGINS has ${text}; expected https, since a webhook carries a person's verdict. Only this machine is reached by http`
  )
}

function isLoopback (hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || (isIP(hostname) === 4 && hostname.startsWith('127.'))
}

/** A code like ECONNREFUSED; the message may hold the address. */
function causeOf (error: unknown): string {
  const { cause } = error as { cause?: { code?: unknown } }
  return typeof cause?.code === 'string' ? cause.code : 'no connection'
}
