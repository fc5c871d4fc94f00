import t from 'tap'
import { toPlanes } from '../../workers/network-input.ts'
import type { Picture } from '../../workers/pixels.ts'

t.test('planes come in the channel order of the model', async t => {
  const picture: Picture = { width: 2, height: 1, data: Uint8Array.of(10, 20, 30, 40, 50, 60) }
  const planes = (channels: 'RGB' | 'BGR' | 'GRAY', mean: number, std: number): number[] => {
    const output = new Float32Array(channels === 'GRAY' ? 2 : 6)
    toPlanes(picture, { width: 2, height: 1, channels, mean, std }, output)
    return Array.from(output)
  }
  t.same(planes('RGB', 0, 1), [10, 40, 20, 50, 30, 60])
  t.same(planes('BGR', 0, 1), [30, 60, 20, 50, 10, 40])
  t.same(planes('RGB', 10, 10), [0, 3, 1, 4, 2, 5])
  t.ok(Math.abs(planes('GRAY', 0, 256)[0]! - (0.299 * 10 + 0.587 * 20 + 0.114 * 30) / 256) < 1e-6)
})
