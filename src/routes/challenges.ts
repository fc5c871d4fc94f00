import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Caller, hasScope, seesScores } from '../access/scopes.ts'
import { beginChallenge, currentPose, submitFrames } from '../challenge/challenges.ts'
import { challengeServices } from '../challenge/services.ts'
import { challengeState, noChallenge } from '../challenge/state.ts'
import { withoutScores } from '../challenge/without-scores.ts'
import { keptWithoutScores } from '../verification/without-scores.ts'
import { actorOf } from '../plugins/audit.ts'
import {
  BeginChallengeSchema,
  BegunChallengeSchema,
  ChallengeParamsSchema,
  ChallengeStateSchema,
  FramesFormSchema,
  type JudgedChallenge,
  JudgedChallengeSchema,
  MAX_FRAMES,
  PoseAnswerSchema,
  PoseFormSchema
} from '../schemas/challenges.ts'
import { clientOf } from '../plugins/queue.ts'
import { IdempotencyHeaderSchema } from '../schemas/idempotency.ts'
import type { Services } from '../server/services.ts'
import type { StoredChallenge } from '../storage/store.ts'
import type { RouteContract } from './contract.ts'

/** A username and nothing else. */
const MAX_JSON_BYTES = 4096

const beginChallengeRoute = {
  config: {
    scope: 'verify',
    audit: 'challenge',
    uploads: {},
    json: { maxBytes: MAX_JSON_BYTES },
    idempotent: true,
    errors: [
      'challenges_unavailable',
      'invalid_username',
      'user_not_found',
      'reenrol_required',
      'store_unavailable'
    ]
  },
  schema: {
    operationId: 'beginChallenge',
    summary: 'Ask a user to move the head: poses in random order',
    tags: ['challenges'],
    consumes: ['application/json', 'multipart/form-data'],
    headers: IdempotencyHeaderSchema,
    body: BeginChallengeSchema,
    response: { 201: BegunChallengeSchema }
  }
} satisfies RouteContract

const submitFramesRoute = {
  config: {
    scope: 'verify',
    audit: 'challenge',
    uploads: { frames: MAX_FRAMES },
    heavy: true,
    idempotent: true,
    hideScores: keptWithoutScores,
    errors: [
      'challenges_unavailable',
      'challenge_not_found',
      'challenge_expired',
      'challenge_used',
      'too_few_frames',
      'frame_sizes_differ',
      'user_not_found',
      'reenrol_required',
      'store_unavailable'
    ]
  },
  schema: {
    operationId: 'submitFrames',
    summary: 'Judge the frames of a challenge, once',
    tags: ['challenges'],
    consumes: ['multipart/form-data'],
    headers: IdempotencyHeaderSchema,
    params: ChallengeParamsSchema,
    body: FramesFormSchema,
    response: { 200: JudgedChallengeSchema }
  }
} satisfies RouteContract

const currentPoseRoute = {
  // Asked several times a second: the challenge itself has its rows.
  config: {
    scope: 'verify',
    audit: false,
    uploads: { frame: 1 },
    heavy: true,
    errors: [
      'challenges_unavailable',
      'challenge_not_found',
      'challenge_expired',
      'challenge_used',
      'store_unavailable'
    ]
  },
  schema: {
    operationId: 'currentPose',
    summary: 'What the head on one photo shows, and what to do next',
    tags: ['challenges'],
    consumes: ['multipart/form-data'],
    params: ChallengeParamsSchema,
    body: PoseFormSchema,
    response: { 200: PoseAnswerSchema }
  }
} satisfies RouteContract

const getChallengeRoute = {
  config: { scope: 'verify', audit: false, errors: ['challenge_not_found', 'store_unavailable'] },
  schema: {
    operationId: 'getChallenge',
    summary: 'How a challenge stands',
    tags: ['challenges'],
    params: ChallengeParamsSchema,
    response: { 200: ChallengeStateSchema }
  }
} satisfies RouteContract

export const challengeRoutes: FastifyPluginAsyncTypebox<Services> = async (app, services) => {
  const { config, store } = services
  const challenges = challengeServices(services)

  /** Whether it exists is nobody else's business. */
  const find = async (id: string, caller: Caller | null): Promise<StoredChallenge> => {
    const challenge = await store.findChallenge(id)
    if (challenge === null || (challenge.key !== caller?.key && !hasScope(caller, 'admin'))) { throw noChallenge(id, 'of this API key') }
    return challenge
  }

  app.post('/challenges', beginChallengeRoute, async (request, reply) => {
    reply.code(201)
    const headers = (id: string) => ({ location: `/api/challenges/${id}` })
    const answer = await beginChallenge(challenges, {
      username: request.body.username,
      actor: actorOf(request),
      limited: request.caller?.local !== true,
      settlement: answer => reply.settlement(answer, headers(answer.id))
    })
    return reply.headers(headers(answer.id)).send(answer)
  })

  app.post('/challenges/:id/frames', submitFramesRoute, async (request, reply) => {
    const {
      caller,
      params: { id },
      body: { frames }
    } = request
    const shown = (answer: JudgedChallenge) =>
      seesScores(caller, config.EXPOSE_SCORES) ? answer : { ...answer, checks: withoutScores(answer.checks) }
    const answer = await submitFrames(challenges, await find(id, caller), {
      frames,
      actor: actorOf(request),
      limited: caller?.local !== true,
      settlement: answer => reply.settlement(shown(answer)),
      client: clientOf(request),
      signal: request.deadline
    })
    app.metrics.countChallenge(answer)
    return shown(answer)
  })

  app.post('/challenges/:id/pose', currentPoseRoute, async request => {
    const {
      caller,
      params: { id },
      body,
      deadline
    } = request
    return currentPose(challenges, await find(id, caller), { ...body, client: clientOf(request), signal: deadline })
  })

  app.get('/challenges/:id', getChallengeRoute, async ({ caller, params: { id } }) => {
    const state = challengeState(await find(id, caller))
    return state.checks === undefined || seesScores(caller, config.EXPOSE_SCORES)
      ? state
      : { ...state, checks: withoutScores(state.checks) }
  })
}
