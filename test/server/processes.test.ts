import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { loadConfig } from '../../src/config/config.ts'
import { portrait } from '../helpers/photos.ts'
import { encodeForm, startServer } from '../helpers/server.ts'

t.test('cores are divided among the processes', async t => {
  const alone = loadConfig({}).WORKER_THREADS
  t.equal(loadConfig({ WEB_CONCURRENCY: '2' }).WORKER_THREADS, Math.max(1, Math.floor(alone / 2)))
  t.equal(loadConfig({ WEB_CONCURRENCY: '2', WORKER_THREADS: '3' }).WORKER_THREADS, 3)
})

t.test('two processes behind one port', async t => {
  const server = await startServer(t, { WEB_CONCURRENCY: '2' })
  const pids = () => [
    ...new Set(server.log.filter(({ msg }) => /^ready at/.test(String(msg))).map(({ pid }) => Number(pid)))
  ]
  const processes = async (count: number) => { while (pids().length < count) await sleep(20) }
  const post = async (path: string, field: string) => {
    const { body, contentType } = await encodeForm([
      ['username', 'anna'],
      ['task', 'waste'],
      [field, await portrait('anna1')]
    ])
    // Without keep-alive, so that the connections are spread over the processes.
    return fetch(`${server.url}${path}`, {
      method: 'POST',
      body: new Uint8Array(body),
      headers: { 'content-type': contentType, connection: 'close' }
    })
  }
  await processes(2)

  t.equal((await post('/api/signup', 'images')).status, 200)
  for (let i = 0; i < 4; i++) t.equal((await post('/api/verify', 'file')).status, 200, 'all processes verify, whichever enrolled')

  const metrics = await (await fetch(`${server.url}/api/metrics`)).text()
  t.match(metrics, /^eco_workers 2$/m, 'the workers of both processes')
  t.match(metrics, /^eco_verdicts_total\{task="waste",status="rejected"\} 4$/m, 'the verdicts of both processes')

  process.kill(pids()[0]!, 'SIGKILL')
  await processes(3)
  t.ok(server.log.some(({ msg }) => /ended with SIGKILL and is replaced/.test(String(msg))))
  for (let i = 0; i < 4; i++) t.equal((await post('/api/verify', 'file')).status, 200)

  t.equal(await server.stop('SIGTERM'), 0)
  await t.rejects(fetch(`${server.url}/api/health`))
})

t.test('two processes behind one port keep to one limit', async t => {
  const secret = '1'.repeat(40)
  const server = await startServer(t, { WEB_CONCURRENCY: '2', RATE_LIMIT: '10', API_KEYS: `app:read:${secret}` })
  while (server.log.filter(({ msg }) => /^ready at/.test(String(msg))).length < 2) await sleep(20)
  const statuses = await Promise.all(Array.from({ length: 30 }, async () =>
    (await fetch(`${server.url}/api/users`, { headers: { 'x-api-key': secret, connection: 'close' } })).status))
  t.equal(statuses.filter(status => status === 200).length, 10)
  t.equal(statuses.filter(status => status === 429).length, 20)
  // Lines come through a pipe.
  const answering = () => new Set(server.log.filter(({ route }) => route === '/api/users').map(({ pid }) => pid)).size
  for (let tries = 0; answering() < 2 && tries < 200; tries++) await sleep(20)
  t.equal(answering(), 2, 'both were asked')
})

t.test('a first process that cannot start ends the primary', async t => {
  await t.rejects(startServer(t, { WEB_CONCURRENCY: '2', INSIGHT_PACK: 'nonsense' }), /ended with 1.*nonsense/s)
})
