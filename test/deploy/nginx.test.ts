/** The real nginx in front of two real instances on one SQLite store. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { connect } from 'node:tls'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { type ErrorCode, errorTable } from '../../src/errors/errors.ts'
import { portrait, samplePhoto } from '../helpers/photos.ts'
import { encodeForm, type RunningServer, startServer } from '../helpers/server.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const nginx = ['/usr/sbin/nginx', '/usr/local/sbin/nginx'].find(path => existsSync(path))
const openssl = ['/usr/bin/openssl', '/usr/local/bin/openssl'].find(path => existsSync(path))
const missing = (nginx === undefined && 'no nginx found: install the Debian package nginx to run this test') ||
  (openssl === undefined && 'no openssl found: install the Debian package openssl to run this test')

async function freePort (): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  return port
}

type Instance = Pick<RunningServer, 'port'>

/** Bytes as they are over TLS, and the whole answer; the connection ends with it. */
async function exchange (
  port: number,
  ca: unknown,
  request: string
): Promise<{ status: number; headers: Record<string, string>; body: Record<string, unknown> }> {
  const socket = connect({ host: '127.0.0.1', port, ca: ca as Buffer, servername: 'verify.example.org' })
  let text = ''
  socket
    .setEncoding('utf8')
    .on('data', chunk => {
      text += chunk
    })
    .write(request)
  await once(socket, 'close')
  const [head = '', body = ''] = text.split('\r\n\r\n')
  const [statusLine = '', ...lines] = head.split('\r\n')
  return {
    status: Number(statusLine.split(' ')[1]),
    headers: Object.fromEntries(lines.map(line => line.split(': ', 2).map(part => part.toLowerCase()))),
    body: JSON.parse(body)
  }
}

/** deploy/nginx.conf with the addresses, paths and names that a real place would also put in. */
function configure (
  folder: string,
  instances: Instance[],
  ports: { http: number; https: number },
  patience: number
): string {
  const changes: [RegExp | string, string][] = [
    ['pid /run/nginx.pid;', `pid ${folder}/nginx.pid;\ndaemon off;\n${process.getuid?.() === 0 ? 'user root;' : ''}`],
    [
      'include /etc/nginx/mime.types;',
      `types { text/html html; text/css css; text/javascript js; image/svg+xml svg; }\n${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(name => `${name}_temp_path ${folder}/${name};`).join('\n')}`
    ],
    ['access_log /dev/stdout', `access_log ${folder}/access.log`],
    ['listen 80;', `listen 127.0.0.1:${ports.http};`],
    ['listen [::]:80;', ''],
    ['listen 443 ssl http2;', `listen 127.0.0.1:${ports.https} ssl http2;`],
    ['listen [::]:443 ssl http2;', ''],
    [/\/etc\/nginx\/tls/g, folder],
    ['/srv/eco-connect/static', fileURLToPath(new URL('../../static', import.meta.url))],
    ['127.0.0.1:5001', `127.0.0.1:${instances[0]!.port}`],
    ['127.0.0.1:5002', `127.0.0.1:${instances[1]!.port}`],
    ['proxy_read_timeout 40s', `proxy_read_timeout ${patience}s`],
    ['zone=per_address', `zone=per_address_${ports.https}`],
    ['limit_conn per_address', `limit_conn per_address_${ports.https}`]
  ]
  let text = readFileSync(new URL('../../deploy/nginx.conf', import.meta.url), 'utf8')
  for (const [from, to] of changes) {
    if (!(typeof from === 'string' ? text.includes(from) : from.test(text))) { throw new Error(`deploy/nginx.conf has no ${from}`) }
    text = text.replace(from, to)
  }
  const path = join(folder, 'nginx.conf')
  writeFileSync(path, text)
  return path
}

async function startNginx (t: Test, instances: Instance[], patience = 40) {
  const folder = temporaryFolder(t)
  execFileSync(
    openssl!,
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=verify.example.org',
      '-addext',
      'subjectAltName=DNS:verify.example.org',
      '-keyout',
      join(folder, 'privkey.pem'),
      '-out',
      join(folder, 'fullchain.pem')
    ],
    { stdio: 'pipe' }
  )
  const ports = { http: await freePort(), https: await freePort() }
  const path = configure(folder, instances, ports, patience)
  execFileSync(nginx!, ['-t', '-c', path, '-p', folder], { stdio: 'pipe' })
  const child = spawn(nginx!, ['-c', path, '-p', folder], { stdio: 'ignore' })
  const ended = once(child, 'close')
  t.teardown(async () => {
    child.kill('SIGTERM')
    await ended
  })
  const agent = new Agent({
    ca: readFileSync(join(folder, 'fullchain.pem')),
    keepAlive: true,
    servername: 'verify.example.org'
  })
  t.teardown(() => agent.destroy())

  const send = (path: string, options: { method?: string; body?: Buffer; headers?: Record<string, string> } = {}) =>
    new Promise<{ status: number; headers: Record<string, unknown>; text: string }>((resolve, reject) => {
      const { method = 'GET', body = Buffer.alloc(0), headers = {} } = options
      const sent = request(
        {
          agent,
          host: '127.0.0.1',
          port: ports.https,
          path,
          method,
          headers: { host: 'verify.example.org', 'content-length': String(body.length), ...headers }
        },
        answer => {
          const chunks: Buffer[] = []
          answer
            .on('data', chunk => chunks.push(chunk))
            .on('error', reject)
            .on('end', () =>
              resolve({ status: answer.statusCode!, headers: answer.headers, text: Buffer.concat(chunks).toString() })
            )
        }
      )
      sent.on('error', reject).end(body)
    })
  while (await send('/').then(() => false, () => true)) await sleep(20)
  return { send, agent, ports, log: () => readFileSync(join(folder, 'access.log'), 'utf8') }
}

