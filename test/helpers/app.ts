/** One way to build the application in a test, with real models, and to take it down again. */
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import type { Test } from 'tap'
import { buildApp } from '../../src/server/app.ts'
import { loadConfig } from '../../src/config/config.ts'
import { openServices } from '../../src/server/open-services.ts'
import type { Services } from '../../src/server/services.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { checkAnswers } from './documented.ts'

export interface Built {
  app: FastifyInstance
  services: Services
}

/** Tasks that the sample photos prove: a cup stands for waste. */
export const demonstration = 'config/demonstration.json'

/** Settings of a test: one worker, a data folder of its own, no log. */
export async function build (
  t: Test,
  env: Record<string, string> = {},
  change: (services: Services) => Services = services => services
): Promise<Built> {
  const config = loadConfig({
    ENV: 'test',
    LOG_LEVEL: 'silent',
    PORT: '0',
    WORKER_THREADS: '1',
    PRECISION: 'fp32',
    TASKS_FILE: demonstration,
    DATA_DIR: env.DATA_DIR ?? temporaryFolder(t),
    ...env
  })
  const services = change(await openServices(config, pino({ level: config.LOG_LEVEL })))
  const app = await buildApp(services)
  checkAnswers(t, app)
  t.teardown(() => app.close())
  return { app, services }
}

type Part = string | { bytes: Buffer, filename?: string }

/** Sends a multipart form through `app.inject`. */
export async function send (
  app: FastifyInstance,
  url: string,
  parts: [field: string, value: Part][],
  headers: Record<string, string> = {}
) {
  const form = new FormData()
  for (const [field, value] of parts) {
    if (typeof value === 'string') form.append(field, value)
    else form.append(field, new Blob([new Uint8Array(value.bytes)]), value.filename ?? 'photo.jpg')
  }
  const encoded = new Response(form)
  return app.inject({
    method: 'POST',
    url,
    payload: Buffer.from(await encoded.arrayBuffer()),
    headers: { 'content-type': encoded.headers.get('content-type')!, ...headers }
  })
}

export async function signup (app: FastifyInstance, username: string, ...photos: Buffer[]) {
  return send(app, '/api/signup', [
    ['username', username],
    ...photos.map((bytes, index): [string, Part] => ['images', { bytes, filename: `${index}.jpg` }])
  ])
}

export async function verify (app: FastifyInstance, username: string, task: string, photo: Buffer) {
  return send(app, '/api/verify', [['username', username], ['task', task], ['file', { bytes: photo }]])
}
