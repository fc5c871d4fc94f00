/** Hostile requests, made from a seed so that a finding can be repeated. */
import { mutate, random } from '../helpers/random.ts'

export interface HostileRequest {
  /** What was done, for the report of a finding. */
  what: string
  method: string
  path: string
  headers: Record<string, string>
  body: Buffer
}

type Next = () => number

const boundary = 'fuzz'
const multipart = `multipart/form-data; boundary=${boundary}`

const hostileNames = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'constructor.prototype',
  '__proto__[isAdmin]',
  'images[__proto__]',
  'images[]',
  'images[0]',
  'file[]',
  'username[]',
  '',
  ' ',
  '\u0000',
  'ä',
  '👩‍🌾',
  '../username',
  'x'.repeat(2000),
  '%00',
  'name"; filename="a'
]
const hostileTexts = [
  "' OR '1'='1",
  "'; DROP TABLE users; --",
  '1; SELECT pg_sleep(10)',
  "admin'/*",
  '" UNION SELECT * FROM shots --',
  '#{7*7}',
  '{{7*7}}',
  '$(reboot)',
  '`id`',
  '../../etc/passwd',
  '..\\..\\windows',
  'a\u0000b',
  '\ud800',
  '\u202egnp.exe',
  'A\u0301'.repeat(200),
  '<script>alert(1)</script>',
  '%',
  '%s%n',
  '-1',
  'NaN',
  '1e999',
  '[]',
  '{}',
  'null',
  'true',
  '',
  ' ',
  '\r\nx-injected: 1',
  'x'.repeat(300),
  'x'.repeat(5000),
  '\u200b',
  'ﬃ',
  'Å',
  '__proto__',
  'constructor'
]
const hostileHeaders: [string, string][] = [
  ['content-type', 'multipart/form-data'],
  ['content-type', 'multipart/form-data; boundary='],
  ['content-type', `multipart/form-data; boundary=${'b'.repeat(300)}`],
  ['content-type', 'application/json'],
  ['content-type', 'text/plain; charset=utf-16'],
  ['content-type', 'multipart/mixed; boundary=fuzz'],
  ['content-encoding', 'gzip'],
  ['transfer-encoding', 'chunked'],
  ['expect', '100-continue'],
  ['origin', 'null'],
  ['origin', 'https://evil.example'],
  ['x-request-id', 'x'.repeat(500)],
  ['x-forwarded-for', '127.0.0.1, ::1'],
  ['range', 'bytes=0-0,1-1'],
  ['accept', '*/*;q=nonsense'],
  ['cookie', 'a='.repeat(500)],
  ['prefer', 'respond-async, wait=-1'],
  ['idempotency-key', 'x'.repeat(1000)],
  ['authorization', 'Bearer x'],
  ['authorization', `Basic ${'A'.repeat(3000)}`],
  ['x-api-key', "' OR 1=1"],
  ['if-none-match', '*'],
  ['upgrade', 'h2c'],
  ['connection', 'upgrade']
]
const paths = [
  '/api/users',
  '/api/users/anna',
  '/api/users/anna/shots/0',
  '/api/tasks',
  '/api/me',
  '/api/health',
  '/api/ready',
  '/api/metrics',
  '/api/signup',
  '/api/verify',
  '/api/debug',
  '/',
  '/api/openapi.json',
  '/api/challenges',
  '/api/challenges/nothing',
  '/api/challenges/nothing/frames',
  '/api/challenges/nothing/pose',
  '/api/hints',
  '/api/identify',
  '/api/users/anna/photos',
  '/api/verifications',
  '/api/verifications/nothing',
  '/api/verifications/nothing/appeal',
  '/api/jobs/nothing',
  '/api/reviews',
  '/api/reviews/nothing',
  '/api/reviews/nothing/photo',
  '/api/reviews/nothing/evidence',
  '/api/teaching',
  '/api/teaching/photos',
  '/api/teaching/photos/0',
  '/api/teaching/keep'
]
/** What takes a form; the challenges stand for those that nobody began, and so does the verification. */
const formPaths = [
  '/api/signup',
  '/api/verify',
  '/api/challenges',
  '/api/challenges/nothing/frames',
  '/api/challenges/%00/pose',
  '/api/hints',
  '/api/identify',
  '/api/verifications/nothing/appeal',
  '/api/teaching/photos'
]
/** What takes JSON. */
const jsonPaths = ['/api/challenges', '/api/reviews/nothing', '/api/verifications/nothing/appeal', '/api/teaching']

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'SEARCH']

