/** Photos that a scene can learn to tell apart and labels cannot: people before a ground of one colour or another. */
import { changed, drawing, portrait } from './photos.ts'
import { centred } from './random.ts'

const names = ['anna1', 'anna3', 'berta', 'clara'] as const

/**
 * A JPEG of one of four people, seen from near or far.
 * @param next numbers from 0 to 1
 */
export async function personBefore (ground: string, number: number, next: () => number): Promise<Buffer> {
  const person = await changed(await portrait(names[number % names.length]!), image =>
    image.resize({ height: 200 + Math.round(40 * centred(next)) }).png()
  )
  return changed(await drawing('png', { width: 400, height: 300 }), image =>
    image
      .flatten()
      .tint(ground)
      .composite([{ input: person, left: Math.round(60 + 50 * next()), top: 20 }])
      .jpeg()
  )
}
