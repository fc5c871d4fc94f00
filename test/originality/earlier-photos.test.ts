import { randomBytes } from 'node:crypto'
import t from 'tap'
import { loadConfig } from '../../src/config/config.ts'
import type { Run } from '../../src/inference/run.ts'
import { findEarlierPhotos, type PhotoLook, proofSketches, shotSketches } from '../../src/originality/earlier-photos.ts'
import { createViewSketcher } from '../../src/originality/view-sketch.ts'
import { openStore } from '../../src/storage/index.ts'
import { enrolmentOf, verificationOf } from '../storage/samples.ts'

const sketch = (): Uint8Array => new Uint8Array(randomBytes(64))
const grey = { width: 2, height: 2, data: new Float32Array(4) }
const lookOf = (mark: number, more: Partial<PhotoLook> = {}): PhotoLook => ({
  hashes: { windows: [sketch(), sketch()], mirrored: [], outline: Uint8Array.of(mark), grey },
  view: { bits: sketch(), keyId: 'maps' },
  ...more
})

/** Outlines agree that have this mark. */
const agreeing = (mark: number): Run => (async (call: string, { outlines }: { outlines: Uint8Array[] }) => {
  t.equal(call, 'outlines')
  return outlines.map(([first]) => first === mark ? 30 : 5)
}) as unknown as Run
const never: Run = async call => { throw new Error(`expected no call, found ${call}`) }

t.test('a sketch names, the outline decides', async t => {
  const store = await openStore(loadConfig({ DATA_DIR: t.testdir() }))
  t.teardown(() => store.close())
  const nothing = { photos: [], upTo: {} }
  const proof = lookOf(1)
  await store.saveUser('ana', () => ({ ...enrolmentOf('ana'), sketches: shotSketches('s1', lookOf(3).hashes) }))
  await store.recordVerification(verificationOf('v1', 'ana'), {
    sketches: proofSketches('v1', { look: proof, earlier: nothing })
  })
  const refs = async (look: PhotoLook, run: Run) =>
    (await findEarlierPhotos(store, run, look)).photos.map(({ verification }) => verification?.id)

  const crop = lookOf(2, { view: proof.view })
  t.same(await refs(crop, agreeing(1)), ['v1'], 'a crop has another hash, and is found by what the detector sees')
  t.same(await refs(crop, agreeing(9)), [], 'another photo of such a scene is none of it')
  const saved = lookOf(2, { hashes: { ...proof.hashes, outline: Uint8Array.of(2) }, view: null })
  t.same(await refs(saved, agreeing(1)), ['v1'], 'found by the hash without a detector')
  t.same(await refs(lookOf(1), never), [], 'no second look at what no sketch names')
  t.same(
    await findEarlierPhotos(store, never, {
      hashes: { windows: [], mirrored: [], outline: null, grey: null },
      view: null
    }),
    nothing
  )
  await t.rejects(
    store.recordVerification(verificationOf('v2', 'ana'), {
      sketches: proofSketches('v2', { look: crop, earlier: nothing })
    }),
    { name: 'SketchRaceError' },
    'a crop at the same moment'
  )
})

t.test('an enrolment photo is found by its hash alone, and keeps no outline', async t => {
  const store = await openStore(loadConfig({ DATA_DIR: t.testdir() }))
  t.teardown(() => store.close())
  const shot = lookOf(1)
  const sketches = shotSketches('s1', shot.hashes)
  t.ok(sketches.every(({ detail }) => detail === undefined))
  await store.saveUser('ana', () => ({ ...enrolmentOf('ana'), sketches }))
  t.match((await findEarlierPhotos(store, never, shot)).photos, [{ kind: 'shot', username: 'ana', verification: null }])
})

t.test('views of another detector have no sketch', t => {
  const floats = (...values: number[]): string => Buffer.from(new Float32Array(values).buffer).toString('base64')
  const sketcher = createViewSketcher({ contract: 'maps', photos: 2, mean: floats(1, 2), deviation: floats(1, 1) })
  const features = { contract: 'maps', mean: Float32Array.of(2, 1), max: new Float32Array(0), regions: [] }
  t.equal(sketcher(features)!.bits.length, 64)
  t.equal(sketcher(features)!.keyId, 'maps')
  t.same(
    sketcher({ ...features, contract: 'maps/int8' }),
    sketcher(features),
    'computed in int8, they are compared with the others'
  )
  t.equal(sketcher({ ...features, contract: 'labels' }), null)
  t.equal(sketcher({ ...features, contract: 'maps2' }), null)
  t.equal(sketcher(null), null)
  t.end()
})
