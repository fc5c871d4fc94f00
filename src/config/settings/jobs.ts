/** Verifications that are judged later, and webhooks. */
import { Type } from '@sinclair/typebox'

export const jobSettings = {
  JOBS_MAX: Type.Integer({
    default: 1000,
    minimum: 0,
    description:
      'verifications with `Prefer: respond-async` that may wait in the store, photos included, and one more of each key that has none; beyond that requests get 503'
  }),
  JOB_HOURS: Type.Integer({
    default: 24,
    minimum: 1,
    maximum: 720,
    description: 'hours after which jobs and their outcomes are removed'
  }),
  WEBHOOK_SECRET: Type.String({
    default: '',
    description:
      'secret that signs webhooks, made by `npm run keys -- webhook-secret`; two, separated by a comma, while receivers change from one to the other; empty: no webhooks'
  }),
  WEBHOOK_ORIGINS: Type.String({
    default: '',
    description: 'comma-separated exact origins that webhooks may be posted to, https unless on this machine'
  }),
  WEBHOOK_ATTEMPTS: Type.Integer({
    default: 12,
    minimum: 1,
    maximum: 50,
    description: 'attempts to deliver a webhook, with pauses from 5 s that double up to an hour; 12 take 2.5 to 5 hours'
  })
}
