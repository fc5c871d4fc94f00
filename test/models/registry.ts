/** A registry on this machine, for what a real one does only on a bad day. */
import { createHash } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { Test } from 'tap'
import { create } from 'tar'

export interface Registry {
  url: string
  /** Archives asked for so far. */
  downloads: number
}

/** Packs `files` as package `name@1.0.0`; `send` answers requests for the archive in its own way. */
export async function startRegistry (
  t: Test,
  name: string,
  files: Record<string, string>,
  send?: (response: ServerResponse, archive: Buffer) => void
): Promise<Registry> {
  const folder = t.testdir({ package: files })
  const archive = await buffer(create({ gzip: true, cwd: folder }, ['package']))
  const registry: Registry = { url: '', downloads: 0 }
  const path = `/${name.replace('/', '%2f')}`
  const server = createServer((request, response) => {
    if (request.url === path) {
      response.setHeader('content-type', 'application/json')
      response.end(
        JSON.stringify({
          name,
          'dist-tags': { latest: '1.0.0' },
          versions: {
            '1.0.0': {
              name,
              version: '1.0.0',
              dist: {
                tarball: `${registry.url}${path}.tgz`,
                integrity: `sha512-${createHash('sha512').update(archive).digest('base64')}`
              }
            }
          }
        })
      )
    } else if (request.url === `${path}.tgz`) {
      registry.downloads++
      if (send === undefined) response.end(archive)
      else send(response, archive)
    } else {
      response.writeHead(404).end('{}')
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  registry.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return registry
}

/** Sets npm settings for the test, with an empty npm cache, as a user would in the environment. */
export function useNpmSettings (t: Test, settings: Record<string, string>): void {
  const wanted: Record<string, string> = { npm_config_cache: t.testdir(), npm_config_fetch_retries: '0', ...settings }
  const before = Object.fromEntries(Object.keys(wanted).map(name => [name, process.env[name]]))
  Object.assign(process.env, wanted)
  t.teardown(() => {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  })
}
