/** Which folder may import which (docs/architecture.md tells the idea). `npm run lint` checks it. */

/** The folders of `src` from top to bottom. Code imports from its own row and the rows below; types may come from above. */
const ROWS = [
  ['doctor'],
  ['server'],
  ['routes'],
  ['plugins'],
  ['tenants'],
  ['privacy'],
  ['challenge', 'enrolment', 'identification', 'teaching', 'verification'],
  ['schemas'],
  ['access', 'audit', 'reviews'],
  ['originality', 'users', 'webhooks'],
  ['inference'],
  ['admission', 'storage'],
  ['sketches'],
  ['observability'],
  // A start converts checkpoints, so that the models need some of their tools.
  ['models', 'model-tools'],
  ['tasks'],
  ['cli'],
  ['config', 'errors']
]

const below = ROWS.map((folders, i) => ({
  name: `${folders.join('-and-')}-import-downwards`,
  comment: 'Code imports from its own row of folders and the rows below it; see ROWS.',
  severity: 'error',
  from: { path: `^src/(${folders.join('|')})/` },
  to: { path: '^src/', pathNot: `^src/(${ROWS.slice(i).flat().join('|')})/`, dependencyTypesNot: ['type-only'] }
}))

export default {
  forbidden: [
    ...below,
    {
      name: 'no-circles',
      comment: 'Two files that import each other are one file, or need a third.',
      severity: 'error',
      from: {},
      to: { circular: true }
    },
    {
      name: 'every-folder-has-a-row',
      comment: 'A new folder of src gets a row in ROWS.',
      severity: 'error',
      from: {},
      to: { path: '^src/', pathNot: `^src/(${ROWS.flat().join('|')})/` }
    },
    {
      name: 'src-knows-only-types-of-workers',
      comment: 'Workers run in threads of their own: only types cross.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^workers/', dependencyTypesNot: ['type-only'] }
    },
    {
      name: 'workers-know-only-the-types-of-the-manifest',
      comment: 'The manifest says what a worker opens; nothing else of src reaches a worker.',
      severity: 'error',
      from: { path: '^workers/' },
      to: { path: '^src/', pathNot: '^src/models/manifest\\.ts$' }
    },
    {
      name: 'no-code-of-src-in-workers',
      comment: 'Only types cross between src and workers.',
      severity: 'error',
      from: { path: '^workers/' },
      to: { path: '^src/', dependencyTypesNot: ['type-only'] }
    },
    {
      name: 'onnx-stands-alone',
      comment: 'src and workers both read ONNX files with it, so that it knows neither.',
      severity: 'error',
      from: { path: '^onnx/' },
      to: { pathNot: '^onnx/' }
    },
    {
      name: 'no-scripts-in-src',
      comment: 'Scripts use the service, not the other way round; every command begins with the check of the Node.js version.',
      severity: 'error',
      from: { path: '^(src|workers)/' },
      to: { path: '^(scripts|bench|test)/', pathNot: '^scripts/node-version\\.js$' }
    }
  ],
  options: { tsPreCompilationDeps: true, doNotFollow: { path: 'node_modules' } }
}