export function part (name: string, value: string | Uint8Array, filename?: string): Buffer {
  const file = filename === undefined ? '' : `; filename="${filename}"\r\ncontent-type: image/jpeg`
  return Buffer.concat([
    Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="${name}"${file}\r\n\r\n`),
    Buffer.from(value as string),
    Buffer.from('\r\n')
  ])
}

export function form (...parts: Buffer[]): Buffer {
  return Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)])
}

function pick<T> (next: Next, list: readonly T[]): T {
  return list[Math.floor(next() * list.length)]!
}

/** Endless; `photo` is what the forms carry: the smaller, the faster. */
export function * hostileRequests (seed: number, photo: Buffer): Generator<HostileRequest> {
  const next = random(seed)
  const text = () => pick(next, hostileTexts)
  const post = (what: string, body: Buffer, path = pick(next, formPaths)): HostileRequest =>
    ({ what, method: 'POST', path, headers: { 'content-type': multipart }, body })
  const good = form(part('username', 'mallory'), part('task', 'waste'), part('file', photo, 'a.jpg'))

  const kinds: (() => HostileRequest)[] = [
    () => post('a damaged form', mutate(good, next)),
    () => post('a damaged header', Buffer.concat([mutate(good.subarray(0, 200), next), good.subarray(200)])),
    () =>
      post(
        'a hostile name',
        form(
          part('username', 'mallory'),
          part(pick(next, hostileNames), text()),
          part(pick(next, hostileNames), photo, text())
        )
      ),
    () =>
      post(
        'hostile texts',
        form(part('username', text()), part('task', text()), part('file', mutate(photo, next), text()))
      ),
    () =>
      post(
        'many fields',
        form(
          ...Array.from({ length: Math.floor(next() * 3000) }, (_, i) =>
            part(`${pick(next, ['a', 'username', '__proto__'])}${i}`, 'x')
          )
        )
      ),
    () =>
      post(
        'many files',
        form(
          part('username', 'mallory'),
          ...Array.from({ length: Math.floor(next() * 200) }, () =>
            part(pick(next, ['images', 'images[]', 'image', 'file', 'photos']), photo.subarray(0, 20), 'a.jpg')
          )
        )
      ),
    () => ({
      ...post('a hostile header', good),
      headers: Object.fromEntries([['content-type', multipart], pick(next, hostileHeaders), pick(next, hostileHeaders)])
    }),
    () => ({
      ...post('many headers', good),
      headers: {
        'content-type': multipart,
        ...Object.fromEntries(
          Array.from({ length: Math.floor(next() * 300) }, (_, i) => [`x-${i}`, text().replaceAll(/[^\x20-\x7e]/g, '')])
        )
      }
    }),
    () => ({
      what: 'a hostile query',
      method: 'GET',
      path: `/api/${pick(next, ['users', 'reviews', 'verifications'])}?${pick(next, ['limit', 'cursor', 'state', 'user', '__proto__[a]', 'constructor'])}=${encodeURIComponent(text().toWellFormed())}&limit=${encodeURIComponent(text().toWellFormed())}`,
      headers: {},
      body: Buffer.alloc(0)
    }),
    () => ({
      what: 'a hostile path',
      method: pick(next, ['GET', 'DELETE']),
      path: `/api/${pick(next, ['users', 'reviews', 'verifications'])}/${pick(next, [encodeURIComponent(text().toWellFormed()), '%', '%zz', '%ff%fe', '..%2f..%2fready', '%00'])}`,
      headers: {},
      body: Buffer.alloc(0)
    }),
    () => ({
      ...post(
        'hostile JSON',
        Buffer.from(
          pick(next, [
            '{"username": ',
            '{"__proto__": {"a": 1}, "username": "anna"}',
            '[',
            '{"username": [[[["anna"]]]]}',
            JSON.stringify({ username: text() }),
            JSON.stringify({ decision: pick(next, ['approve', text()]), note: text() }),
            JSON.stringify({ statement: text(), file: text() })
          ])
        ),
        pick(next, jsonPaths)
      ),
      headers: { 'content-type': 'application/json' }
    }),
    () =>
      post(
        'hostile frames',
        form(
          ...Array.from({ length: Math.floor(next() * 30) }, () =>
            part(
              pick(next, ['frames', 'frames[]', 'frame', 'step', 'neutral']),
              pick(next, [photo, mutate(photo, next)]),
              pick(next, ['a.jpg', text()])
            )
          )
        ),
        pick(next, formPaths.slice(2))
      ),
    () => ({
      what: 'an odd method',
      method: pick(next, methods),
      path: pick(next, paths),
      headers: Object.fromEntries([pick(next, hostileHeaders)]),
      body: Buffer.from(pick(next, ['', '{}', '{"__proto__":{"a":1}}', '[', text()]))
    })
  ]
  for (let i = 0; ; i++) yield kinds[i % kinds.length]!()
}

/** Bytes on a socket that are no proper HTTP. */
export function hostileBytes (seed: number): Buffer[] {
  const next = random(seed)
  const request = `POST /api/signup HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: ${multipart}\r\n`
  const fixed = [
    '',
    '\r\n\r\n',
    '\u0000\u0000',
    'GET',
    'GET /\r\n\r\n',
    'GET / HTTP/9.9\r\n\r\n',
    'GET  /  HTTP/1.1\r\nhost: a\r\n\r\n',
    `GET /${'a'.repeat(70_000)} HTTP/1.1\r\nhost: a\r\n\r\n`,
    `GET / HTTP/1.1\r\n${'a: b\r\n'.repeat(20_000)}\r\n`,
    'GET / HTTP/1.1\r\n\r\n',
    'GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
    `${request}content-length: -1\r\n\r\n`,
    `${request}content-length: 99999999999999999999\r\n\r\n`,
    `${request}content-length: 5\r\ncontent-length: 6\r\n\r\nhello`,
    `${request}content-length: 0x10\r\n\r\n`,
    `${request}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
    `${request}transfer-encoding: chunked\r\n\r\nzz\r\n`,
    `${request}transfer-encoding: chunked\r\n\r\nffffffffffffffff\r\n`,
    `${request}transfer-encoding: chunked\r\n\r\n5\r\nhello`,
    `${request}content-length: 10000\r\n\r\n--fuzz\r\n`,
    `${request}content-length: 3\r\n\r\n--fuzz--GET / HTTP/1.1`,
    `${request}expect: 200-ok\r\ncontent-length: 1\r\n\r\n`,
    'GET /api/health HTTP/1.1\r\nhost: a\r\nx: a\u0000b\r\n\r\n',
    'GET /api/health HTTP/1.1\r\nhost: a\r\n x: folded\r\n\r\n',
    'GET http://evil.example/ HTTP/1.1\r\nhost: evil.example\r\n\r\n',
    'CONNECT a:80 HTTP/1.1\r\n\r\n',
    'OPTIONS * HTTP/1.1\r\nhost: a\r\n\r\n',
    'GET /api/health HTTP/1.1\r\nhost: a\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n'
  ].map(bytes => Buffer.from(bytes, 'latin1'))
  const valid = Buffer.from(`${request}content-length: 8\r\n\r\n--fuzz--`)
  return [...fixed, ...Array.from({ length: 200 }, () => mutate(valid, next))]
}
