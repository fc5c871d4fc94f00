/** Who may call, and how often; what callers may see. */
import { Type } from '@sinclair/typebox'
import { path } from './path.ts'

export const accessSettings = {
  API_KEYS: Type.String({
    default: '',
    description:
      'comma-separated API keys as NAME:SCOPE+SCOPE:SECRET (TENANT/NAME for a key of a tenant), besides those in the key file; scopes: enrol, verify, read, identify, review, admin'
  }),
  API_KEYS_FILE: Type.String({
    ...path,
    default: '',
    description:
      'file of salted key hashes that `npm run keys` writes, read again when it changes (default: api-keys.json in DATA_DIR, if it exists)'
  }),
  ALLOW_UNAUTHENTICATED: Type.Boolean({
    default: false,
    description: 'true lets everybody call when there are no API keys; otherwise only this machine may'
  }),
  TRUST_PROXY: Type.String({
    default: '',
    description:
      'comma-separated addresses or ranges of reverse proxies whose X-Forwarded-For is believed, `loopback` for this machine; empty: none'
  }),
  TEMPLATE_KEY: Type.String({
    default: '',
    description:
      'key that encrypts templates and kept photos at rest: 32 bytes in base64 or hex, made by `npm run keys -- template-key`; empty: stored plain'
  }),
  TEMPLATE_KEY_FILE: Type.String({ ...path, default: '', description: 'file that holds TEMPLATE_KEY' }),
  TEMPLATE_KEYS_OLD: Type.String({
    default: '',
    description: 'comma-separated earlier template keys that may still be read'
  }),
  RATE_LIMIT: Type.Integer({
    default: 1200,
    minimum: 0,
    description:
      'requests per minute of one API key from one address, all processes and instances together; 0: no limit; programs on this machine that need no key are not limited'
  }),
  FAILED_VERIFICATIONS_MAX: Type.Integer({
    default: 10,
    minimum: 0,
    description:
      'verifications of one user that may fail on face or liveness in FAILED_VERIFICATIONS_MINUTES, photos to add that do not match included, before further ones get 429, from any sender; 0: no limit'
  }),
  FAILED_VERIFICATIONS_MINUTES: Type.Integer({
    default: 15,
    minimum: 1,
    maximum: 1440,
    description: 'see FAILED_VERIFICATIONS_MAX'
  }),
  EXPOSE_SCORES: Type.Boolean({
    default: true,
    description:
      'false answers pass or fail only, and leaves scores out of metrics, webhooks, exports and repeated answers; keys with the scope admin still see them'
  })
}
