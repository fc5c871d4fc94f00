/** Frames of a challenge for the application without workers. */
import { createHash } from 'node:crypto'
import { face } from './faces.ts'
import { faceOf, photographs, type Turn } from './heads.ts'
import { embeddingAt, type Seen, seeing } from './light-app.ts'
import { room } from './rooms.ts'

const turns: Record<string, Turn> = {
  left: { yaw: 24 },
  right: { yaw: -24 },
  up: { pitch: -22 },
  down: { pitch: 18 },
  centre: {},
  between: { yaw: 14 }
}

/** A photo is words: a pose, and what else is to be seen. */
export function lookAtHead (bytes: Uint8Array): Seen {
  const words = Buffer.from(bytes).toString().split(' ')
  const embedding = embeddingAt(words.includes('stranger') ? 1.5 : 0)
  const view = words.includes('print') ? photographs.print : photographs.head
  const faces = words.includes('nobody') ? [] : [faceOf(view(turns[words[0]!] ?? {}), embedding)]
  const score = words.includes('screen') ? 0.001 : words.includes('unclear') ? 0.2 : 0.9
  return seeing({
    faces: words.includes('pair') ? [...faces, face({ box: [0, 0, 180, 240] })] : faces,
    liveness: { score, models: [{ id: 'fr_liveness', score }] },
    detections: [
      { label: 'person', score: 0.9, box: [0, 0, 640, 480] },
      { label: 'cup', score: 0.8, box: [20, 20, 60, 60] }
    ],
    surroundings: room(words.includes('elsewhere') ? 7 : 1),
    size: words.includes('small') ? { width: 320, height: 240 } : { width: 640, height: 480 }
  })
}

/** What the stand-in for the models sees: a proof that is not clear, and a head in the pose that was set last. */
export function obedientHead (): { look: (bytes: Uint8Array) => Seen, hold: (pose: string) => void } {
  const known = new Map<string, Seen>()
  let held = 'between'
  return {
    hold: pose => { held = pose },
    look (bytes) {
      const key = createHash('sha256').update(bytes).digest('hex')
      // The same picture shows the same pose, each time.
      const seen = known.get(key) ?? lookAtHead(Buffer.from(bytes.length > 100_000 ? 'centre unclear' : held))
      known.set(key, seen)
      return seen
    }
  }
}
