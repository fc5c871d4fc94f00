/**
 * A service that sends itself one keyed request and is killed as soon as the store call that argv names has done its
 * work.
 */
import t from 'tap'
import { send } from '../helpers/app.ts'
import { buildLight } from '../helpers/light-app.ts'

const [call] = process.argv.slice(2)
const { app, services: { store } } = await buildLight(t, process.env as Record<string, string>)
const die = () => process.kill(process.pid, 'SIGKILL')
const { saveUser, recordVerification } = store
const photo = { bytes: Buffer.from('a') }
const headers = { 'idempotency-key': 'once' }

if (call === 'saveUser') {
  store.saveUser = async (...args) => {
    await saveUser(...args)
    die()
    return new Promise(() => {})
  }
  await send(app, '/api/signup', [['username', 'ana'], ['images', photo]], headers)
} else {
  store.recordVerification = async (...args) => {
    await recordVerification(...args)
    die()
    return new Promise(() => {})
  }
  await send(
    app,
    '/api/verify',
    [
      ['username', 'ana'],
      ['task', 'waste'],
      ['file', { bytes: Buffer.from('proof') }]
    ],
    headers
  )
}
