import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { loadConfig } from '../../src/config/config.ts'
import { diagnose } from '../../src/doctor/doctor.ts'
import { openShadow } from '../../src/verification/shadow.ts'
import { send, verify } from '../helpers/app.ts'
import { buildLight, seeing } from '../helpers/light-app.ts'
import { starter, withoutStarter } from '../helpers/models.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

/** A photo is named by its liveness score, in percent. */
const look = (bytes: Uint8Array) =>
  seeing({ liveness: { score: Number(Buffer.from(bytes).toString().split(' ')[0]) / 100, models: [] } })

const settings = { REVIEW: 'uncertain', LIVENESS_UNCERTAIN: '0.1..0.6', TASKS_FILE: 'config/demonstration.json' }

function policy (t: Test, text: string): string {
  const path = join(temporaryFolder(t), 'policy.env')
  writeFileSync(path, text)
  return path
}

async function built (t: Test, env: Record<string, string>) {
  const { app } = await buildLight(t, { ...settings, ...env }, look)
  await send(app, '/api/signup', [['username', 'ana'], ['images', { bytes: Buffer.from('97 shot') }]])
  const prove = async (photo: string) => (await verify(app, 'ana', 'waste', Buffer.from(photo))).json()
  const counts = async () => (await app.inject('/api/metrics')).body.split('\n').filter(line =>
    line.startsWith('eco_shadow_verdicts_total') && !line.endsWith(' 0'))
  return { app, prove, counts }
}

t.test('a proposed policy is counted beside the current one and changes no answer', async t => {
  const SHADOW_POLICY = policy(t, '# proposed\nLIVENESS_UNCERTAIN=0.2..0.4\n')
  const [plain, shadowed] = [await built(t, {}), await built(t, { SHADOW_POLICY })]
  const photos = ['97 live', '50 unsure', '30 unsure', '15 unsure', '5 print']
  for (const photo of photos) {
    const [expected, answer] = [await plain.prove(photo), await shadowed.prove(photo)]
    t.same([answer.status, answer.reasons, answer.checks], [expected.status, expected.reasons, expected.checks], photo)
  }
  t.same(await plain.counts(), [], 'nothing is counted without a policy')
  t.same(await shadowed.counts(), [
    'eco_shadow_verdicts_total{current="approved",proposed="approved"} 1',
    'eco_shadow_verdicts_total{current="uncertain",proposed="approved"} 1',
    'eco_shadow_verdicts_total{current="uncertain",proposed="uncertain"} 1',
    'eco_shadow_verdicts_total{current="uncertain",proposed="rejected"} 1',
    'eco_shadow_verdicts_total{current="rejected",proposed="rejected"} 1'
  ])
})

t.test('without a zone one threshold decides, and other failures stand', async t => {
  const SHADOW_POLICY = policy(t, 'LIVENESS_UNCERTAIN=off\nLIVENESS_THRESHOLD=0.4\n')
  const shadow = await openShadow(loadConfig({ ...settings, SHADOW_POLICY }), starter)
  const { prove } = await built(t, {})
  t.same(shadow!.compare(await prove('30 unsure'), false), { current: 'uncertain', proposed: 'rejected' })
  const answer = await prove('50 unsure')
  t.same(shadow!.compare(answer, false), { current: 'uncertain', proposed: 'approved' })
  t.same(shadow!.compare({ ...answer, reasons: ['liveness_uncertain', 'recycled_photo'] }, false), {
    current: 'rejected', proposed: 'rejected'
  })
})

t.test('a passed challenge decides for the proposed zone as for the current one', async t => {
  const shadow = await openShadow(loadConfig({ ...settings, SHADOW_POLICY: policy(t, 'LIVENESS_UNCERTAIN=0.2..0.98') }), starter)
  const answer = await (await built(t, {})).prove('97 live')
  t.same(shadow!.compare(answer, false), { current: 'approved', proposed: 'uncertain' })
  t.same(shadow!.compare(answer, true), { current: 'approved', proposed: 'approved' })
})

t.test('what is no policy is refused at the start and by doctor', { skip: withoutStarter }, async t => {
  for (const [text, message] of [
    ['EMBEDDING_THRESHOLD=0.1\nLIVENESS_UNCERTAIN=0.2..0.4', /LIVENESS_UNCERTAIN or LIVENESS_THRESHOLD, found EMBEDDING_THRESHOLD/],
    ['# nothing', /found no setting/],
    ['LIVENESS_UNCERTAIN=0.9..0.1', /not a zone/]
  ] as const) {
    const SHADOW_POLICY = policy(t, text)
    await t.rejects(buildLight(t, { ...settings, SHADOW_POLICY }), { message }, text)
  }
  const env = { DATA_DIR: temporaryFolder(t), PORT: '0', WORKER_THREADS: '1', LIVENESS_UNCERTAIN: '0.1..0.6' }
  const findings = async (SHADOW_POLICY: string) =>
    (await Array.fromAsync(diagnose({ ...env, SHADOW_POLICY }))).filter(({ subject }) => subject === 'shadow policy')
  t.match(await findings(join(env.DATA_DIR, 'none.env')), [{ state: 'problem', text: /none\.env cannot be read.*npm run calibrate/ }])
  t.match(await findings(policy(t, 'LIVENESS_UNCERTAIN=0.2..0.4')), [{ state: 'fine', text: /changes no answer/ }])
})
