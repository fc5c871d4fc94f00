/**
 * Delivers the outcomes of jobs to their webhooks, in every process that has the secret. Deliveries are leased like the
 * jobs themselves: they survive a restart, and another process goes on with what one has left. A receiver may get an
 * outcome twice, under the same `webhook-id`, when a process ends between the answer and its record.
 */
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { webhookEntry } from '../audit/entry.ts'
import type { Services } from '../server/services.ts'
import type { ClaimedWebhook } from '../storage/store.ts'
import { jobAnswer } from '../verification/deferred-answer.ts'
import { claimInTurn } from '../tenants/tenants.ts'
import { addWorkLoop } from './work-loop.ts'

/** For the log. */
const failure = 'the webhooks could not be read'

const POLL_MS = 1000

/**
 * Deliveries of one process at a time; each waits for a receiver and needs nothing else. Many more than one receiver may
 * have at a time, so that those for a silent one do not keep the others waiting.
 */
const MAX_RUNNING = 256

async function webhooksPlugin (app: FastifyInstance, { config, store, tenants, webhooks }: Pick<Services, 'config' | 'store' | 'tenants' | 'webhooks'>) {
  if (!webhooks.enabled) return

  const end = async (webhook: ClaimedWebhook, status: 'delivered' | 'failed', attempts: number): Promise<void> => {
    const { origin } = new URL(webhook.url)
    if (!await store.endWebhook(webhook, status, webhookEntry(webhook, { status, attempts, origin }))) return
    app.metrics.countDelivery(status)
  }

  const deliver = async (webhook: ClaimedWebhook): Promise<void> => {
    const { id, attempt, url } = webhook
    const { origin } = new URL(url)
    const giveUp = async (problem: string, attempts: number): Promise<void> => {
      await end(webhook, 'failed', attempts)
      app.log.error({ job: id, origin, attempts, problem }, 'a webhook is given up; its outcome is still at the job\'s address')
    }
    // The settings may have changed since it was accepted.
    if (!webhooks.allows(url)) return await giveUp('its origin is no longer in WEBHOOK_ORIGINS', attempt - 1)
    if (attempt > config.WEBHOOK_ATTEMPTS) return await giveUp('its last attempt did not come to an end', attempt - 1)

    const problem = await webhooks.post(url, { id, body: JSON.stringify(jobAnswer({ ...webhook, outcome: webhook.outcome() }, webhook.scores || config.EXPOSE_SCORES)) })
    if (problem === null) return await end(webhook, 'delivered', attempt)
    if (attempt === config.WEBHOOK_ATTEMPTS) return await giveUp(problem, attempt)
    app.metrics.countDelivery('retried')
    app.log.warn({ job: id, origin, attempt, problem }, 'a webhook could not be delivered; it is tried again')
    await store.retryWebhook(webhook)
  }

  const claim = async (running: number): Promise<Promise<void>[]> => {
    const free = MAX_RUNNING - running
    if (free <= 0) return []
    return claimInTurn(tenants, free, async limit => (await store.claimWebhooks(limit)).map(async webhook => {
      try {
        await deliver(webhook)
      } catch (error) {
        app.log.error({ err: error, job: webhook.id }, 'a delivery could not be made or recorded; it is made again when its lease lapses')
      }
    }), error => app.log.error({ err: error }, failure))
  }

  addWorkLoop(app, { every: POLL_MS, claim, failure })
}

export const webhooks = fp(webhooksPlugin, { name: 'webhooks', dependencies: ['metrics'] })
