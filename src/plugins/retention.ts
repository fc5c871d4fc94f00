/** Runs the retention job when the service starts and then every hour. */
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { removeExpired } from '../privacy/retention.ts'
import type { Services } from '../server/services.ts'
import { forEachTenant, type TenantData } from '../tenants/tenants.ts'

const INTERVAL_MS = 60 * 60 * 1000

/** An expired challenge is removed after this; until then it says why it cannot be used, and counts as a failure. */
const CHALLENGE_HOURS = 24

async function retentionPlugin (app: FastifyInstance, { config, tenants }: Pick<Services, 'config' | 'tenants'>) {
  let running = Promise.resolve()
  const remove = async ({ store, archive }: TenantData) => {
    await store.removeAnswers(hoursAgo(config.IDEMPOTENCY_HOURS))
    await store.removeRequestCounts(hoursAgo(0))
    await store.removeDeferred(hoursAgo(config.JOB_HOURS))
    await store.expireReviews(hoursAgo(0))
    await store.removeReviewedPhotos(hoursAgo(24 * config.KEEP_REVIEWED_DAYS))
    await store.removeChallenges(hoursAgo(CHALLENGE_HOURS))
    const removed = await removeExpired(store, archive, config.RETENTION_DAYS)
    if (Object.values(removed).some(count => count > 0)) { app.log.info({ removed }, 'removed what is older than RETENTION_DAYS') }
  }
  const run = () => {
    running = forEachTenant(tenants, data => remove(data).catch(error => {
      app.log.error({ err: error }, 'the retention job failed; it runs again in an hour')
    }))
  }
  let timer: NodeJS.Timeout | undefined
  app.addHook('onReady', async () => {
    run()
    timer = setInterval(run, INTERVAL_MS).unref()
  })
  // preClose: the store is still open.
  app.addHook('preClose', async () => {
    clearInterval(timer)
    await running
  })
}

function hoursAgo (hours: number): string {
  return new Date(Date.now() - hours * 60 * 60 * 1000).toISOString()
}

export const retention = fp(retentionPlugin, { name: 'retention' })
