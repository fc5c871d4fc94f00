import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { folders } from '../../../scripts/postman/scenarios.ts'
import { type ErrorCode, errorTable } from '../../../src/errors/errors.ts'
import { photoRejections } from '../../../src/schemas/signup.ts'
import { failureReasons } from '../../../src/schemas/verdict.ts'
import { build } from '../../helpers/app.ts'
import { examplePhotoNames, writeExamplePhotos } from '../../helpers/example-photos.ts'
import { temporaryFolder } from '../../helpers/temporary-folder.ts'

const scenarios = folders.flatMap(({ scenarios }) => scenarios)

/** A state of the server, not of a request, causes these. */
const BY_THE_SERVER: ErrorCode[] = [
  // Only with DUPLICATE_PERSON=refuse.
  'person_already_enrolled',
  // Only with REVIEW_APPROVALS=2.
  'second_reviewer_required',
  // The shipped nginx answers these by itself.
  'address_too_long',
  'unreachable',
  'challenge_expired',
  'challenges_unavailable',
  'reenrol_required',
  'upload_too_slow',
  'client_gone',
  'idempotency_in_progress',
  'inference_failed',
  'internal_error',
  'overloaded',
  'rate_limited',
  'shutting_down',
  'store_unavailable',
  'store_sealed',
  'store_corrupt',
  'timed_out'
]

t.test('there is a request for every error and every rejection', async t => {
  const shown = new Set(scenarios.flatMap(({ expect }) => Object.values(expect)))
  t.same(
    Object.keys(errorTable).filter(code => !shown.has(code) && !BY_THE_SERVER.includes(code as ErrorCode)),
    [],
    'add it to scripts/postman/scenarios/'
  )
  t.same(failureReasons.filter(reason => !shown.has(reason) && reason !== 'challenge_required'), [])
  t.same(
    photoRejections.filter(code => !shown.has(code) && !['extreme_pose', 'face_cut_off', 'not_live'].includes(code)),
    []
  )
})

t.test('every photo is made and explained', async t => {
  const used = new Set(
    scenarios.flatMap(({ form = [] }) => form.map(([, value]) => value)).filter(value => /\.(jpg|png|gif)$/.test(value))
  )
  t.same([...used].sort(), [...examplePhotoNames].sort())
  const readme = await readFile('docs/postman/README.md', 'utf8')
  t.same(examplePhotoNames.filter(name => !readme.includes(`\`${name}\``)), [])
})

t.test('newman runs the collection against the running server', async t => {
  const secrets = { apiKey: 'a'.repeat(40), verifyKey: 'v'.repeat(40), tenantKey: 't'.repeat(40) }
  const { app } = await build(t, {
    API_KEYS: `admin:admin:${secrets.apiKey},app:verify:${secrets.verifyKey},acme/desk:read:${secrets.tenantKey}`,
    MAX_PHOTO_MB: '4',
    REVIEW: 'uncertain',
    TEACHING: 'true',
    TASKS_FILE: 'docs/postman/tasks.json'
  })
  const folder = temporaryFolder(t)
  await writeExamplePhotos(folder)
  const environment = JSON.parse(await readFile('docs/postman/environment.json', 'utf8')) as {
    values: { key: string; value: string }[]
  }
  const values: Record<string, string> = { ...secrets, baseUrl: await app.listen({ host: '127.0.0.1', port: 0 }) }
  for (const variable of environment.values) variable.value = values[variable.key] ?? variable.value
  await writeFile(join(folder, 'environment.json'), JSON.stringify(environment))

  const report = join(folder, 'report.json')
  const newman = createRequire(import.meta.url).resolve('newman/bin/newman.js')
  const folderOptions = folders.flatMap(({ name }) => ['--folder', name])
  await promisify(execFile)(
    process.execPath,
    [
      newman,
      'run',
      'docs/postman/collection.json',
      '-e',
      join(folder, 'environment.json'),
      '--working-dir',
      folder,
      ...folderOptions,
      '--reporters',
      'json',
      '--reporter-json-export',
      report,
      '--timeout-request',
      '60000'
    ],
    { maxBuffer: 64 * 1024 * 1024 }
  ).catch(() => {})
  const { run } = JSON.parse(await readFile(report, 'utf8')) as {
    run: {
      stats: Record<string, { total: number }>
      failures: { source?: { name: string }; error: { test?: string; message: string } }[]
    }
  }
  t.same(run.failures.map(({ source, error }) => `${source?.name}: ${error.test ?? ''} ${error.message}`), [])
  t.equal(run.stats.requests!.total, scenarios.length)
  t.equal(run.stats.assertions!.total, scenarios.reduce((sum, { expect }) => sum + 1 + Object.keys(expect).length, 0))
})
