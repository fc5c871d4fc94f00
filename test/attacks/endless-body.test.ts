/** A body that declares no length ends at the limit all the same. */
import t from 'tap'
import { buildLight } from '../helpers/light-app.ts'
import { listen, type RawClient, rawClient, writeSlowly } from '../helpers/raw-client.ts'

const MIB = 2 ** 20
const piece = Buffer.concat([Buffer.from('100000\r\n'), Buffer.alloc(MIB, 'x'), Buffer.from('\r\n')])

function chunked (port: number, path: string, begin: string): Promise<RawClient> {
  return rawClient(
    port,
    `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: multipart/form-data; boundary=b\r\ntransfer-encoding: chunked\r\n\r\n${begin.length.toString(16)}\r\n${begin}\r\n`
  )
}

for (const [name, begin] of [
  ['a photo', '--b\r\ncontent-disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'],
  ['a text', '--b\r\ncontent-disposition: form-data; name="username"\r\n\r\n'],
  ['a text in front of the form', 'nothing\r\n'],
  ['a text behind the form', '--b\r\ncontent-disposition: form-data; name="username"\r\n\r\nana\r\n--b--\r\n'],
  ['a field without a name', '--b\r\ncontent-disposition: form-data\r\n\r\n']
] as const) {
  t.test(`${name} of a gigabyte is refused, and its connection closed`, async t => {
    const port = await listen((await buildLight(t, { MAX_CONTENT_LENGTH_MB: '2', MAX_PHOTO_MB: '4' })).app)
    const client = await chunked(port, '/api/verify', begin)
    const answer = client.answer()
    const sent = await writeSlowly(client, 1024 * MIB, piece)
    t.ok(sent < 128 * MIB, `${sent / MIB} MiB were taken`)
    t.match(await answer, { status: 413, body: { error: 'body_too_large', message: /2 MiB/ } })
    t.equal((await fetch(`http://127.0.0.1:${port}/api/health`)).status, 200)
  })
}

t.test('nor does a refused body flow on', async t => {
  const port = await listen((await buildLight(t)).app)
  for (const path of ['/nowhere', '/api/users', '/api/verify']) {
    const client = await rawClient(
      port,
      `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ntransfer-encoding: chunked\r\n\r\n`
    )
    t.ok((await client.answer()).status >= 400)
    const sent = await writeSlowly(client, 1024 * MIB, piece)
    t.ok(sent < 128 * MIB, `${path}: ${sent / MIB} MiB were taken`)
  }
})
