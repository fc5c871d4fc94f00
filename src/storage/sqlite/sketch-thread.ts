/**
 * The thread that searches sketches. It keeps them in memory and reads before each search what was added and removed
 * since the last one, whichever process did it.
 */
import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import { SKETCH_WORDS } from '../../sketches/sketch.ts'
import { SketchTable } from '../../sketches/sketch-table.ts'
import type { SketchKind } from '../subjects/sketches.ts'
import { BUSY_TIMEOUT_MS } from './faults.ts'
import type { SearchRequest, SearchResult } from './sketch-search.ts'

const { file } = workerData as { file: string }
const db = new DatabaseSync(file, { readOnly: true, timeout: BUSY_TIMEOUT_MS })
const added = db.prepare('SELECT seq, key_id AS keyId, bits FROM sketches WHERE kind = ? AND seq > ? ORDER BY seq')
const removed = db.prepare('SELECT id, seq FROM removed_sketches WHERE kind = ? AND id > ? ORDER BY id')

/** Words that the sketches of a kind fill. */
const WIDTH: Record<SketchKind, number> = { face: SKETCH_WORDS, photo: SKETCH_WORDS / 2, view: SKETCH_WORDS }

interface Known {
  /** By the key that the bits depend on. */
  tables: Map<string | null, SketchTable>
  lastAdded: number
  lastRemoved: number
}

const known = new Map<SketchKind, Known>()

function catchUp (kind: SketchKind): Known {
  const state = known.get(kind) ?? { tables: new Map<string | null, SketchTable>(), lastAdded: 0, lastRemoved: 0 }
  known.set(kind, state)
  // One snapshot for both.
  db.exec('BEGIN')
  try {
    const gone = new Set<number>()
    for (const { id, seq } of removed.iterate(kind, state.lastRemoved)) {
      gone.add(Number(seq))
      state.lastRemoved = Number(id)
    }
    if (gone.size > 0) for (const table of state.tables.values()) table.remove(gone)
    for (const row of added.iterate(kind, state.lastAdded)) {
      const keyId = row.keyId as string | null
      const table = state.tables.get(keyId) ?? new SketchTable(WIDTH[kind])
      state.tables.set(keyId, table)
      table.add(Number(row.seq), row.bits as Uint8Array)
      state.lastAdded = Number(row.seq)
    }
  } finally {
    db.exec('COMMIT')
  }
  return state
}

function search ({ kind, queries, limit }: SearchRequest): SearchResult {
  const { tables, lastAdded } = catchUp(kind)
  const nearest = new Map<number, number>()
  for (const { keyId, bits } of queries) {
    for (const { id, distance } of tables.get(keyId)?.search(bits, limit) ?? []) {
      nearest.set(id, Math.min(distance, nearest.get(id) ?? Infinity))
    }
  }
  const found = [...nearest].map(([id, distance]) => ({ id, distance })).sort((a, b) => a.distance - b.distance)
  return { found, upTo: lastAdded }
}

parentPort!.on('message', (request: SearchRequest) => {
  try {
    parentPort!.postMessage({ result: search(request) })
  } catch (error) {
    parentPort!.postMessage({ error })
  }
})
