import { execFile } from 'node:child_process'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { exportLabels } from '../../src/reviews/export-labels.ts'
import { send, verify } from '../helpers/app.ts'
import { buildLight, seeing } from '../helpers/light-app.ts'

t.test('decided reviews become labels, photos and an agreement table', async t => {
  const look = (bytes: Uint8Array) =>
    seeing({ liveness: { score: Buffer.from(bytes).toString().startsWith('unsure') ? 0.3 : 0.97, models: [] } })
  const {
    app,
    services: { store, archive, config }
  } = await buildLight(
    t,
    {
      REVIEW: 'uncertain',
      LIVENESS_UNCERTAIN: '0.1..0.6',
      KEEP_PHOTOS: 'proofs',
      DUPLICATE_PERSON: 'off',
      TASKS_FILE: 'config/demonstration.json'
    },
    look
  )
  for (const [name, consent] of [['ana', 'form 7'], ['ben', '']] as const) {
    await send(app, '/api/signup', [
      ['username', name],
      ['images', { bytes: Buffer.from(`shot of ${name}`) }],
      ...(consent === '' ? [] : [['consent', consent] as [string, string]])
    ])
  }
  const review = async (name: string, photo: string, decision: string) => {
    const { review } = (await verify(app, name, 'waste', Buffer.from(photo))).json()
    await app.inject({
      method: 'POST',
      url: `/api/reviews/${review.id}`,
      headers: { 'content-type': 'application/json' },
      payload: JSON.stringify({ decision })
    })
    return review.id as string
  }
  const live = await review('ana', 'unsure 1', 'approve')
  const print = await review('ana', 'unsure 2', 'reject')
  const shown = await review('ana', 'cup', 'reject')
  await review('ben', 'unsure 3', 'approve')
  await verify(app, 'ana', 'waste', Buffer.from('unsure 4'))

  const folder = join(t.testdir(), 'labels')
  t.same(await exportLabels(store, archive, folder, { REQUIRE_CONSENT: true }), {
    photos: 3,
    notKept: 0,
    withoutConsent: 1,
    withoutLabel: 0
  })
  t.equal(
    await readFile(join(folder, 'spoof/labels.csv'), 'utf8'),
    `file,label,camera\n${live}.jpg,real,person-1\n${print}.jpg,spoof,person-1\n`
  )
  t.equal(
    await readFile(join(folder, 'tasks/labels.csv'), 'utf8'),
    `file,label,origin,hard_negative_for\n${live}.jpg,waste,person-1,\n${shown}.jpg,none,person-1,waste\n`
  )
  t.equal(await readFile(join(folder, `spoof/${live}.jpg`), 'utf8'), 'unsure 1')
  t.equal((await stat(join(folder, `spoof/${live}.jpg`))).mode & 0o077, 0)
  t.notMatch((await readdir(folder, { recursive: true })).join(), /ana/)
  t.match(await exportLabels(store, archive, join(folder, 'all'), { REQUIRE_CONSENT: false }), {
    photos: 4,
    withoutConsent: 0
  })

  const run = (script: string, ...args: string[]) =>
    promisify(execFile)(process.execPath, [script, ...args], {
      env: { ...process.env, DATA_DIR: config.DATA_DIR, LIVENESS_UNCERTAIN: '0.1..0.6' }
    })
  t.match(
    (await run('scripts/reviews.ts', 'agreement')).stdout,
    /\| liveness_uncertain \| 0 \| 1 \| 0 \| 2 \| 33 % \|\n\| demonstration \| 0 \| 0 \| 1 \| 0 \| 0 % \|/
  )
  t.match(
    (await run('scripts/calibrate.ts', '--from', 'reviews')).stdout,
    /from 3 reviews[\s\S]*\nLIVENESS_UNCERTAIN=0\.1\.\.0\.6\n/
  )
  await t.rejects(run('scripts/reviews.ts'), { code: 2 })
  await t.rejects(run('scripts/calibrate.ts', '--from', 'guesses'), { code: 2 })
})
