import { type AddressInfo, connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import t from 'tap'
import { buildLight } from '../helpers/light-app.ts'

t.test('who goes away while the store counts the request leaves no upload and no slot behind', async t => {
  const secret = '1'.repeat(40)
  const {
    app,
    services: { store, inference }
  } = await buildLight(t, { API_KEYS: `app:verify:${secret}`, RATE_LIMIT: '9' })
  const { countRequest } = store
  const asked = Promise.withResolvers<void>()
  const gone = Promise.withResolvers<void>()
  store.countRequest = async request => {
    asked.resolve()
    await gone.promise
    return countRequest(request)
  }
  let slots = 0
  inference.reserve = () => {
    slots++
    return { count () {}, release () { slots-- } }
  }
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const client = connect(port, '127.0.0.1')
  client.write(
    `POST /api/verify HTTP/1.1\r\nhost: a\r\nx-api-key: ${secret}\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: 1000\r\n\r\n`
  )
  await asked.promise
  client.destroy()
  while (await promisify(app.server.getConnections.bind(app.server))() > 0) await sleep(5)
  gone.resolve()

  t.equal((await fetch(`http://127.0.0.1:${port}/api/health`)).status, 200)
  t.same([app.uploading(), slots], [0, 0])
})
