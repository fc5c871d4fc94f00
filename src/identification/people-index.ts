/** Whose face is this, among all users? Sketches name candidates; their templates decide. */
import { createFaceSketcher, type FaceSketcher } from '../sketches/face-sketcher.ts'
import type { Sealer } from '../storage/sealing.ts'
import type { EmbeddingContract, Shot, Sketch, Store } from '../storage/store.ts'
import { centroid, sameContract, templateMatcher } from '../verification/match.ts'

/**
 * Bits within which a sketch is a candidate. At the angle of a cosine of 0.41 (366 of 1000 bits) the distance is 187 of
 * 512 with a deviation of 11: 99.5 % are within 215, and of a million strangers (256, deviation 11) about 160.
 */
export const CANDIDATE_BITS = 215

export interface Person {
  username: string
  /** Best cosine similarity of any of the embeddings to the user's template, -1..1. */
  similarity: number
}

export interface PeopleFound {
  /** The most similar first. */
  people: Person[]
  /** Every user up to this number was looked at; see `NewSketch.unless`. */
  upTo: number
}

export interface PeopleIndex {
  /** The sketch of a template, under the current key. */
  sketch (shots: readonly Shot[]): Sketch
  /** Users whose template one of the embeddings reaches with this similarity, without the user named `except`. */
  find (embeddings: readonly Float32Array[], similarity: number, except?: string): Promise<PeopleFound>
  /** Gives up to `limit` users a sketch that have none under the current key; answers with their number. */
  sketchMissing (limit: number): Promise<number>
}

export function createPeopleIndex (store: Store, sealer: Sealer, contract: EmbeddingContract): PeopleIndex {
  // Making the directions takes some 20 ms; not every service needs them.
  let made: { keyId: string | null, sketch: FaceSketcher }[] | undefined
  const sketchers = () => {
    made ??= sealer
      .derive('face sketch')
      .map(({ keyId, key }) => ({ keyId, sketch: createFaceSketcher(key, contract.dimension) }))
    return made
  }
  const sketch = (shots: readonly Shot[]): Sketch => {
    const [current] = sketchers()
    return { bits: current!.sketch(centroid(shots.map(({ embedding }) => embedding))), keyId: current!.keyId }
  }

  return {
    sketch,
    async find (embeddings, similarity, except) {
      const queries = embeddings.flatMap(embedding =>
        sketchers().map(({ keyId, sketch }) => ({ keyId, bits: sketch(embedding) }))
      )
      const { matches, upTo } = await store.searchSketches('face', queries, CANDIDATE_BITS)
      const people: Person[] = []
      for (const { username } of matches) {
        if (username === except) continue
        const user = await store.findUser(username)
        if (user === null || !sameContract(user.contract, contract)) continue
        const match = templateMatcher(user.shots)
        const best = Math.max(...embeddings.map(match))
        if (best >= similarity) people.push({ username, similarity: best })
      }
      return { people: people.sort((a, b) => b.similarity - a.similarity), upTo }
    },
    async sketchMissing (limit) {
      const names = await store.usersWithoutSketch(sealer.keyId, limit)
      for (const name of names) {
        const user = await store.findUser(name)
        // One of another embedder gets a sketch as well, or it would be looked at again and again; it is never
        // compared.
        if (user !== null) {
          await store.saveFaceSketch(
            name,
            sameContract(user.contract, contract)
              ? sketch(user.shots)
              : { bits: new Uint8Array(64), keyId: sealer.keyId }
          )
        }
      }
      return names.length
    }
  }
}
