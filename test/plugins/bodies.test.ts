import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { bodies } from '../../src/plugins/bodies.ts'
import { deadline } from '../../src/plugins/deadline.ts'
import { errors } from '../../src/plugins/errors.ts'
import { shutdown } from '../../src/plugins/shutdown.ts'
import { listen, rawClient } from '../helpers/raw-client.ts'

/** One route that takes JSON and one that takes none. */
async function build (t: Test) {
  const app = Fastify()
  await app.register(errors)
  await app.register(deadline, { seconds: 30 })
  await app.register(shutdown)
  await app.register(bodies)
  app.post('/json', { config: { scope: 'open', json: { maxBytes: 100 } } }, async ({ body = null }) => ({ body }))
  app.post('/none', { config: { scope: 'open' } }, async ({ body = null }) => ({ body }))
  t.teardown(() => app.close())
  return app
}

t.test('JSON is read where a route declares it, and nowhere else', async t => {
  const app = await build(t)
  const payload = '{"a":[1]}'
  for (const type of [
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON',
    'application/problem+json'
  ]) {
    const post = async (url: string) =>
      (await app.inject({ method: 'POST', url, payload, headers: { 'content-type': type } })).json()
    t.same(await post('/json'), { body: { a: [1] } }, type)
    t.same(await post('/none'), { body: null }, type)
  }
  t.same(
    (await app.inject({ method: 'POST', url: '/json' })).json(),
    { body: null },
    'the schema of the route says whether a body is needed'
  )
})

t.test('other bodies are refused in words', async t => {
  const app = await build(t)
  const json = { 'content-type': 'application/json' }
  for (const [name, headers, payload, status, error, message] of [
    [
      'a form',
      { 'content-type': 'application/x-www-form-urlencoded' },
      'a=1',
      415,
      'unsupported_media_type',
      /application\/json; found application\/x-www/
    ],
    ['no type', {}, 'a', 415, 'unsupported_media_type', /no content type/],
    ['a packed one', { ...json, 'content-encoding': 'gzip' }, 'a', 415, 'unsupported_media_type', /gzip/],
    ['a large one', json, `"${'x'.repeat(200)}"`, 413, 'body_too_large', /100 bytes/],
    ['half of one', json, '{"a":', 400, 'invalid_request', /not JSON/],
    ['one that changes objects', json, '{"__proto__":{"admin":true}}', 400, 'invalid_request', /not JSON/],
    ['an empty one', { ...json, 'transfer-encoding': 'chunked' }, '', 400, 'invalid_request', /not JSON/]
  ] as [string, Record<string, string>, string, number, string, RegExp][]) {
    const answer = await app.inject({ method: 'POST', url: '/json', headers, payload })
    t.match([answer.statusCode, answer.json()], [status, { error, message }], name)
  }
})

t.test('a body without a length is read up to the limit', async t => {
  const port = await listen(await build(t))
  const head = 'POST /json HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n'
  const client = await rawClient(port, `${head}3\r\n[1,\r\n`)
  client.socket.write('2\r\n2]\r\n0\r\n\r\n')
  t.match(await client.answer(), { status: 200, body: { body: [1, 2] } })
  client.socket.destroy()
  const long = await rawClient(port, `${head}200\r\n${'['.repeat(512)}\r\n`)
  t.match(await long.answer(), { status: 413, body: { error: 'body_too_large' } })
  long.socket.destroy()
})
