import { on } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import t from 'tap'
import { build, send } from '../helpers/app.ts'
import { buildLight } from '../helpers/light-app.ts'
import { drawing, portrait } from '../helpers/photos.ts'

const boundary = 'b'
const multipart = { 'content-type': `multipart/form-data; boundary=${boundary}` }
const part = (headers: string, body: string) => `--${boundary}\r\n${headers}\r\n\r\n${body}\r\n`

t.test('forms that do not fit are refused with the field named', async t => {
  const { app } = await build(t, { MAX_PHOTO_MB: '1', MAX_CONTENT_LENGTH_MB: '3' })
  const photo = { bytes: await drawing('jpeg') }
  const noise = (megabytes: number) => ({ bytes: Buffer.alloc(megabytes * 1024 * 1024, 1) })

  for (const [name, url, parts, status, error, message] of [
    [
      'no username',
      '/api/verify',
      [
        ['task', 'waste'],
        ['file', photo]
      ],
      400,
      'missing_field',
      /username/
    ],
    [
      'no task',
      '/api/verify',
      [
        ['username', 'a'],
        ['file', photo]
      ],
      400,
      'missing_field',
      /task/
    ],
    [
      'no file',
      '/api/verify',
      [
        ['username', 'a'],
        ['task', 'waste']
      ],
      400,
      'missing_field',
      /file/
    ],
    ['no photo', '/api/signup', [['username', 'a']], 400, 'missing_field', /images/],
    [
      'two files',
      '/api/verify',
      [
        ['username', 'a'],
        ['task', 'waste'],
        ['file', photo],
        ['file', photo]
      ],
      400,
      'repeated_field',
      /file/
    ],
    [
      'two usernames',
      '/api/verify',
      [
        ['username', 'a'],
        ['username', 'b'],
        ['task', 'waste'],
        ['file', photo]
      ],
      400,
      'repeated_field',
      /username/
    ],
    [
      'a misnamed photo',
      '/api/verify',
      [
        ['username', 'a'],
        ['task', 'waste'],
        ['photo', photo]
      ],
      400,
      'unexpected_field',
      /photo.*file/
    ],
    [
      'a text for a photo',
      '/api/verify',
      [
        ['username', 'a'],
        ['task', 'waste'],
        ['file', 'data:image/png;base64,']
      ],
      400,
      'invalid_request',
      /file must be a file; found a data URL.*blob/
    ],
    [
      'an empty username',
      '/api/signup',
      [
        ['username', ''],
        ['images', photo]
      ],
      400,
      'invalid_request',
      /username/
    ],
    [
      'a photo for a text',
      '/api/signup',
      [
        ['username', photo],
        ['images', photo]
      ],
      400,
      'unexpected_field',
      /username must be a text; found a file/
    ],
    [
      'a long text',
      '/api/signup',
      [
        ['username', 'x'.repeat(5000)],
        ['images', photo]
      ],
      400,
      'invalid_request',
      /username/
    ],
    [
      'six photos',
      '/api/signup',
      [['username', 'a'], ...Array.from({ length: 6 }, () => ['images', photo])],
      400,
      'too_many_photos',
      /images/
    ],
    [
      'five and one photos',
      '/api/signup',
      [['username', 'a'], ['image', photo], ...Array.from({ length: 5 }, () => ['images', photo])],
      400,
      'too_many_photos',
      /image/
    ],
    [
      'a large photo',
      '/api/signup',
      [
        ['username', 'a'],
        ['images', noise(1.5)]
      ],
      413,
      'photo_too_large',
      /images.*1 MiB/
    ],
    [
      'a large body',
      '/api/signup',
      [
        ['username', 'a'],
        ['images', noise(0.9)],
        ['images', noise(0.9)],
        ['images', noise(0.9)],
        ['images', noise(0.9)]
      ],
      413,
      'body_too_large',
      /3 MiB/
    ],
    [
      'many fields',
      '/api/signup',
      [...Array.from({ length: 60 }, (_, index) => [`field${index}`, 'x'])],
      400,
      'malformed_upload',
      /fields/
    ]
  ] as [string, string, [string, string | { bytes: Buffer }][], number, string, RegExp][]) {
    const answer = await send(app, url, parts)
    t.equal(answer.statusCode, status, name)
    t.match(answer.json(), { status: 'error', code: status, error, message, requestId: String }, name)
  }
  t.equal(app.server.listening, false)
})

t.test('bodies that are no form', async t => {
  const { app } = await build(t, { MAX_CONTENT_LENGTH_MB: '1' })
  for (const [name, headers, payload, status, error] of [
    ['JSON', { 'content-type': 'application/json' }, '{"username":"a"}', 415, 'unsupported_media_type'],
    ['no type', {}, 'x', 415, 'unsupported_media_type'],
    [
      'url-encoded',
      { 'content-type': 'application/x-www-form-urlencoded' },
      'username=a',
      415,
      'unsupported_media_type'
    ],
    ['no boundary', { 'content-type': 'multipart/form-data' }, 'x', 400, 'malformed_upload'],
    ['nothing', multipart, '', 400, undefined],
    ['garbage', multipart, 'garbage', 400, undefined],
    [
      'an unfinished part',
      multipart,
      part('content-disposition: form-data; name="username"', 'a').slice(0, -6),
      400,
      undefined
    ],
    [
      'a hostile name',
      multipart,
      part('content-disposition: form-data; name="__proto__"', 'a') + `--${boundary}--`,
      400,
      'unexpected_field'
    ],
    [
      'a length above the limit',
      { ...multipart, 'content-length': String(5 * 1024 * 1024) },
      'x',
      413,
      'body_too_large'
    ]
  ] as [string, Record<string, string>, string, number, string | undefined][]) {
    const answer = await app.inject({ method: 'POST', url: '/api/signup', headers, payload })
    t.equal(answer.statusCode, status, `${name}: ${answer.body}`)
    if (error !== undefined) t.equal(answer.json().error, error, name)
  }
})

