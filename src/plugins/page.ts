/** The page at `/`, from static/. */
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { fromProject } from '../config/project-folder.ts'

const root = fromProject('static')

async function pagePlugin (app: FastifyInstance) {
  await app.register(fastifyStatic, { root, cacheControl: false })

  const styles = await joinedStyles('styles.css')
  const compressed = gzipSync(styles)
  // Weak: compressed or not, it is the same style.
  const etag = `W/"${createHash('sha256').update(styles).digest('base64url')}"`
  app.get('/styles.css', async (request, reply) => {
    reply.headers({ etag, vary: 'accept-encoding' })
    if (request.headers['if-none-match']?.includes(etag)) return reply.code(304).send()
    reply.type('text/css; charset=utf-8')
    if (!/\bgzip\b/.test(String(request.headers['accept-encoding']))) return reply.send(styles)
    return reply.header('content-encoding', 'gzip').send(compressed)
  })
}

/** A stylesheet with those that it imports in their places: one request instead of a dozen. */
async function joinedStyles (name: string): Promise<string> {
  const text = await readFile(join(root, name), 'utf8')
  const imported = [...text.matchAll(/^@import "([^"]+)";$/gm)].map(([, path]) => readFile(join(root, path!), 'utf8'))
  return (await Promise.all(imported)).join('\n')
}

export const page = fp(pagePlugin, { name: 'page' })
