import { Writable } from 'node:stream'
import t from 'tap'
import { pino } from 'pino'
import pretty from 'pino-pretty'
import { startReport } from '../../src/server/start-report.ts'
import { buildLight } from '../helpers/light-app.ts'

t.test('what is in use is said in short fields', async t => {
  const { services } = await buildLight(t)
  t.match(startReport(services, 'http://127.0.0.1:5000'), {
    page: 'http://127.0.0.1:5000/',
    access: 'programs on this machine, without a key',
    models: /fr_feature/,
    provider: 'none',
    thresholds: /^similarity >= 0\.\d+, face quality >= 0\.\d+, liveness >= 0\.\d+, uncertain from 0\.\d+$/,
    store: 'sqlite, templates not encrypted'
  })
  const other = await buildLight(t, {
    DATA_DIR: `${t.testdirName}-other`,
    TEST_PAGE: 'false',
    TEMPLATE_KEY: '1'.repeat(64),
    API_KEYS: `app:read:${'1'.repeat(40)}`,
    LIVENESS_THRESHOLD: '0.5'
  })
  const report = startReport(other.services, 'http://127.0.0.1:5000')
  t.match(report, { access: 'API keys', store: 'sqlite, templates encrypted' })
  t.notOk('page' in report)
  t.notMatch(JSON.stringify(report), /1{40}/)
  const open = await buildLight(t, { DATA_DIR: `${t.testdirName}-open`, ALLOW_UNAUTHENTICATED: 'true' })
  t.equal(open.services.access.openTo, 'everybody who reaches it')
})

t.test('on a terminal each has a line', async t => {
  const { services } = await buildLight(t)
  let text = ''
  const output = new Writable({ write: (chunk, _encoding, done) => { text += chunk; done() } })
  pino(pretty({ destination: output, ignore: 'pid,hostname', colorize: false, sync: true })).info(
    startReport(services, 'http://127.0.0.1:5000'),
    'ready at http://127.0.0.1:5000'
  )
  t.match(
    text,
    /ready at http:\/\/127\.0\.0\.1:5000\n +page: "http:\/\/127\.0\.0\.1:5000\/"\n +access: "programs on this machine/
  )
})
