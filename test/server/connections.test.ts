/** Refusals below HTTP: the socket is all there is. */
import t from 'tap'
import { buildLight } from '../helpers/light-app.ts'
import { closed, listen, rawClient, writeSlowly } from '../helpers/raw-client.ts'

t.test('who still writes when the parser refuses finds the answer', async t => {
  const port = await listen((await buildLight(t)).app)
  for (const [name, start, status] of [
    ['endless headers', `GET /api/health HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nx-long: `, 431],
    ['no HTTP', 'this is no HTTP\r\n\r\n', 400]
  ] as const) {
    const client = await rawClient(port, start)
    client.socket.pause()
    t.equal(
      await writeSlowly(client, 8 * 2 ** 20, Buffer.alloc(64 * 1024, 'x')),
      8 * 2 ** 20,
      `${name}: all of it can be written`
    )
    client.socket.resume()
    t.match(await client.answer(), { status, body: { status: 'error', code: status, message: String } }, name)
    await closed(client)
  }
})

t.test('what is endless ends the connection', async t => {
  const port = await listen((await buildLight(t)).app)
  const client = await rawClient(port, 'this is no HTTP\r\n\r\n')
  t.ok(await writeSlowly(client, 2 ** 28, Buffer.alloc(2 ** 20, 'x')) < 2 ** 28)
  await closed(client)
})
