import t from 'tap'
import { build, signup, verify } from '../helpers/app.ts'
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
  t.match((await app.inject('/api/users/anna')).json(), { username: 'anna', shots: 1, reenrolRequired: false, model: 'fr_feature', shotDates: [String] })
  t.notMatch((await app.inject('/api/users/anna')).body, /embedding/, 'no template leaves the service')
  t.match((await app.inject({ method: 'DELETE', url: '/api/users/anna' })).json(), { status: 'deleted', user: 'anna', erased: { shots: 1, verifications: 1 } })
  t.equal((await app.inject('/api/users/anna')).statusCode, 404)
  t.equal((await app.inject({ method: 'DELETE', url: '/api/users/anna' })).json().error, 'user_not_found')
  t.equal((await verify(app, 'anna', 'waste', await samplePhoto(3))).statusCode, 404)
})

t.test('a bad page is refused with the field', async t => {
  const { app } = await build(t)
  for (const limit of ['0', '201', 'many']) t.match((await app.inject({ url: '/api/users', query: { limit } })).json(), { code: 400, error: 'invalid_request', message: /limit/ })
  t.match((await app.inject({ url: '/api/users', query: { cursor: '%%%' } })).json(), { code: 400, error: 'invalid_request', message: /cursor/ })
})
