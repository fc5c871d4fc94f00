import t from 'tap'
import { ConfigError, expectation, loadConfig, SettingsSchema } from '../../src/config/config.ts'
import { fromProject } from '../../src/config/project-folder.ts'

t.test('an empty environment gives the original defaults', async t => {
  const config = loadConfig({})
  t.match(config, {
    ENV: 'development',
    HOST: '127.0.0.1',
    PORT: 5000,
    MAX_CONTENT_LENGTH_MB: 8,
    DET_W: 416,
    DET_H: 416,
    LIVENESS_ENABLED: true,
    DEBUG_ROUTES: false,
    TEACHING: false,
    DATA_DIR: fromProject('data'),
    MODELS_DIR: fromProject('models')
  })
  t.notOk('EMBEDDING_THRESHOLD' in config, 'thresholds come from the models unless set')
})

t.test('texts become typed values; blanks count as not set', async t => {
  const config = loadConfig({
    PORT: ' 0 ',
    LIVENESS_ENABLED: 'false',
    EMBEDDING_THRESHOLD: '0.45',
    HOST: '',
    QUEUE_MAX: ' '
  })
  t.match(config, { PORT: 0, LIVENESS_ENABLED: false, EMBEDDING_THRESHOLD: 0.45, HOST: '127.0.0.1', QUEUE_MAX: 64 })
})

t.test('every bad value is named with what was found and what is expected', async t => {
  const error = t.throws(
    () => loadConfig({ PORT: 'http', ENV: 'prod', LIVENESS_ENABLED: 'maybe', DET_W: '33', EMBEDDING_THRESHOLD: '2' }),
    ConfigError
  ) as Error
  for (const part of [
    'PORT=http is not a whole number',
    'ENV=prod is not one of development, production, test',
    'LIVENESS_ENABLED=maybe is not true or false',
    'DET_W=33 is not a whole number, at least 32, at most 4096, a multiple of 32',
    'EMBEDDING_THRESHOLD=2'
  ]) {
    t.ok(error.message.includes(part), part)
  }
})

t.test('every setting has a description and a default of its own kind', async t => {
  for (const [name, schema] of Object.entries(SettingsSchema.properties)) {
    t.ok(schema.description ?? expectation(schema), name)
  }
})
