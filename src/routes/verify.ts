import { randomUUID } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { seesScores } from '../access/scopes.ts'
import { ServiceError } from '../errors/errors.ts'
import { actorOf } from '../plugins/audit.ts'
import { clientOf } from '../plugins/queue.ts'
import { IdempotencyHeaderSchema } from '../schemas/idempotency.ts'
import { PendingJobSchema } from '../schemas/jobs.ts'
import { PreferHeaderSchema, prefersAsync } from '../schemas/prefer.ts'
import { type VerifyAnswer, VerifyAnswerSchema, VerifyFormSchema } from '../schemas/verdict.ts'
import type { Services } from '../server/services.ts'
import { verificationServices } from '../verification/services.ts'
import { findClaim, verify } from '../verification/judge-proof.ts'
import { keptWithoutScores, withoutScores } from '../verification/without-scores.ts'
import type { RouteContract } from './contract.ts'

const verifyRoute = {
  config: {
    scope: 'verify',
    audit: 'verify',
    uploads: { file: 1 },
    heavy: true,
    deferrable: true,
    idempotent: true,
    hideScores: keptWithoutScores,
    errors: [
      'challenge_not_found',
      'challenge_expired',
      'challenge_used',
      'challenge_not_passed',
      'invalid_username',
      'user_not_found',
      'reenrol_required',
      'replayed_photo',
      'webhook_refused',
      'unknown_task',
      'task_unavailable',
      'store_unavailable'
    ]
  },
  schema: {
    operationId: 'verify',
    summary: 'Does this photo prove that this user did this task?',
    tags: ['verification'],
    consumes: ['multipart/form-data'],
    headers: Type.Composite([IdempotencyHeaderSchema, PreferHeaderSchema]),
    body: VerifyFormSchema,
    response: { 200: VerifyAnswerSchema, 202: PendingJobSchema }
  }
} satisfies RouteContract

export const verifyRoutes: FastifyPluginAsyncTypebox<Services> = async (app, services) => {
  const { config, store, webhooks } = services
  const verification = verificationServices(services)

  app.post('/verify', verifyRoute, async (request, reply) => {
    const { body, caller, deadline } = request
    const { webhook: address, ...claim } = body
    const proof = { ...claim, actor: actorOf(request), client: clientOf(request), limited: caller?.local !== true }
    if (prefersAsync(request.headers)) {
      const webhook = address === undefined ? null : webhooks.accept(address)
      const { username, task } = await findClaim(verification, proof)
      const { requestId, key } = proof.actor
      const job = {
        id: randomUUID(),
        username,
        task: task.name,
        photo: body.file.bytes,
        key,
        requestId,
        limited: proof.limited,
        webhook,
        challenge: body.challenge ?? null,
        scores: seesScores(caller, false),
        createdAt: new Date().toISOString()
      }
      reply.code(202)
      const pending = { id: job.id, status: 'pending' as const }
      const headers = { location: `/api/jobs/${job.id}`, 'preference-applied': 'respond-async' }
      if (!(await store.addDeferred(job, config.JOBS_MAX, reply.settlement(pending, headers)))) {
        throw new ServiceError(
          'overloaded',
          `${config.JOBS_MAX} jobs are waiting already. Send the request again in 5 s.`,
          { headers: { 'retry-after': '5' } }
        )
      }
      return reply.headers(headers).send(pending)
    }
    if (address !== undefined) {
      throw new ServiceError(
        'webhook_refused',
        'The field webhook needs the header Prefer: respond-async; without it the verdict is the answer.'
      )
    }
    const shown = (answer: VerifyAnswer) =>
      seesScores(caller, config.EXPOSE_SCORES) ? answer : withoutScores(answer)
    const answer = await verify(verification, {
      ...proof,
      settlement: answer => reply.settlement(shown(answer)),
      signal: deadline
    })
    app.countVerdict(answer, proof.challenge !== undefined)
    return shown(answer)
  })
}
