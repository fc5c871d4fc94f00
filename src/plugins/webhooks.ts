/**
 * Delivers the outcomes of jobs and the decisions of reviews to their webhooks, in every process that has the secret.
 * Deliveries are leased like the jobs themselves: they survive a restart, and another process goes on with what one has
 * left. A receiver may get an outcome twice, under the same `webhook-id`, when a process ends between the answer and
 * its record.
 */
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { webhookEntry } from '../audit/entry.ts'
import { reviewMessage } from '../reviews/message.ts'
import type { Services } from '../server/services.ts'
import type { Store } from '../storage/store.ts'
import type { Lease } from '../storage/subjects/deferred.ts'
import { jobAnswer } from '../verification/deferred-answer.ts'
import { leaseInTurn } from '../tenants/tenants.ts'
import { addWorkLoop } from './work-loop.ts'

const POLL_MS = 1000

const failure = 'the webhooks could not be read'

/**
 * Deliveries of one process at a time; each waits for a receiver and needs nothing else. Many more than one receiver
 * may have at a time, so that those for a silent one do not keep the others waiting.
 */
const MAX_RUNNING = 256

/** One outcome on its way. */
interface Delivery extends Lease {
  url: string
  /** What the log calls it. */
  name: Record<string, string>
  /** Opened when it is sent, so that one that cannot be opened fails alone. */
  body (): string
  /** False when the lease is lost. */
  end (details: Parameters<typeof webhookEntry>[1]): Promise<boolean>
  retry (): Promise<void>
}

type NextDeliveries = (limit: number) => Promise<Delivery[]>

async function webhooksPlugin (
  app: FastifyInstance,
  { config, store, tenants, webhooks }: Pick<Services, 'config' | 'store' | 'tenants' | 'webhooks'>
) {
  if (!webhooks.enabled) return

  const end = async (delivery: Delivery, status: 'delivered' | 'failed', attempts: number): Promise<void> => {
    if (!(await delivery.end({ status, attempts, origin: new URL(delivery.url).origin }))) return
    app.metrics.countDelivery(status)
  }

  const deliver = async (delivery: Delivery): Promise<void> => {
    const { id, attempt, url, name } = delivery
    const { origin } = new URL(url)
    const giveUp = async (problem: string, attempts: number): Promise<void> => {
      await end(delivery, 'failed', attempts)
      app.log.error({ ...name, origin, attempts, problem }, 'a webhook is given up; its outcome can still be asked for')
    }
    // The settings may have changed since it was accepted.
    if (!webhooks.allows(url)) return await giveUp('its origin is no longer in WEBHOOK_ORIGINS', attempt - 1)
    if (attempt > config.WEBHOOK_ATTEMPTS) return await giveUp('its last attempt did not come to an end', attempt - 1)

    const problem = await webhooks.post(url, { id, body: delivery.body() })
    if (problem === null) return await end(delivery, 'delivered', attempt)
    if (attempt === config.WEBHOOK_ATTEMPTS) return await giveUp(problem, attempt)
    app.metrics.countDelivery('retried')
    app.log.warn({ ...name, origin, attempt, problem }, 'a webhook could not be delivered; it is tried again')
    await delivery.retry()
  }

  const leasing =
    (nextDeliveries: NextDeliveries) =>
      async (running: number): Promise<Promise<void>[]> => {
        const free = MAX_RUNNING - running
        if (free <= 0) return []
        return leaseInTurn(
          tenants,
          free,
          async limit =>
            (await nextDeliveries(limit)).map(async delivery => {
              try {
                await deliver(delivery)
              } catch (error) {
                app.log.error(
                  { err: error, ...delivery.name },
                  'a delivery could not be made or recorded; it is made again when its lease lapses'
                )
              }
            }),
          error => app.log.error({ err: error }, failure)
        )
      }

  for (const nextDeliveries of [jobsOf(store, config.EXPOSE_SCORES), reviewsOf(store)]) {
    addWorkLoop(app, { every: POLL_MS, lease: leasing(nextDeliveries), failure })
  }
}

/** Outcomes of jobs. */
function jobsOf (store: Store, exposed: boolean): NextDeliveries {
  return async limit =>
    (await store.leaseWebhooks(limit)).map(webhook => ({
      id: webhook.id,
      attempt: webhook.attempt,
      url: webhook.url,
      name: { job: webhook.id },
      body: () => JSON.stringify(jobAnswer({ ...webhook, outcome: webhook.outcome() }, webhook.scores || exposed)),
      end: details =>
        store.endWebhook(webhook, details.status, webhookEntry({ ...webhook, subject: { job: webhook.id } }, details)),
      retry: () => store.retryWebhook(webhook)
    }))
}

/** Decisions of reviews. */
function reviewsOf (store: Store): NextDeliveries {
  return async limit =>
    (await store.leaseReviewWebhooks(limit)).map(({ id, attempt, url, review }) => ({
      id,
      attempt,
      url,
      name: { review: id },
      body: () => JSON.stringify(reviewMessage(review)),
      end: details =>
        store.endReviewWebhook({ id, attempt }, webhookEntry({ ...review, subject: { review: id } }, details)),
      retry: () => store.retryReviewWebhook({ id, attempt })
    }))
}

export const webhooks = fp(webhooksPlugin, { name: 'webhooks', dependencies: ['metrics'] })
