import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { build, send, signup, verify } from '../helpers/app.ts'
import { buildLight } from '../helpers/light-app.ts'
import { portrait, samplePhoto } from '../helpers/photos.ts'

t.test('users are listed page by page, shown and erased', async t => {
  const { app } = await build(t)
  const photo = await portrait('anna1')
  const names = ['Ärger', 'anna', 'bob', '张伟', 'zoe']
  for (const name of names) t.equal((await signup(app, name, photo)).statusCode, 200)

  const seen: string[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const page: { users: { username: string }[], total: number, next: string | null } = (await app.inject({
      url: '/api/users', query: { limit: '2', ...(cursor === '' ? {} : { cursor }) }
    })).json()
    t.equal(page.total, names.length)
    seen.push(...page.users.map(({ username }) => username))
    cursor = page.next
  }
  t.strictSame(new Set(seen), new Set(names))
  t.equal(seen.length, names.length)

  await verify(app, 'anna', 'waste', await samplePhoto(3))
  t.match((await app.inject('/api/users/anna')).json(), {
    username: 'anna',
    shots: 1,
    reenrolRequired: false,
    model: 'fr_feature',
    shotDates: [String]
  })
  t.notMatch((await app.inject('/api/users/anna')).body, /embedding/, 'no template leaves the service')
  t.match((await app.inject({ method: 'DELETE', url: '/api/users/anna' })).json(), {
    status: 'deleted',
    user: 'anna',
    erased: { shots: 1, verifications: 1 }
  })
  t.equal((await app.inject('/api/users/anna')).statusCode, 404)
  t.equal((await app.inject({ method: 'DELETE', url: '/api/users/anna' })).json().error, 'user_not_found')
  t.equal((await verify(app, 'anna', 'waste', await samplePhoto(3))).statusCode, 404)
})

t.test('a bad page is refused with the field', async t => {
  const { app } = await build(t)
  for (const limit of ['0', '201', 'many']) {
    t.match((await app.inject({ url: '/api/users', query: { limit } })).json(), {
      code: 400,
      error: 'invalid_request',
      message: /limit/
    })
  }
  t.match((await app.inject({ url: '/api/users', query: { cursor: '%%%' } })).json(), {
    code: 400,
    error: 'invalid_request',
    message: /cursor/
  })
})

t.test('the export lists jobs and kept answers, and the erasure counts them', async t => {
  const { app, services } = await buildLight(t)
  const keyed = (key: string) => ({ 'idempotency-key': key })
  const prove = (text: string, headers: Record<string, string>) =>
    send(
      app,
      '/api/verify',
      [
        ['username', 'ana'],
        ['task', 'waste'],
        ['file', { bytes: Buffer.from(text) }]
      ],
      headers
    )
  await send(app, '/api/signup', [['username', 'ana'], ['images', { bytes: Buffer.from('a') }]], keyed('1'))
  const done = (await prove('p', { prefer: 'respond-async', ...keyed('2') })).json().id
  while ((await services.store.findDeferred(done))?.status !== 'done') await sleep(20)
  services.store.leaseDeferred = async () => []
  const waiting = (await prove('q', { prefer: 'respond-async' })).json().id
  const { jobs, answers } = (await app.inject('/api/users/ana/export')).json()
  t.match(jobs, [
    {
      id: done,
      status: 'done',
      task: 'waste',
      photo: null,
      outcome: { status: 'approved', user: 'ana' },
      webhook: null
    },
    { id: waiting, status: 'pending', photo: createHash('sha256').update('q').digest('hex'), outcome: null }
  ])
  t.match(answers, [{ status: 200, body: { user: 'ana' } }, { status: 202, body: { id: done } }])
  t.match((await app.inject({ method: 'DELETE', url: '/api/users/ana' })).json(), {
    erased: { shots: 1, jobs: 2, answers: 2 }
  })
  t.equal((await app.inject(`/api/jobs/${done}`)).statusCode, 404)
})
