/** The application without worker threads, for tests of what comes before and after a photo is looked at. */
import { pino } from 'pino'
import type { Test } from 'tap'
import type { Detection, Face, ImageFeatures, InferenceCalls, Liveness, PhotoHashes, Surroundings } from '../../workers/types.ts'
import { openAccess } from '../../src/access/access.ts'
import { buildApp } from '../../src/server/app.ts'
import { loadConfig } from '../../src/config/config.ts'
import type { InferencePool } from '../../src/inference/pool.ts'
import type { Run } from '../../src/inference/run.ts'
import type { QueuePolicies } from '../../src/storage/queue-policies.ts'
import { buildCatalog, readTasks } from '../../src/tasks/catalog.ts'
import { openTenant } from '../../src/tenants/open-tenant.ts'
import { createTenants, type TenantName } from '../../src/tenants/tenants.ts'
import { openWebhooks } from '../../src/webhooks/webhooks.ts'
import type { Built } from './app.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { checkAnswers } from './documented.ts'
import { face } from './faces.ts'
import { starter } from './models.ts'
import { room } from './rooms.ts'

/** What the stand-in for the workers sees on a photo. */
export interface Seen {
  faces: Face[]
  liveness: Liveness
  detections: Detection[]
  /** Default: none, as of an empty picture. */
  hashes?: Partial<PhotoHashes>
  /** Default: one room. */
  surroundings?: Surroundings
  /** Of the object detector, with `FEATURES` as their contract. */
  features?: ImageFeatures
  size?: { width: number, height: number }
}

/** A unit vector of the starter embedder's dimension: the angle, in radians, to that of angle 0 is given. */
export function embeddingAt (angle: number): Float32Array {
  const vector = new Float32Array(starter.faceEmbedder.dimension)
  vector[0] = Math.cos(angle)
  vector[1] = Math.sin(angle)
  return vector
}

/** By default one live person whom every photo shows, with a cup. */
export function seeing (change: Partial<Seen> = {}): Seen {
  return {
    faces: [face({ embedding: embeddingAt(0), box: [10, 10, 110, 110] })],
    liveness: { score: 0.97, models: [{ id: 'fr_liveness', score: 0.97 }] },
    detections: [
      { label: 'person', score: 0.9, box: [0, 0, 200, 200] },
      { label: 'cup', score: 0.8, box: [20, 20, 60, 60] }
    ],
    ...change
  }
}

/**
 * Builds the application in milliseconds: real settings, access, store and routes; `look` says what is on a photo.
 * Photos may be any bytes. `LANDMARKS=none` in `env` stands for models that find five points of a face,
 * `FEATURES` for the contract of the object detector's inner features.
 * @param policies of the queue, for leases and pauses that end within a test
 */
export async function buildLight (
  t: Test,
  env: Record<string, string> = {},
  look: (bytes: Uint8Array) => Seen = () => seeing(),
  logger = pino({ level: 'silent' }),
  policies?: QueuePolicies
): Promise<Built> {
  const config = loadConfig({ ENV: 'test', PORT: '0', ...env, DATA_DIR: env.DATA_DIR ?? temporaryFolder(t) })
  const open = (tenant: TenantName) => openTenant(tenant, { config, logger, models: starter, policies })
  const own = await open(null)
  const inference = standIn(look, env.LANDMARKS !== 'none', env.FEATURES ?? null)
  const services = {
    config,
    logger,
    ...own,
    tenants: createTenants(own, open),
    access: openAccess(config, logger),
    models: starter,
    inference,
    tasks: buildCatalog(await readTasks(config.TASKS_FILE), inference.labels),
    webhooks: openWebhooks(config)
  }
  const app = await buildApp(services)
  checkAnswers(t, app)
  t.teardown(() => app.close())
  return { app, services }
}

function standIn (look: (bytes: Uint8Array) => Seen, landmarks: boolean, contract: string | null): InferencePool {
  const onPhoto = async <T>(work: (run: Run) => Promise<T>): Promise<T> => {
    let seen: Seen | undefined
    const run = async (job: keyof InferenceCalls, input: { bytes?: Uint8Array }): Promise<unknown> => {
      seen ??= look(input.bytes!)
      switch (job) {
        case 'decode':
          return {
            frame: { width: 200, height: 200, ...seen.size, pixels: new SharedArrayBuffer(0) },
            facts: { orientation: 1, takenAt: null }
          }
        case 'faces':
          return seen.faces
        case 'upright':
          return null
        case 'landmarks':
          return landmarks
            ? seen.faces.map(({ quality: { yaw, pitch, roll }, ...face }) => ({ ...face, yaw, pitch, roll }))
            : null
        case 'surroundings':
          return seen.surroundings ?? room(1)
        case 'liveness':
          return seen.liveness
        case 'hashes':
          return { windows: [], mirrored: [], outline: null, grey: null, ...seen.hashes }
        case 'outlines':
          return []
        case 'objects':
          return { detections: seen.detections, features: seen.features ?? null }
      }
    }
    return work(run as Run)
  }
  return {
    provider: 'none',
    providerReason: null,
    labels: ['person', 'cup', 'dog', 'potted plant'],
    features: contract,
    landmarks,
    warnings: [],
    reserve: () => ({ count () {}, release () {} }),
    onPhoto,
    state: () => ({ workers: 1, active: 0, waiting: 0, max: 64, failed: 0 }),
    problem: () => null,
    close: async () => {}
  }
}
