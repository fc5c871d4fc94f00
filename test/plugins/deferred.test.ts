import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { send, signup } from '../helpers/app.ts'
import { buildLight } from '../helpers/light-app.ts'

const submit = async (app: Parameters<typeof send>[0], text: string): Promise<string> =>
  (
    await send(
      app,
      '/api/verify',
      [
        ['username', 'ana'],
        ['task', 'waste'],
        ['file', { bytes: Buffer.from(text) }]
      ],
      { prefer: 'respond-async' }
    )
  ).json().id

t.test(
  'requests that keep all workers busy hold jobs back for a while, not for ever; one at a time goes on',
  async t => {
    const { app, services } = await buildLight(t)
    await signup(app, 'ana', Buffer.from('a'))
    const busy = { workers: 2, active: 3, waiting: 60, max: 64, failed: 0 }
    services.inference.state = () => busy
    const { onPhoto } = services.inference
    let running = 0
    let most = 0
    services.inference.onPhoto = async (...call) => {
      most = Math.max(most, ++running)
      await sleep(50)
      try {
        return await onPhoto(...call)
      } finally {
        running--
      }
    }
    const ids: string[] = []
    for (let i = 0; i < 3; i++) ids.push(await submit(app, `p${i}`))
    t.match(await services.store.countDeferred(), { waiting: 3 }, 'requests first')
    for (const id of ids) while ((await services.store.findDeferred(id))?.status !== 'done') await sleep(20)
    t.equal(most, 1)
  }
)

t.test('where nobody is in front, as many jobs run as there are workers', async t => {
  const { app, services } = await buildLight(t)
  await signup(app, 'ana', Buffer.from('a'))
  services.inference.state = () => ({ workers: 2, active: 0, waiting: 0, max: 64, failed: 0 })
  const { onPhoto } = services.inference
  const gate = Promise.withResolvers<void>()
  services.inference.onPhoto = async (...call) => {
    await gate.promise
    return onPhoto(...call)
  }
  for (let i = 0; i < 5; i++) await submit(app, `p${i}`)
  while ((await services.store.countDeferred()).running < 2) await sleep(20)
  await sleep(600)
  t.match(await services.store.countDeferred(), { running: 2, waiting: 3 }, 'also after further looks')
  gate.resolve()
  while ((await services.store.countDeferred()).waiting > 0) await sleep(20)
})
