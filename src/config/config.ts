/**
 * The settings of the service: one schema that validates the environment, gives the defaults and documents them.
 * A setting's name in code is its name in the environment. An empty value counts as not set.
 */
import { availableParallelism, totalmem } from 'node:os'
import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { defaultMemoryLimit } from './memory-limit.ts'
import { ConfigError } from './config-error.ts'
import { fromProject } from './project-folder.ts'

/** Marks a path: a relative one starts at the project's folder. */
const path = { relativeTo: 'project' }

export const SettingsSchema = Type.Object({
  ENV: Type.Union([Type.Literal('development'), Type.Literal('production'), Type.Literal('test')], {
    default: 'development',
    description: '`production` switches debug routes off and logs JSON'
  }),
  LOG_LEVEL: Type.Union(
    ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'].map(level => Type.Literal(level)),
    {
      default: 'info',
      description: 'least severe level that is logged'
    }
  ),
  HOST: Type.String({ default: '127.0.0.1', minLength: 1, description: 'address to listen on' }),
  PORT: Type.Integer({
    default: 5000,
    minimum: 0,
    maximum: 65535,
    description: 'port to listen on; 0 takes a free one'
  }),
  CORS_ORIGINS: Type.String({
    default: '',
    description:
      'comma-separated exact origins that browsers and apps may call from, like `https://app.example.org` or `capacitor://localhost`, `null` for pages in files and sandboxed frames, `*` for any; empty: same origin only'
  }),
  API_KEYS: Type.String({
    default: '',
    description:
      'comma-separated API keys as NAME:SCOPE+SCOPE:SECRET (TENANT/NAME for a key of a tenant), besides those in the key file; scopes: enrol, verify, read, identify, review, admin'
  }),
  API_KEYS_FILE: Type.String({
    ...path,
    default: '',
    description:
      'file of salted key hashes that `npm run keys` writes, read again when it changes (default: api-keys.json in DATA_DIR, if it exists)'
  }),
  ALLOW_UNAUTHENTICATED: Type.Boolean({
    default: false,
    description: 'true lets everybody call when there are no API keys; otherwise only this machine may'
  }),
  TRUST_PROXY: Type.String({
    default: '',
    description:
      'comma-separated addresses or ranges of reverse proxies whose X-Forwarded-For is believed, `loopback` for this machine; empty: none'
  }),
  TEMPLATE_KEY: Type.String({
    default: '',
    description:
      'key that encrypts templates and kept photos at rest: 32 bytes in base64 or hex, made by `npm run keys -- template-key`; empty: stored plain'
  }),
  TEMPLATE_KEY_FILE: Type.String({ ...path, default: '', description: 'file that holds TEMPLATE_KEY' }),
  TEMPLATE_KEYS_OLD: Type.String({
    default: '',
    description: 'comma-separated earlier template keys that may still be read'
  }),
  RATE_LIMIT: Type.Integer({
    default: 1200,
    minimum: 0,
    description:
      'requests per minute of one API key from one address, all processes and instances together; 0: no limit; programs on this machine that need no key are not limited'
  }),
  FAILED_VERIFICATIONS_MAX: Type.Integer({
    default: 10,
    minimum: 0,
    description:
      'verifications of one user that may fail on face or liveness in FAILED_VERIFICATIONS_MINUTES, photos to add that do not match included, before further ones get 429, whoever sends them; 0: no limit'
  }),
  FAILED_VERIFICATIONS_MINUTES: Type.Integer({
    default: 15,
    minimum: 1,
    maximum: 1440,
    description: 'see FAILED_VERIFICATIONS_MAX'
  }),
  EXPOSE_SCORES: Type.Boolean({
    default: true,
    description:
      'false answers pass or fail only, and leaves scores out of metrics, webhooks, exports and repeated answers; keys with the scope admin still see them'
  }),
  REPLAY_CHECK: Type.Union(
    [Type.Literal('none'), Type.Literal('shots'), Type.Literal('bytes'), Type.Literal('similar'), Type.Literal('all')],
    {
      default: 'similar',
      description:
        '`shots` refuses a proof whose bytes are those of an enrolment photo, `bytes` (formerly `all`) also one that was approved for another user, `similar` rejects every photo of a picture that was approved or enrolled before, also when it was changed; programs on this machine that need no key are not refused'
    }
  ),
  SHARED_PROOFS: Type.Boolean({
    default: false,
    description: 'true lets several users prove one task with one photo, with REPLAY_CHECK=similar'
  }),
  DUPLICATE_PERSON: Type.Union([Type.Literal('off'), Type.Literal('flag'), Type.Literal('refuse')], {
    default: 'flag',
    description:
      '`flag` counts at signup the users whose face is the same, `refuse` answers with 409 when there is one, `off` looks for none'
  }),
  IDENTIFY: Type.Boolean({
    default: false,
    description:
      'true adds POST /api/identify for keys with the scope identify, which finds users by a face: identification under the law (GDPR Article 9, EU AI Act)'
  }),
  REVIEW: Type.Union([Type.Literal('off'), Type.Literal('uncertain')], {
    default: 'off',
    description:
      '`uncertain` leaves to a person what the machine cannot decide: uncertain liveness, recycled photos, possible duplicates, demonstration rules and appeals; the photo is kept until the decision, whatever KEEP_PHOTOS says'
  }),
  REVIEW_DAYS: Type.Integer({
    default: 14,
    minimum: 1,
    maximum: 365,
    description:
      'days after which a review that nobody decided is closed and its photo removed; the verdict of the machine stays'
  }),
  REVIEW_APPROVALS: Type.Integer({
    default: 1,
    minimum: 1,
    maximum: 2,
    description: 'reviewers with different keys that must approve; one rejects'
  }),
  REVIEW_WEBHOOK: Type.String({
    default: '',
    description:
      'address that decisions of reviews are posted to, signed, unless a job has a webhook of its own; its origin must be in WEBHOOK_ORIGINS; empty: none'
  }),
  REQUIRE_CONSENT: Type.Boolean({
    default: false,
    description: 'true demands the field consent, a reference to the consent of the person, at signup'
  }),
  KEEP_PHOTOS: Type.Union(
    ['none', 'enrol', 'proofs', 'all'].map(kind => Type.Literal(kind)),
    { default: 'none', description: 'photos that are stored in DATA_DIR/photos' }
  ),
  RETENTION_DAYS: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 36500,
      description: 'days after which kept photos and verification records are removed (default: never)'
    })
  ),
  IDEMPOTENCY_HOURS: Type.Integer({
    default: 24,
    minimum: 1,
    maximum: 720,
    description: 'hours that the answer to a request with the header Idempotency-Key is kept for its repetition'
  }),
  JOBS_MAX: Type.Integer({
    default: 1000,
    minimum: 0,
    description:
      'verifications with `Prefer: respond-async` that may wait in the store, photos included, and one more of each key that has none; beyond that requests get 503'
  }),
  JOB_HOURS: Type.Integer({
    default: 24,
    minimum: 1,
    maximum: 720,
    description: 'hours after which jobs and their outcomes are removed'
  }),
  WEBHOOK_SECRET: Type.String({
    default: '',
    description:
      'secret that signs webhooks, made by `npm run keys -- webhook-secret`; two, separated by a comma, while receivers change from one to the other; empty: no webhooks'
  }),
  WEBHOOK_ORIGINS: Type.String({
    default: '',
    description: 'comma-separated exact origins that webhooks may be posted to, https unless on this machine'
  }),
  WEBHOOK_ATTEMPTS: Type.Integer({
    default: 12,
    minimum: 1,
    maximum: 50,
    description: 'attempts to deliver a webhook, with pauses from 5 s that double up to an hour; 12 take 2.5 to 5 hours'
  }),
  TEST_PAGE: Type.Boolean({ default: true, description: 'false removes the page at /' }),
  MAX_CONTENT_LENGTH_MB: Type.Number({ default: 8, exclusiveMinimum: 0, description: 'largest request body, MiB' }),
  MAX_PHOTO_MB: Type.Number({ default: 8, exclusiveMinimum: 0, description: 'largest single photo, MiB' }),
  MAX_PHOTO_MEGAPIXELS: Type.Number({
    default: 50,
    exclusiveMinimum: 0,
    description: 'largest photo in megapixels, checked in the header before anything is decoded'
  }),
  DATA_DIR: Type.String({ ...path, default: 'data', minLength: 1, description: 'folder of the database' }),
  DATABASE_URL: Type.Optional(
    Type.String({
      description: 'postgres://user:password@host:port/database, for several hosts (default: SQLite in DATA_DIR)'
    })
  ),
  DATABASE_POOL_MAX: Type.Integer({
    default: 10,
    minimum: 1,
    maximum: 1000,
    description: 'most PostgreSQL connections of one process'
  }),
  MODELS_DIR: Type.String({ ...path, default: 'models', minLength: 1, description: 'folder of the model files' }),
  MODEL_MIRROR: Type.String({
    ...path,
    default: '',
    description: 'folder or http(s) address that is asked for model files before npm and their publishers'
  }),
  ACCEPT_MODEL_LICENSES: Type.String({
    default: '',
    description:
      'comma-separated packs or model ids whose non-commercial licence terms you accept; the acceptance is recorded in MODELS_DIR'
  }),
  TASKS_FILE: Type.String({
    ...path,
    default: 'config/tasks.json',
    minLength: 1,
    description: 'tasks, aliases and rules'
  }),
  WEB_CONCURRENCY: Type.Integer({
    default: 1,
    minimum: 1,
    maximum: 64,
    description: 'processes that share the port; each has its own workers and queue'
  }),
  WORKER_THREADS: Type.Integer({
    default: availableParallelism(),
    minimum: 1,
    maximum: 256,
    description:
      'worker threads of one process, each with its own model sessions (default: available cores, divided among the processes)'
  }),
  IDLE_THREADS: Type.Integer({
    default: Math.min(4, availableParallelism()),
    minimum: 1,
    maximum: 256,
    description:
      'threads with which objects are looked for while a photo is alone in the service, on a CPU; they cost the memory of one more object detector, and 1 does without (default: as many as there are workers, at most 4)'
  }),
  INTRA_OP_THREADS: Type.Integer({
    default: 1,
    minimum: 1,
    maximum: 256,
    description: 'onnxruntime threads inside one worker'
  }),
  QUEUE_MAX: Type.Integer({
    default: 64,
    minimum: 1,
    description:
      'photos that may wait or be worked on; beyond that requests get 503. One key, or without keys one address, takes at most three quarters of them'
  }),
  REQUEST_TIMEOUT: Type.Number({
    default: 30,
    exclusiveMinimum: 0,
    maximum: 3600,
    description: 'seconds after which a request that still waits or works is dropped with 503'
  }),
  UPLOAD_TIMEOUT: Type.Number({
    default: 20,
    exclusiveMinimum: 0,
    maximum: 3600,
    description: 'seconds in which a whole request must arrive; slower senders are cut off'
  }),
  JOB_TIMEOUT: Type.Number({
    default: 30,
    exclusiveMinimum: 0,
    maximum: 3600,
    description: 'seconds one model run may take before its worker is replaced'
  }),
  WORKER_HEAP_MB: Type.Integer({
    default: 512,
    minimum: 32,
    description: 'JavaScript heap of one worker, MiB; one that grows beyond is replaced'
  }),
  MEMORY_LIMIT_MB: Type.Integer({
    default: 0,
    minimum: 0,
    description:
      "resident memory of one process, MiB; beyond it the workers are replaced, one after another and between jobs (default: 85 % of the container's limit, divided among the processes; 0: none)"
  }),
  SHUTDOWN_TIMEOUT: Type.Number({
    default: 30,
    exclusiveMinimum: 0,
    maximum: 3600,
    description: 'seconds in which running requests may finish after SIGTERM'
  }),
  EXECUTION_PROVIDER: Type.Union(
    ['auto', 'cpu', 'cuda', 'webgpu', 'coreml', 'dml'].map(name => Type.Literal(name)),
    {
      default: 'auto',
      description: '`auto` takes CUDA when its libraries load, otherwise the CPU'
    }
  ),
  PRECISION: Type.Union(
    ['auto', 'fp32', 'int8'].map(name => Type.Literal(name)),
    {
      default: 'auto',
      description:
        'numbers that the object detector computes with on a CPU: `auto` measures both once on this processor and takes int8 where it is at least 1.2 times faster and every scene was measured with it; detectors without known ranges stay fp32'
    }
  ),
  INSIGHT_PACK: Type.String({ default: 'starter', minLength: 1, description: 'model pack from models/manifest.json' }),
  FACE_DETECTOR: Type.String({ default: '', description: 'model id that replaces the face detector of the pack' }),
  FACE_EMBEDDER: Type.String({ default: '', description: 'model id that replaces the face embedder of the pack' }),
  DET_W: Type.Integer({
    default: 416,
    minimum: 32,
    maximum: 4096,
    multipleOf: 32,
    description: 'width of the face detector input, for SCRFD models with a dynamic size'
  }),
  DET_H: Type.Integer({
    default: 416,
    minimum: 32,
    maximum: 4096,
    multipleOf: 32,
    description: 'height of the face detector input, for SCRFD models with a dynamic size'
  }),
  MAX_FACES: Type.Integer({
    default: 10,
    minimum: 1,
    maximum: 100,
    description: 'faces of a proof that are compared with the template, largest first'
  }),
  FACE_QUALITY_THRESHOLD: Type.Optional(
    Type.Number({
      minimum: 0,
      maximum: 1,
      description:
        'least quality of a face that is enrolled or compared; 0: every face (default: measured for the embedder, in models/manifest.json)'
    })
  ),
  EMBEDDING_THRESHOLD: Type.Optional(
    Type.Number({
      minimum: -1,
      maximum: 1,
      description:
        'least cosine similarity of the same person (default: measured for the embedder, in models/manifest.json)'
    })
  ),
  LIVENESS_ENABLED: Type.Boolean({ default: true, description: 'false skips the liveness check' }),
  LIVENESS_THRESHOLD: Type.Optional(
    Type.Number({
      minimum: 0,
      maximum: 1,
      description:
        'least probability of a live person that passes by itself (default: measured for the model or ensemble, in models/manifest.json)'
    })
  ),
  LIVENESS_UNCERTAIN: Type.String({
    default: '',
    description:
      'liveness scores that the photo alone does not decide, like `0.02..0.6`: below they fail, above they pass, between the verdict is `liveness_uncertain` until a challenge is passed; `off`: LIVENESS_THRESHOLD decides all (default: measured, in models/manifest.json, ending at LIVENESS_THRESHOLD where that is set; with LIVENESS_MODE=passive off)'
  }),
  LIVENESS_MODE: Type.Union([Type.Literal('passive'), Type.Literal('challenge'), Type.Literal('either')], {
    default: 'either',
    description:
      'what proves a live person: `passive` the photo alone, `challenge` a passed challenge with every verification, `either` the photo or, where it is not clear, a passed challenge'
  }),
  CHALLENGE_MINUTES: Type.Integer({
    default: 10,
    minimum: 1,
    maximum: 1440,
    description: 'minutes for which a passed challenge may be used by a verification'
  }),
  CHALLENGES_MAX: Type.Integer({
    default: 10,
    minimum: 0,
    description:
      'challenges of one user that may begin within CHALLENGE_MINUTES, whoever begins them; 0: no limit; programs on this machine that need no key are not limited'
  }),
  LIVENESS_MODEL_PTH: Type.String({
    default: '',
    description:
      '`ensemble`, or liveness model ids or file paths (.pth, .onnx), comma-separated, each with its crop scale if needed (`file.onnx@2.7`); the scores of several are averaged (default: the pack)'
  }),
  LIVENESS_IMG_SIZE: Type.Optional(
    Type.Integer({ minimum: 16, maximum: 1024, description: 'input side of a custom liveness model, pixels' })
  ),
  LIVENESS_NUM_CLASSES: Type.Optional(
    Type.Integer({ minimum: 2, maximum: 100, description: 'classes of a custom liveness model' })
  ),
  REAL_CLASS_INDEX: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 99,
      description: 'class that means a live person, for a custom liveness model'
    })
  ),
  LIVENESS_CROP_SCALE: Type.Optional(
    Type.Number({
      exclusiveMinimum: 0,
      maximum: 20,
      description:
        'side of the crop as a multiple of the face box, for a custom liveness model whose file name does not say it'
    })
  ),
  LIVENESS_CHANNELS: Type.Optional(
    Type.Union([Type.Literal('RGB'), Type.Literal('BGR')], {
      description: 'order of the channels of a custom liveness model'
    })
  ),
  LIVENESS_MEAN: Type.Optional(
    Type.Number({
      description: 'what is subtracted from the pixels (0 to 255) for a custom liveness model (default: 0)'
    })
  ),
  LIVENESS_STD: Type.Optional(
    Type.Number({
      exclusiveMinimum: 0,
      description: 'what the pixels (0 to 255) are divided by for a custom liveness model: 255 for an input of 0 to 1'
    })
  ),
  ENROL_LIVENESS: Type.Boolean({
    default: false,
    description:
      'true rejects enrolment photos that fail the liveness check (`not_live`); no score is uncertain there: LIVENESS_THRESHOLD, or the measured threshold, decides'
  }),
  YOLO_MODEL_PATH: Type.String({
    default: '',
    description: 'model id, or path of an object detector (.onnx, or a .pt that was converted) (default: the pack)'
  }),
  YOLO_IMGSZ: Type.Optional(
    Type.Integer({
      minimum: 32,
      maximum: 4096,
      multipleOf: 32,
      description:
        "longer side of the object detector's input, pixels (default: the model's own; 640 for one with a dynamic size)"
    })
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: Type.Optional(
    Type.String({
      description:
        'http(s) address of an OpenTelemetry collector that gets traces over OTLP/HTTP as JSON, like http://localhost:4318 (default: no traces)'
    })
  ),
  OTEL_TRACES_SAMPLER_ARG: Type.Number({
    default: 1,
    minimum: 0,
    maximum: 1,
    description: 'share of requests that are traced, for callers whose header `traceparent` does not decide it'
  }),
  DEBUG_ROUTES: Type.Boolean({ default: false, description: 'true adds /api/debug; ignored in production' })
})

