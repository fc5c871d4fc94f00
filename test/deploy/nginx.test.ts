/** The real nginx in front of two real instances on one SQLite store. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
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

/** deploy/nginx.conf with the addresses, paths and names that a real place would also put in. */
function configure (folder: string, instances: RunningServer[], ports: { http: number, https: number }): string {
  const changes: [RegExp | string, string][] = [
    ['pid /run/nginx.pid;', `pid ${folder}/nginx.pid;\ndaemon off;\n${process.getuid?.() === 0 ? 'user root;' : ''}`],
    ['include /etc/nginx/mime.types;', `types { text/html html; text/css css; text/javascript js; image/svg+xml svg; }\n${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(name => `${name}_temp_path ${folder}/${name};`).join('\n')}`],
    ['access_log /dev/stdout', `access_log ${folder}/access.log`],
    ['listen 80;', `listen 127.0.0.1:${ports.http};`],
    ['listen [::]:80;', ''],
    ['listen 443 ssl http2;', `listen 127.0.0.1:${ports.https} ssl http2;`],
    ['listen [::]:443 ssl http2;', ''],
    [/\/etc\/nginx\/tls/g, folder],
    ['/srv/eco-connect/static', fileURLToPath(new URL('../../static', import.meta.url))],
    ['127.0.0.1:5001', `127.0.0.1:${instances[0]!.port}`],
    ['127.0.0.1:5002', `127.0.0.1:${instances[1]!.port}`],
    ['zone=per_address', `zone=per_address_${ports.https}`],
    ['limit_conn per_address', `limit_conn per_address_${ports.https}`]
  ]
  let text = readFileSync(new URL('../../deploy/nginx.conf', import.meta.url), 'utf8')
  for (const [from, to] of changes) {
    if (!(typeof from === 'string' ? text.includes(from) : from.test(text))) throw new Error(`deploy/nginx.conf has no ${from}`)
    text = text.replace(from, to)
  }
  const path = join(folder, 'nginx.conf')
  writeFileSync(path, text)
  return path
}

async function startNginx (t: Test, instances: RunningServer[]) {
  const folder = temporaryFolder(t)
  execFileSync(openssl!, ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=verify.example.org', '-addext', 'subjectAltName=DNS:verify.example.org', '-keyout', join(folder, 'privkey.pem'), '-out', join(folder, 'fullchain.pem')], { stdio: 'pipe' })
  const ports = { http: await freePort(), https: await freePort() }
  const path = configure(folder, instances, ports)
  execFileSync(nginx!, ['-t', '-c', path, '-p', folder], { stdio: 'pipe' })
  const child = spawn(nginx!, ['-c', path, '-p', folder], { stdio: 'ignore' })
  const ended = once(child, 'close')
  t.teardown(async () => {
    child.kill('SIGTERM')
    await ended
  })
  const agent = new Agent({ ca: readFileSync(join(folder, 'fullchain.pem')), keepAlive: true, servername: 'verify.example.org' })
  t.teardown(() => agent.destroy())

  const send = (path: string, options: { method?: string, body?: Buffer, headers?: Record<string, string> } = {}) => new Promise<{ status: number, headers: Record<string, unknown>, text: string }>((resolve, reject) => {
    const { method = 'GET', body = Buffer.alloc(0), headers = {} } = options
    const sent = request({ agent, host: '127.0.0.1', port: ports.https, path, method, headers: { host: 'verify.example.org', 'content-length': String(body.length), ...headers } }, answer => {
      const chunks: Buffer[] = []
      answer.on('data', chunk => chunks.push(chunk)).on('error', reject).on('end', () => resolve({ status: answer.statusCode!, headers: answer.headers, text: Buffer.concat(chunks).toString() }))
    })
    sent.on('error', reject).end(body)
  })
  while (await send('/api/health').then(({ status }) => status !== 200, () => true)) await sleep(20)
  return { send, ports, log: () => readFileSync(join(folder, 'access.log'), 'utf8') }
}

t.test('nginx in front of two instances', { skip: missing }, async t => {
  const DATA_DIR = join(temporaryFolder(t), 'data')
  const settings = { DATA_DIR, TRUST_PROXY: 'loopback', ALLOW_UNAUTHENTICATED: 'true' }
  const first = await startServer(t, settings)
  const second = await startServer(t, settings)
  const { send, ports, log } = await startNginx(t, [first, second])
  const upload = async (path: string, field: string, photo: Buffer) => {
    const { body, contentType } = await encodeForm([['username', 'anna'], ['task', 'waste'], [field, photo]])
    return send(path, { method: 'POST', body, headers: { 'content-type': contentType } })
  }
  const direct = async ({ url }: RunningServer, path: string, field: string, photo: Buffer) => {
    const { body, contentType } = await encodeForm([['username', 'anna'], ['task', 'waste'], [field, photo]])
    return (await fetch(`${url}${path}`, { method: 'POST', body: new Uint8Array(body), headers: { 'content-type': contentType } })).json() as Promise<{ status: unknown }>
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
    for (const header of ['content-security-policy', 'permissions-policy', 'referrer-policy', 'x-content-type-options']) t.equal(page.headers[header], own.headers.get(header), header)
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

  t.test('killing an instance under load fails no request', async t => {
    const statuses: number[] = []
    const enough = new AbortController()
    const client = async () => { while (!enough.signal.aborted) statuses.push((await upload('/api/verify', 'file', proof)).status) }
    const clients = Array.from({ length: 4 }, client)
    while (statuses.length < 8) await sleep(20)
    await second.stop('SIGKILL')
    const killed = statuses.length
    while (statuses.length < killed + 16) await sleep(20)
    enough.abort()
    await Promise.all(clients)
    t.strictSame(statuses.filter(status => status !== 200), [], `${statuses.length} requests, ${killed} before the kill`)
    t.match(log(), new RegExp(`127\\.0\\.0\\.1:${second.port}, 127\\.0\\.0\\.1:${first.port}`), 'nginx tried again')
  })
})
