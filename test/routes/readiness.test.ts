import t from 'tap'
import { buildLight } from '../helpers/light-app.ts'

t.test('faults of the workers make the service unready, in words', async t => {
  const { app, services } = await buildLight(t)
  t.equal((await app.inject('/api/ready')).statusCode, 200)
  services.inference.problem = () => 'Workers failed 3 times within the last minute; see the log.'
  const answer = await app.inject('/api/ready')
  t.equal(answer.statusCode, 503)
  t.match(answer.json(), { ready: false, problems: [/failed 3 times/] })
})
