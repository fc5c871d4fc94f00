import neostandard from 'neostandard'

/** Each heavy library has one importer, so that it can be swapped or faked. */
const owned = {
  'onnxruntime-node': ['workers/session.ts'],
  sharp: ['workers/decode-photo.ts', 'test/helpers/photos.ts', 'scripts/demo.ts', 'scripts/draw-verdict.ts'],
  piscina: ['src/inference/worker-threads.ts'],
  'node:sqlite': ['src/storage/sqlite/**/*.ts', 'test/storage/sqlite/**/*.ts', 'test/audit/audit-cli.test.ts'],
  pg: ['src/storage/postgres/*.ts', 'test/storage/postgres/*.ts'],
  'pg-boss': ['src/storage/postgres/*.ts'],
  '@prometheus-io/client': ['src/observability/metrics.ts', 'src/observability/metrics/*.ts'],
  '@opentelemetry/api': ['src/observability/tracing.ts'],
  '@opentelemetry/core': ['src/observability/tracing.ts'],
  '@opentelemetry/exporter-trace-otlp-http': ['src/observability/tracing.ts'],
  '@opentelemetry/resources': ['src/observability/tracing.ts'],
  '@opentelemetry/sdk-trace': ['src/observability/tracing.ts'],
  pacote: ['src/models/**/*.ts'],
  yauzl: ['src/model-tools/convert/zip.ts']
}

const libraryRules = Object.entries(owned).map(([name, owners]) => ({
  name, message: `only ${owners[0]} imports ${name}`
}))

function restrict (files, { patterns = [], allow = [] }) {
  return {
    files,
    rules: {
      'no-restricted-imports': ['error', {
        paths: libraryRules.filter(({ name }) => !allow.includes(name)),
        patterns
      }]
    }
  }
}

const fromWorkers = {
  regex: '^(\\.\\./)+workers/',
  allowTypeImports: true,
  message: 'only types cross between src and workers: use import type'
}
const fromSrc = { ...fromWorkers, regex: '^(\\.\\./)+src/' }
const fastify = { regex: '^(fastify|@fastify/.*)$', message: 'verification and enrolment never see Fastify' }
const outside = [
  { regex: '/(routes|plugins)/|/(server|app)\\.ts$', message: 'arrows point from app to routes to verification, never back' }
]

/** Sizes that a reader takes in at once: lines of a file, lines of a function, characters of a line. */
const FILE_LINES = 300
const FUNCTION_LINES = 80
const LINE_CHARACTERS = 120

/** The texts of the page are one file for each language. */
const longerFiles = [
  'static/strings.*.js'
]

export default [
  ...neostandard({ ts: true, ignores: ['node_modules/**', '.tap/**', 'data/**', '.cache/**', 'models/**', 'clients/typescript/src/schema.ts', 'clients/typescript/dist/**'] }),
  {
    files: ['static/**/*.js'],
    languageOptions: { globals: { createImageBitmap: false, history: false, Image: false, location: false, ResizeObserver: false, XMLHttpRequest: false } }
  },
  {
    files: ['{src,workers,onnx,scripts}/**/*.ts', 'static/**/*.js'],
    rules: { 'max-lines': ['error', FILE_LINES], 'max-lines-per-function': ['error', FUNCTION_LINES] }
  },
  { files: longerFiles, rules: { 'max-lines': 'off' } },
  {
    files: ['{src,workers,onnx,scripts,test,bench}/**/*.ts', 'static/*.js'],
    rules: {
      '@stylistic/max-len': ['error', {
        code: LINE_CHARACTERS,
        ignoreUrls: true,
        ignoreStrings: true,
        ignoreTemplateLiterals: true,
        ignoreRegExpLiterals: true
      }]
    }
  },
  restrict(['src/**/*.ts'], { patterns: [fromWorkers] }),
  restrict(['workers/**/*.ts'], { patterns: [fromSrc] }),
  restrict(['src/verification/**/*.ts', 'src/enrolment/**/*.ts', 'src/tasks/**/*.ts'], {
    patterns: [fromWorkers, fastify, ...outside, { regex: '/pool\\.ts$|/(sqlite|postgres)/', allowTypeImports: true, message: 'the services come in through arguments' }]
  }),
  restrict(['src/storage/**/*.ts', 'src/inference/**/*.ts', 'src/models/**/*.ts', 'src/model-tools/**/*.ts'], { patterns: [fromWorkers, fastify, ...outside] }),
  ...[...new Set(Object.values(owned).flat())].map(file => restrict([file], { allow: librariesOf(file), patterns: patternsOf(file) })),
  // The benchmark measures the service from outside and the libraries bare.
  restrict(['bench/**/*.ts'], { allow: Object.keys(owned) })
]

function librariesOf (file) {
  return Object.keys(owned).filter(name => owned[name].includes(file))
}

/** An owner of a library keeps the rules of its folder. */
function patternsOf (file) {
  if (file.startsWith('workers/')) return [fromSrc]
  return file.startsWith('src/') ? [fromWorkers, fastify, ...outside] : []
}