t.test('nginx in front of two instances', { skip: missing }, async t => {
  const DATA_DIR = join(temporaryFolder(t), 'data')
  const settings = { DATA_DIR, TRUST_PROXY: 'loopback', ALLOW_UNAUTHENTICATED: 'true' }
  const first = await startServer(t, settings)
  const second = await startServer(t, settings)
  const { send, agent, ports, log } = await startNginx(t, [first, second])
  const upload = async (path: string, field: string, photo: Buffer) => {
    const { body, contentType } = await encodeForm([['username', 'anna'], ['task', 'waste'], [field, photo]])
    return send(path, { method: 'POST', body, headers: { 'content-type': contentType } })
  }
  const direct = async ({ url }: RunningServer, path: string, field: string, photo: Buffer) => {
    const { body, contentType } = await encodeForm([['username', 'anna'], ['task', 'waste'], [field, photo]])
    return (
      await fetch(`${url}${path}`, {
        method: 'POST',
        body: new Uint8Array(body),
        headers: { 'content-type': contentType }
      })
    ).json() as Promise<{ status: unknown }>
  }
  const proof = await samplePhoto(3)

  t.test('who enrols through one instance is verified by the other', async t => {
    t.match(await direct(first, '/api/signup', 'images', await portrait('anna1')), { status: true })
    t.match(await direct(second, '/api/verify', 'file', proof), { status: 'approved' })
    const answer = await upload('/api/verify', 'file', proof)
    t.equal(answer.status, 200, answer.text)
    t.match(JSON.parse(answer.text), { status: 'approved' })
  })

  t.test('the page comes from nginx with the policy of the instances; plain HTTP leads to TLS', async t => {
    const page = await send('/')
    t.equal(page.status, 200)
    t.match(page.text, /<html/)
    const own = await fetch(first.url)
    for (const header of ['content-security-policy', 'permissions-policy', 'referrer-policy', 'x-content-type-options']) { t.equal(page.headers[header], own.headers.get(header), header) }
    t.match(page.headers['strict-transport-security'], /max-age/)
    const plain = await fetch(`http://127.0.0.1:${ports.http}/api/health`, { redirect: 'manual' })
    t.equal(plain.status, 308)
    t.match(plain.headers.get('location'), /^https:/)
  })

  t.test('limits, addresses and logs', async t => {
    t.equal((await upload('/api/verify', 'file', Buffer.alloc(10 * 1024 * 1024))).status, 413)
    t.equal((await send('/api/metrics')).status, 200, 'from this machine')
    await send('/api/users/anna?x=secret', { headers: { 'x-forwarded-for': '203.0.113.9' } })
    const find = () => [...first.log, ...second.log].findLast(({ route }) => route === '/api/users/:username')
    // The line is written after the answer, and comes through a pipe.
    for (let tries = 0; find() === undefined && tries < 200; tries++) await sleep(50)
    const line = find()
    t.equal(line?.address, '127.0.0.1', 'what the client claims is not believed')
    t.match(log(), /GET \/api\/users\/:username 200/)
    t.notMatch(log(), /anna|secret/)
  })

  t.test('what nginx refuses by itself has the one shape of errors', async t => {
    const expected = (error: ErrorCode) => ({
      status: errorTable[error],
      body: { status: 'error', code: errorTable[error], error, message: /^[A-Z].*\.$/, requestId: 'own-id' }
    })
    const raw = async (error: ErrorCode, line: string, headers = '', body = '') => {
      const answer = await exchange(
        ports.https,
        agent.options.ca,
        `${line}\r\nhost: verify.example.org\r\nx-request-id: own-id\r\nconnection: close\r\n${headers}\r\n${body}`
      )
      t.match(answer, expected(error), line.slice(0, 60))
      t.match(answer.headers['content-type'], /^application\/json/)
      return answer
    }
    await raw('body_too_large', 'POST /api/verify HTTP/1.1', `content-length: ${10 * 1024 * 1024}\r\n`)
    t.equal((await raw('method_not_allowed', 'DELETE / HTTP/1.1')).headers.allow, 'get, head')
    t.equal((await raw('not_found', 'GET /nothing HTTP/1.1')).headers['x-request-id'], 'own-id')
    await raw('not_found', 'GET /refused-by-nginx HTTP/1.1')
    await raw('invalid_request', 'GET /index.html HTTP/1.1', 'range: bytes=99999999-\r\n')
    await raw('invalid_request', 'POST /api/verify HTTP/1.1', 'transfer-encoding: nothing\r\n')
    t.equal(
      (await send('/api/users', { headers: { 'x-request-id': 'own-id' } })).headers['x-request-id'],
      'own-id',
      'the service has the same id'
    )

    // These are refused before a header is read.
    for (const [error, request] of [
      ['address_too_long', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n\r\n`],
      ['headers_too_large', `GET / HTTP/1.1\r\nhost: verify.example.org\r\ncookie: ${'x'.repeat(20_000)}\r\n\r\n`],
      ['invalid_request', 'GET / HTTP/1.1\r\nconnection: close\r\n\r\n'],
      ['invalid_request', 'GET /%zz HTTP/1.1\r\nhost: verify.example.org\r\n\r\n']
    ] as const) {
      t.match(
        await exchange(ports.https, agent.options.ca, request),
        { status: errorTable[error], body: { ...expected(error).body, requestId: /^[0-9a-f]{32}$/ } },
        error
      )
    }

    const plain = await fetch(`http://127.0.0.1:${ports.https}/api/health`)
    t.match(
      { status: plain.status, body: await plain.json() },
      { status: 400, body: { error: 'invalid_request', message: /https/ } }
    )

    const idle = Array.from({ length: 40 }, () => {
      const socket = connect({
        host: '127.0.0.1',
        port: ports.https,
        ca: agent.options.ca,
        servername: 'verify.example.org'
      })
      socket.write('POST /api/verify HTTP/1.1\r\nhost: verify.example.org\r\ncontent-length: 1000\r\n\r\n')
      return socket
    })
    let busy = await send('/api/health', { headers: { 'x-request-id': 'own-id' } })
    for (let tries = 0; busy.status === 200 && tries < 200; tries++) { busy = await sleep(20).then(() => send('/api/health', { headers: { 'x-request-id': 'own-id' } })) }
    for (const socket of idle) socket.destroy()
    t.match({ status: busy.status, body: JSON.parse(busy.text) }, expected('rate_limited'))
    t.equal(busy.headers['retry-after'], '1')
  })

  t.test('the description of the API is behind nginx too', async t => {
    t.equal((await send('/docs')).headers.location, 'docs/')
    t.match((await send('/docs/')).text, /swagger-ui/)
    t.equal((await send('/docs/static/swagger-initializer.js')).status, 200)
  })

  t.test('killing an instance under load fails no request', async t => {
    const statuses: number[] = []
    const enough = new AbortController()
    const client = async () => {
      while (!enough.signal.aborted) statuses.push((await upload('/api/verify', 'file', proof)).status)
    }
    const clients = Array.from({ length: 4 }, client)
    while (statuses.length < 8) await sleep(20)
    await second.stop('SIGKILL')
    const killed = statuses.length
    while (statuses.length < killed + 16) await sleep(20)
    enough.abort()
    await Promise.all(clients)
    t.strictSame(
      statuses.filter(status => status !== 200),
      [],
      `${statuses.length} requests, ${killed} before the kill`
    )
    t.match(log(), new RegExp(`127\\.0\\.0\\.1:${second.port}, 127\\.0\\.0\\.1:${first.port}`), 'nginx tried again')
  })
})

t.test('nginx in front of instances that are silent or gone', { skip: missing }, async t => {
  const silent = await Promise.all([1, 2].map(async () => {
    const sockets = new Set<Socket>()
    const server = createServer(socket => sockets.add(socket.on('error', () => {}))).listen(0, '127.0.0.1')
    await once(server, 'listening')
    return {
      port: (server.address() as AddressInfo).port,
      stop: () => {
        server.close()
        for (const socket of sockets) socket.destroy()
      }
    }
  }))
  t.teardown(() => { for (const { stop } of silent) stop() })
  const { send } = await startNginx(t, silent, 1)
  const answer = async () => {
    const { status, headers, text } = await send('/api/health')
    return { status, wait: headers['retry-after'], body: JSON.parse(text) }
  }
  t.match(await answer(), { status: 503, wait: '5', body: { status: 'error', code: 503, error: 'timed_out' } })
  for (const { stop } of silent) stop()
  t.match(await answer(), { status: 502, wait: '5', body: { status: 'error', code: 502, error: 'unreachable' } })
})
