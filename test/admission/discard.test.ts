import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { type DiscardBounds, discardRest, isAnswered } from '../../src/admission/discard.ts'
import { closed, rawClient, writeSlowly } from '../helpers/raw-client.ts'

const KIB = 1024
const MIB = 1024 * KIB

/** Answers every request at once, with or without closing the connection. */
async function server (
  t: Test,
  bounds?: DiscardBounds,
  look: (request: IncomingMessage) => void = () => {}
): Promise<number> {
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    discardRest(request, bounds)
    look(request)
    response.setHeader('content-length', 2).end('{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return (server.address() as AddressInfo).port
}

const head = (length: number, headers = '') =>
  `POST / HTTP/1.1\r\nhost: a\r\ncontent-length: ${length}\r\n${headers}\r\n`

t.test('who writes the whole body before looking finds the answer, also under Connection: close', async t => {
  const port = await server(t)
  for (const headers of ['', 'connection: close\r\n']) {
    const client = await rawClient(port, head(9 * MIB, headers))
    t.equal(await writeSlowly(client, 9 * MIB, Buffer.alloc(64 * KIB)), 9 * MIB, headers)
    t.match(await client.answer(), { status: 200 })
    if (headers !== '') await closed(client)
    client.socket.destroy()
  }
})

t.test('the connection serves the next request', async t => {
  let socket
  const port = await server(t, undefined, request => { socket = request.socket })
  const client = await rawClient(port, head(MIB))
  await writeSlowly(client, MIB, Buffer.alloc(64 * KIB))
  await client.answer()
  client.socket.write(head(0))
  while ((client.received().match(/HTTP\/1\.1 200/g) ?? []).length < 2) await once(client.socket, 'data')
  t.notOk(isAnswered(socket!))
  client.socket.destroy()
})

for (const [name, bounds, size] of [
  ['too much', { bytes: MIB, time: 60_000 }, 64 * MIB],
  ['too slow', { bytes: MIB, time: 20 }, 0]
] as const) {
  t.test(`what is ${name} ends the connection`, async t => {
    const port = await server(t, bounds, ({ socket }) => t.ok(isAnswered(socket)))
    const client = await rawClient(port, head(64 * MIB))
    t.ok(await writeSlowly(client, size, Buffer.alloc(64 * KIB)) <= size)
    await closed(client)
  })
}
