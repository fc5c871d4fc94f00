/** Whatever is refused, by whichever part of the server, is answered in the one shape. */
import t from 'tap'
import { buildLight } from '../helpers/light-app.ts'
import { listen, rawClient } from '../helpers/raw-client.ts'

t.test('paths, methods and headers that the framework refuses', async t => {
  const port = await listen((await buildLight(t)).app)
  for (const [request, status, error] of [
    ['GET /api/users/%ff', 400, 'invalid_request'],
    ['GET /api/users/%', 400, 'invalid_request'],
    ['GET /%c0%af', 400, 'invalid_request'],
    [`GET /api/users/${'x'.repeat(500)}`, 400, 'invalid_request'],
    [`GET /api/users/${'x'.repeat(2000)}`, 404, 'not_found'],
    ['GET /api/verify', 405, 'method_not_allowed'],
    ['PUT /api/verify', 405, 'method_not_allowed'],
    ['DELETE /api/health', 405, 'method_not_allowed'],
    ['PATCH /api/users/ana', 405, 'method_not_allowed'],
    ['PROPFIND /api/users', 405, 'method_not_allowed'],
    ['GET /api/nothing', 404, 'not_found'],
    ['POST //api/verify', 404, 'not_found'],
    ['GET /docs/static/nothing', 404, 'not_found'],
    ['GET /../package.json', 400, 'invalid_request']
  ] as const) {
    const client = await rawClient(port, `${request} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n\r\n`)
    const { head, ...answer } = await client.answer()
    t.match(
      answer,
      { status, body: { status: 'error', code: status, error, message: String, requestId: String } },
      request.slice(0, 40)
    )
    t.match(head, /x-request-id: /)
    if (status === 405) t.match(head, /\nallow: [A-Z, ]+/)
    client.socket.destroy()
  }
  for (const [name, text, status] of [
    ['no host', 'GET /api/health HTTP/1.1\r\n\r\n', 400],
    ['an unknown expectation', `GET /api/health HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nexpect: tea\r\n\r\n`, 200],
    ['no method', 'FOO / HTTP/1.1\r\nhost: a\r\n\r\n', 400]
  ] as const) {
    const client = await rawClient(port, text)
    t.match(await client.answer(), { status, body: status === 200 ? { ok: true } : { error: 'invalid_request' } }, name)
    client.socket.destroy()
  }
})

t.test('405 says what the path takes', async t => {
  const { app } = await buildLight(t)
  const answer = await app.inject({ method: 'GET', url: '/api/verify?x=1' })
  t.match(answer.json(), { error: 'method_not_allowed', message: /\/api\/verify takes POST; found GET/ })
  t.equal(answer.headers.allow, 'POST')
  t.equal(
    (await app.inject({ method: 'OPTIONS', url: '/api/verify', headers: { origin: 'https://a.example' } })).statusCode,
    204,
    'an incomplete preflight'
  )
})
