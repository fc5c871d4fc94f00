/** Scenes as the workers describe them: the room of a seed, and the bare wall of seed 0. */
import type { Surroundings } from '../../workers/types.ts'
import { random as randomFrom } from './random.ts'

/** `shift`: cells that the camera has moved to the side; `light`: levels that were added. */
export function room (seed: number, { shift = 0, light = 0 }: { shift?: number, light?: number } = {}): Surroundings {
  const [width, height] = [32, 24]
  const random = randomFrom(seed * 977 + 1)
  const base = Array.from({ length: 3 }, () => 40 + 170 * random())
  const things =
    seed === 0
      ? []
      : Array.from({ length: 14 }, () => ({
        x: random() * 44 - 6,
        y: random() * 24,
        w: 3 + random() * 9,
        h: 3 + random() * 9,
        colour: Array.from({ length: 3 }, () => 255 * random())
      }))
  const colours = new Uint8Array(width * height * 3)
  const background = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const thing = things.findLast(
        ({ x: left, y: top, w, h }) => x + shift >= left && x + shift < left + w && y >= top && y < top + h
      )
      const colour = (thing?.colour ?? (seed === 0 ? [128, 128, 128] : base)).map(level =>
        Math.min(255, Math.max(0, level + light))
      )
      colours.set(colour.map(Math.round), (y * width + x) * 3)
      background[y * width + x] = x > 11 && x < 21 && y > 6 ? 0 : 1
    }
  }
  return { width, height, colours, background }
}
