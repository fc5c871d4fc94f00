/** What an erasure promises of the files, for every store. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import type { NewReview, Store } from '../../src/storage/store.ts'
import {
  deferredIdOf,
  deferredOf,
  embeddingOf,
  enrolmentOf,
  entryOf,
  lockRequestOf,
  verificationOf
} from './samples.ts'

/** Names that no other text contains. */
export const people = Array.from(
  { length: 120 },
  (_, number) => `person-${sha256(`name ${number}`).slice(0, 12 + (number % 20))}`
)

/** Leaves something of each person under every subject. */
export async function fill (store: Store): Promise<void> {
  for (const [number, name] of people.entries()) {
    await store.saveUser(name, () => ({
      ...enrolmentOf(name),
      consent: `consent ${name}`,
      audit: { ...entryOf('signup', name), photos: [photoOf(name)] }
    }))
    for (const round of [1, 2, 3]) {
      await store.recordVerification(
        { ...verificationOf(`${number}-${round}`, name), photo: photoOf(name) },
        { audit: entryOf('verify', name), review: round === 1 ? reviewFor(name, number) : undefined }
      )
    }
    await store.addPhoto({
      name: sha256(`file ${name}`),
      username: name,
      kind: 'proof',
      sha256: photoOf(name),
      verification: null,
      createdAt: new Date().toISOString()
    })
    await store.acquireIdempotencyLock({ ...lockRequestOf(name), id: String(number), username: name })
    await store.settleIdempotencyLock({
      id: String(number),
      owner: 'owner',
      answer: { status: 200, body: Buffer.from(`answer to ${name}`), headers: {} }
    })
    await store.addDeferred(
      { ...deferredOf(number), id: deferredIdOf(number), username: name, photo: Buffer.from(`photo of ${name}`) },
      1000
    )
  }
}

function reviewFor (name: string, number: number): NewReview {
  return {
    id: deferredIdOf(number),
    requestId: 'request',
    username: name,
    verification: `${number}-1`,
    task: 'planting',
    reason: 'appeal',
    detail: JSON.stringify({ statement: `I am ${name}` }),
    photo: { bytes: Buffer.from(`photo of ${name}`), sha256: photoOf(name) },
    sketches: [],
    webhook: null,
    key: null,
    createdAt: '2026-01-02T03:04:05.678Z',
    expiresAt: '2026-02-02T03:04:05.678Z'
  }
}

/** Fails for what the files still hold of a person. */
export function findLeft (folder: string, names: readonly string[]): string[] {
  const bytes = Buffer.concat(filesIn(folder).map(file => readFileSync(file)))
  return names.flatMap(name => [
    ...bytes.includes(name) ? [`the name ${name}`] : [],
    ...bytes.includes(photoOf(name)) ? [`the hash of a photo of ${name}`] : [],
    ...bytes.includes(enrolmentOf(name).shots[0]!.sha256) ? [`the hash of an enrolment photo of ${name}`] : [],
    ...bytes.includes(Buffer.from(embeddingOf(`${name} 1`).buffer)) ? [`an embedding of ${name}`] : []
  ])
}

export function checkSearchFindsAll (t: Test, folder: string): void {
  t.equal(findLeft(folder, people).length, 4 * people.length, 'the search finds what is there')
}

function filesIn (folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(name => join(folder, name))
    .filter(file => statSync(file).isFile())
}

function photoOf (name: string): string {
  return sha256(`photo of ${name}`)
}

function sha256 (text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
