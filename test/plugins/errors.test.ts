import t from 'tap'
import { StoreError } from '../../src/storage/store-error.ts'
import { buildLight } from '../helpers/light-app.ts'

t.test('a fault of the store is a 503 that tells the client nothing of files and hosts', async t => {
  const { app, services } = await buildLight(t)
  services.store.listUsers = async () => { throw new StoreError('store_full', '/srv/data/eco.sqlite cannot grow, the disk is full: free some space') }
  const answer = await app.inject('/api/users')
  t.equal(answer.statusCode, 503)
  t.ok(Number(answer.headers['retry-after']) > 0)
  t.match(answer.json(), { status: 'error', code: 503, error: 'store_unavailable' })
  t.notMatch(answer.body, /srv|disk/)
})

t.test('what nobody foresaw stays inside', async t => {
  const { app, services } = await buildLight(t)
  services.store.listUsers = async () => { throw new TypeError('secret of the code') }
  const answer = await app.inject('/api/users')
  t.match(answer.json(), { code: 500, error: 'internal_error', requestId: answer.headers['x-request-id'] })
  t.notMatch(answer.body, /secret/)
})
