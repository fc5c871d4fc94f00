/** What a route declares apart from its handler: who may call it, its limits and errors, and what crosses the wire. */
import type { FastifyContextConfig, FastifySchema } from 'fastify'

export interface RouteContract {
  config: FastifyContextConfig
  schema: FastifySchema
}
