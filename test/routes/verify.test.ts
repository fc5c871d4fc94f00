import t from 'tap'
import { build, signup, verify } from '../helpers/app.ts'
import { drawing, portrait, samplePhoto } from '../helpers/photos.ts'

t.test('verdicts on real photos', async t => {
  const { app, services } = await build(t)
  t.equal((await signup(app, 'anna', await portrait('anna1'))).statusCode, 200)
  const proof = await samplePhoto(3)

  t.test('the enrolled person with a cup proves the waste task', async t => {
    const answer = await verify(app, 'anna', 'Waste-Collection', proof)
    t.equal(answer.statusCode, 200)
    const verdict = answer.json()
    t.match(verdict, {
      status: 'approved',
      user: 'anna',
      task: 'waste',
      reasons: [],
      checks: {
        face: { outcome: 'passed' },
        liveness: { outcome: 'passed' },
        task: { outcome: 'passed', rule: 'person-with-waste' }
      },
      photo: { width: 1920, height: 1350 }
    })
    t.notOk('reason' in verdict)
    t.ok(verdict.similarity >= verdict.checks.face.threshold && verdict.similarity === verdict.checks.face.score)
    t.ok(verdict.liveness_score >= verdict.checks.liveness.threshold)
    t.equal(verdict.checks.face.faces.filter(({ subject }: { subject: boolean }) => subject).length, 1)
    t.ok(
      verdict.checks.task.detections.some(
        ({ label, matched }: { label: string; matched: boolean }) => label === 'cup' && matched
      )
    )
    t.ok(Math.abs(Date.parse(verdict.timestamp) - Date.now()) < 60_000)
  })

  t.test('a wrong task is not verified', async t => {
    t.match((await verify(app, 'anna', 'planting', proof)).json(), {
      status: 'rejected',
      reason: 'Task not verified',
      reasons: ['task_not_shown'],
      checks: { face: { outcome: 'passed' } }
    })
  })

  t.test('a stranger does not match, and every failed check is named', async t => {
    const verdict = (await verify(app, 'anna', 'planting', await samplePhoto(6))).json()
    t.match(verdict, { status: 'rejected', reason: 'Face mismatch' })
    t.ok(['face_mismatch', 'task_not_shown'].every(reason => verdict.reasons.includes(reason)))
    t.ok(verdict.similarity < verdict.checks.face.threshold)
  })

  t.test('no face', async t => {
    t.match((await verify(app, 'anna', 'waste', await drawing('jpeg'))).json(), {
      status: 'rejected',
      reason: 'No face detected',
      reasons: ['no_face', 'task_not_shown'],
      similarity: null,
      liveness_score: null,
      checks: { liveness: { outcome: 'skipped' } }
    })
  })

  t.test('the errors of the contract', async t => {
    t.match((await verify(app, 'nobody', 'waste', proof)).json(), { code: 404, error: 'user_not_found' })
    t.match((await verify(app, 'anna', 'sleeping', proof)).json(), {
      code: 422,
      error: 'unknown_task',
      tasks: [{ name: 'planting' }, {}, {}]
    })
    t.match((await verify(app, 'anna', 'waste', Buffer.from('hello'))).json(), {
      code: 415,
      error: 'unsupported_image_type',
      message: /field file/
    })
    t.match((await verify(app, 'anna', 'waste', Buffer.alloc(0))).json(), { code: 422, error: 'unreadable_image' })
    t.match((await verify(app, 'anna', 'waste', await drawing('gif'))).json(), { code: 415, message: /still photo/ })
    t.match((await verify(app, 'anna', 'waste', await drawing('avif'))).json(), {
      code: 415,
      message: /most compatible/
    })
    t.match((await verify(app, 'anna', 'waste', await drawing('png', { width: 9000, height: 9000 }))).json(), {
      code: 413,
      error: 'too_many_pixels',
      message: /9000 x 9000/
    })
  })

  t.test('a template of another model is never compared', async t => {
    await services.store.saveUser('old', () => ({
      contract: { model: 'f'.repeat(64), preprocessing: 'other', dimension: 2 },
      shots: [{ sha256: '0'.repeat(64), embedding: Float32Array.from([1, 0]), createdAt: new Date().toISOString() }]
    }))
    t.match((await verify(app, 'old', 'waste', proof)).json(), { code: 409, error: 'reenrol_required' })
    t.match((await signup(app, 'old', await portrait('anna1'))).json(), { code: 409, error: 'reenrol_required' })
    t.match((await app.inject('/api/users/old')).json(), { reenrolRequired: true })
  })
})

t.test('thresholds of the operator decide', async t => {
  const { app } = await build(t, { EMBEDDING_THRESHOLD: '0.99', LIVENESS_THRESHOLD: '1' })
  await signup(app, 'anna', await portrait('anna1'))
  t.match((await verify(app, 'anna', 'waste', await samplePhoto(3))).json(), {
    reason: 'Face mismatch',
    reasons: ['face_mismatch', 'liveness_uncertain'],
    checks: { face: { threshold: 0.99 }, liveness: { threshold: 1 } }
  })
})

t.test('a threshold without a zone decides every photo', async t => {
  const { app } = await build(t, { LIVENESS_THRESHOLD: '1', LIVENESS_UNCERTAIN: 'off' })
  await signup(app, 'anna', await portrait('anna1'))
  const answer = (await verify(app, 'anna', 'waste', await samplePhoto(3))).json()
  t.match(answer, {
    reason: 'Liveness failed',
    reasons: ['not_live'],
    checks: { liveness: { outcome: 'failed', threshold: 1 } }
  })
  t.notOk('next' in answer || 'uncertain' in answer.checks.liveness)
})

t.test('liveness switched off is skipped and not loaded', async t => {
  const { app } = await build(t, { LIVENESS_ENABLED: 'false' })
  await signup(app, 'anna', await portrait('anna1'))
  t.match((await verify(app, 'anna', 'waste', await samplePhoto(3))).json(), {
    status: 'approved',
    liveness_score: null,
    checks: { liveness: { outcome: 'skipped', reason: 'disabled' } }
  })
  t.notOk((await app.inject('/api/ready')).json().models.some(({ role }: { role: string }) => role === 'liveness'))
})

t.test('a task that the detector cannot see is not available', async t => {
  const path = `${t.testdir({ 'tasks.json': JSON.stringify({ tasks: [{ name: 'skating', title: 'Skating', aliases: [], rules: [{ id: 'r', description: 'd', anyOf: ['unicorn'] }] }] }) })}/tasks.json`
  const { app } = await build(t, { TASKS_FILE: path, DATA_DIR: `${path}-data` })
  t.match((await verify(app, 'anna', 'skating', await drawing('png'))).json(), {
    code: 503,
    error: 'task_unavailable',
    message: /unicorn/
  })
})