t.test('unknown texts and odd file names do no harm', async t => {
  const { app } = await build(t)
  const bytes = await portrait('anna1')
  for (const filename of ['фото 1.jpg', '../../evil.jpg', 'a"b.jpg', '照片.png', 'x'.repeat(300)]) {
    const answer = await send(app, '/api/signup', [
      ['username', `u ${filename.length}`],
      ['note', 'hello'],
      ['images', { bytes, filename }]
    ])
    t.equal(answer.statusCode, 200, filename)
  }
})

t.test('a refused upload leaves the connection free for the next request', async t => {
  const { app } = await buildLight(t)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const socket = connect(port, '127.0.0.1')
  t.teardown(() => socket.destroy())
  const answers = on(socket, 'data')[Symbol.asyncIterator]()

  const part = (name: string, content: string) =>
    `--b\r\ncontent-disposition: form-data; name="${name}"; filename="a.jpg"\r\n\r\n${content}\r\n`
  const body = `${part('photo', 'x'.repeat(1024 * 1024))}--b--\r\n`
  socket.write(
    `POST /api/verify HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: ${body.length}\r\n\r\n${body}`
  )
  t.match(String((await answers.next()).value), /400 Bad Request/)
  socket.write(`GET /api/health HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n\r\n`)
  t.match(String((await answers.next()).value), /200 OK/)
})

t.test(
  'what forms of real clients get wrong is answered with what was expected, what was found and what to do',
  async t => {
    const { app } = await buildLight(t)
    const text = (name: string, value: string, type = '') =>
      part(`content-disposition: form-data; name="${name}"${type === '' ? '' : `\r\ncontent-type: ${type}`}`, value)
    const file = (name: string, content: string, { filename = 'a.jpg', headers = '' } = {}) =>
      part(
        `content-disposition: form-data; name="${name}"; filename="${filename}"\r\ncontent-type: image/jpeg${headers}`,
        content
      )
    const claim = text('username', 'ana') + text('task', 'waste')
    const nothing = (name: string) => file(name, '', { filename: '' })
    const verify = '/api/verify'
    const signup = '/api/signup'
    for (const [name, url, body, error, message, headers = multipart] of [
      ['nothing chosen', verify, claim + nothing('file'), 'missing_field', /file is missing; found username, task\./],
      [
        'nothing chosen at signup',
        signup,
        text('username', 'ana') + nothing('images') + nothing('image'),
        'missing_field',
        /images is missing: send 1 to 5 photos/
      ],
      [
        'a misspelt field',
        verify,
        text('userName', 'ana') + text('task', 'waste') + file('file', 'x'),
        'missing_field',
        /username is missing; found userName, task, file\./
      ],
      [
        'an empty mode',
        signup,
        text('username', 'ana') + text('mode', '') + file('images', 'x'),
        'invalid_request',
        /mode must be add or replace; found an empty text\. .*leave it out/
      ],
      [
        'another mode',
        signup,
        text('username', 'ana') + text('mode', 'append') + file('images', 'x'),
        'invalid_request',
        /mode must be add or replace; found "append"\./
      ],
      [
        'an empty consent',
        signup,
        text('username', 'ana') + text('consent', '') + file('images', 'x'),
        'invalid_request',
        /consent must not be empty; found an empty text\. .*leave it out/
      ],
      [
        'an empty webhook',
        verify,
        claim + text('webhook', '') + file('file', 'x'),
        'invalid_request',
        /webhook must not be empty/
      ],
      [
        'base64 by its header',
        verify,
        claim + file('file', 'aGVsbG8=', { headers: '\r\ncontent-transfer-encoding: base64' }),
        'malformed_upload',
        /as its bytes; found content-transfer-encoding: base64\. Decode it/
      ],
      [
        'bare text as JSON',
        verify,
        text('username', 'ana', 'application/json') + file('file', 'x'),
        'malformed_upload',
        /application\/json and is no JSON\. Send texts/
      ],
      [
        'an object',
        verify,
        text('username', '{"a":1}', 'application/json') + file('file', 'x'),
        'invalid_request',
        /username must be a text; found a JSON object\./
      ],
      [
        'JSON',
        verify,
        '{"username":"ana"}',
        'unsupported_media_type',
        /as multipart\/form-data; found application\/json\. .*FormData/,
        { 'content-type': 'application/json' }
      ],
      [
        'gzip',
        verify,
        claim,
        'unsupported_media_type',
        /without the header content-encoding; found content-encoding: gzip/,
        { ...multipart, 'content-encoding': 'gzip' }
      ],
      [
        'no boundary',
        verify,
        claim,
        'malformed_upload',
        /no boundary\. Do not write this header/,
        { 'content-type': 'multipart/form-data' }
      ]
    ] as [string, string, string, string, RegExp, Record<string, string>?][]) {
      const answer = await app.inject({ method: 'POST', url, headers, payload: `${body}--${boundary}--\r\n` })
      t.match(answer.json(), { status: 'error', error, message }, name)
    }
    const beside = await app.inject({
      method: 'POST',
      url: signup,
      headers: multipart,
      payload: `${text('username', 'ana')}${file('images', 'x')}${nothing('image')}--${boundary}--\r\n`
    })
    t.match(beside.json(), { shots: 1, rejected: [] }, 'an empty input beside a photo is nothing')
  }
)
