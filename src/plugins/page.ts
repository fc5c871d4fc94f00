/** The page at `/`, from static/. */
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { fileURLToPath } from 'node:url'

async function pagePlugin (app: FastifyInstance) {
  await app.register(fastifyStatic, {
    root: fileURLToPath(new URL('../../static', import.meta.url)),
    cacheControl: false
  })
}

export const page = fp(pagePlugin, { name: 'page' })
