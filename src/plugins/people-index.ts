/** Gives users a sketch who were enrolled before there were sketches, or under another template key. */
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { Services } from '../server/services.ts'
import { forEachTenant } from '../tenants/tenants.ts'
import { addWorkLoop } from './work-loop.ts'

/** Between two looks while there is nothing to do. */
const IDLE_MS = 60_000
/** Users at a time: a fraction of a second of work, in pieces of a millisecond. */
const BATCH = 200

async function peopleIndexPlugin (app: FastifyInstance, { config, tenants }: Pick<Services, 'config' | 'tenants'>) {
  if (config.DUPLICATE_PERSON === 'off' && !config.IDENTIFY) return
  let given = 0
  addWorkLoop(app, {
    every: IDLE_MS,
    lease: async () => {
      let count = 0
      await forEachTenant(tenants, async ({ people }) => { count += await people.sketchMissing(BATCH) })
      given += count
      if (count > 0) return [Promise.resolve()]
      if (given > 0) app.log.info({ users: given }, 'users can now be found by their face')
      given = 0
      return []
    },
    failure: 'users could not be given a sketch'
  })
}

export const peopleIndex = fp(peopleIndexPlugin, { name: 'people-index' })