export type Config = Static<typeof SettingsSchema>

export { ConfigError }

/**
 * Reads the settings from an environment.
 * @throws {ConfigError} naming every setting whose value cannot be used
 */
export function loadConfig (env: Record<string, string | undefined>): Config {
  const found: Record<string, unknown> = {}
  const problems: string[] = []
  for (const [name, schema] of Object.entries(SettingsSchema.properties)) {
    const text = env[name]?.trim()
    const value = text === undefined || text === '' ? schema.default : Value.Convert(schema, text)
    if (value === undefined) continue
    if (Value.Check(schema, value)) found[name] = 'relativeTo' in schema ? absolute(String(value)) : value
    else problems.push(`${name}=${text} is not ${expectation(schema)}`)
  }
  if (problems.length > 0) throw new ConfigError(problems.join('; '))
  const config = found as Config
  if (isUnset(env.WORKER_THREADS)) {
    config.WORKER_THREADS = Math.max(1, Math.floor(config.WORKER_THREADS / config.WEB_CONCURRENCY))
  }
  if (isUnset(env.IDLE_THREADS)) config.IDLE_THREADS = Math.min(config.IDLE_THREADS, config.WORKER_THREADS)
  if (isUnset(env.MEMORY_LIMIT_MB)) {
    config.MEMORY_LIMIT_MB = defaultMemoryLimit(process.constrainedMemory(), totalmem(), config.WEB_CONCURRENCY)
  }
  return config
}

/** An empty value and an address stay as they are. */
function absolute (path: string): string {
  return path === '' || /^https?:\/\//.test(path) ? path : fromProject(path)
}

function isUnset (text: string | undefined): boolean {
  return text === undefined || text.trim() === ''
}

/** A setting's schema in words, for messages and for the configuration table. */
export function expectation (schema: TSchema): string {
  if (Array.isArray(schema.anyOf)) return `one of ${schema.anyOf.map((option: TSchema) => option.const).join(', ')}`
  if (schema.type === 'boolean') return 'true or false'
  const bounds = [
    schema.minimum !== undefined && `at least ${schema.minimum}`,
    schema.exclusiveMinimum !== undefined && `above ${schema.exclusiveMinimum}`,
    schema.maximum !== undefined && `at most ${schema.maximum}`,
    schema.multipleOf !== undefined && `a multiple of ${schema.multipleOf}`
  ].filter(Boolean).join(', ')
  const kind = schema.type === 'integer' ? 'a whole number' : schema.type === 'number' ? 'a number' : 'a text'
  return bounds === '' ? kind : `${kind}, ${bounds}`
}
