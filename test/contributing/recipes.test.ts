/** Each recipe of CONTRIBUTING.md, carried out. A recipe that misses a file shows in the type check or in its proof. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { send } from '../helpers/app.ts'
import { launch, noBrowser } from '../helpers/browser.ts'
import { buildLight, seeing } from '../helpers/light-app.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'
import { cook, prove, typeErrors } from './recipe.ts'

t.test('add a check', async t => {
  const copy = await cook(t, {
    files: {
      'src/verification/checks/crowd.ts': `import type { CrowdOutcome } from '../../schemas/verdict.ts'
import type { Evidence } from '../evidence.ts'

const MAX_PEOPLE = 3

/** Is it a photo of few people? In a crowd it is hard to say who did the task. */
export function checkCrowd ({ faces }: Evidence): CrowdOutcome {
  const known = { score: faces.length, threshold: MAX_PEOPLE }
  return faces.length <= MAX_PEOPLE
    ? { ...known, outcome: 'passed', message: \`\${faces.length} people are in the photo.\` }
    : { ...known, outcome: 'failed', reason: 'crowd', message: \`\${faces.length} people are in the photo; at most \${MAX_PEOPLE} may be.\` }
}
`,
      'test/verification/checks/crowd.test.ts': `import t from 'tap'
import { failures } from '../../../src/verification/checks/index.ts'
import { send } from '../../helpers/app.ts'
import { buildLight, seeing } from '../../helpers/light-app.ts'

t.test('a crowd is rejected, over HTTP and with a documented answer', async t => {
  const people = (count: number) => seeing({ faces: Array.from({ length: count }, () => seeing().faces[0]!) })
  const { app } = await buildLight(t, {}, bytes => people(bytes[0]!))
  await send(app, '/api/signup', [['username', 'ana'], ['image', { bytes: Buffer.from([1]) }]])
  const verdict = async (count: number) => (await send(app, '/api/verify', [['username', 'ana'], ['task', 'waste'], ['file', { bytes: Buffer.from([count, 0]) }]])).json()
  t.match(await verdict(3), { status: 'approved', checks: { crowd: { outcome: 'passed' } } })
  const rejected = await verdict(4)
  t.match(rejected, { status: 'rejected', reason: 'Too many people', reasons: ['crowd'], checks: { crowd: { outcome: 'failed' } } })
  t.same(failures(rejected.checks), ['crowd'])
})
`
    },
    edits: [
      ['src/schemas/verdict.ts', "'recycled_photo'\n]", "'recycled_photo', 'crowd'\n]"],
      [
        'src/schemas/verdict.ts',
        'originality: OriginalityOutcomeSchema\n})',
        'originality: OriginalityOutcomeSchema, crowd: CrowdOutcomeSchema\n})'
      ],
      [
        'src/schemas/verdict.ts',
        'export const ChecksSchema',
        'export const CrowdOutcomeSchema = Type.Object(outcome)\n\nexport const ChecksSchema'
      ],
      ['src/schemas/verdict.ts', "'Photo used before'\n", "'Photo used before',\n      'Too many people'\n"],
      [
        'src/schemas/verdict.ts',
        'export type Checks =',
        'export type CrowdOutcome = Static<typeof CrowdOutcomeSchema>\nexport type Checks ='
      ],
      [
        'src/verification/checks/index.ts',
        'import { checkFace }',
        "import { checkCrowd } from './crowd.ts'\nimport { checkFace }"
      ],
      [
        'src/verification/checks/index.ts',
        '    originality: checkOriginality(',
        '    crowd: checkCrowd(evidence),\n    originality: checkOriginality('
      ],
      ['src/verification/checks/index.ts', 'checks.originality]', 'checks.originality, checks.crowd]'],
      [
        'src/verification/checks/index.ts',
        "recycled_photo: 'Photo used before'",
        "recycled_photo: 'Photo used before',\n  crowd: 'Too many people'"
      ],
      ['src/verification/without-scores.ts', 'originality }: Checks)', 'originality, crowd }: Checks)'],
      [
        'src/verification/without-scores.ts',
        'originality: bare(originality)',
        'originality: bare(originality),\n    crowd: bare(crowd)'
      ],
      [
        'src/verification/without-scores.ts',
        "task_not_shown: 'The",
        "crowd: 'Too many people are in the photo.',\n  task_not_shown: 'The"
      ],
      [
        'src/errors/rejection-guide.ts',
        'export const failureGuide: Record<FailureReason, Guide> = {',
        "export const failureGuide: Record<FailureReason, Guide> = {\n  crowd: { cause: 'More than three people are in the photo.', remedy: 'Take the photo with fewer people.' },"
      ],
      ...['en', 'ar', 'de', 'es', 'fr', 'hi'].map((code): [string, string, string] => [
        `static/strings.${code}.js`,
        '    next: {\n',
        "    next: {\n      crowd: 'Take the photo with fewer people.',\n"
      ])
    ]
  })
  t.same(await typeErrors(copy), [])
  await t.resolves(prove(copy, 'test/verification/checks/crowd.test.ts'))
  await t.resolves(prove(copy, 'test/static/strings.test.ts'))
})

t.test('add a detector format and a store', async t => {
  const copy = await cook(t, {
    files: {
      'workers/formats/corners.ts': `/** A detector with one output [1, N, 4 + classes]: x1, y1, x2, y2 and the probability of each class. */
import { letterboxCentre } from '../letterbox.ts'
import type { Output } from '../session.ts'
import { type ObjectFormat, wrongShape } from './format.ts'

export const corners: ObjectFormat = {
  place: letterboxCentre,
  decode (outputs, _canvas, threshold) {
    const { data, width } = read(outputs)
    return Array.from({ length: data.length / width }, (_, row) => data.subarray(row * width, (row + 1) * width)).map(row => {
      const scores = row.subarray(4)
      const classIndex = scores.indexOf(Math.max(...scores))
      return { score: scores[classIndex]!, classIndex, box: [row[0]!, row[1]!, row[2]!, row[3]!] as [number, number, number, number] }
    }).filter(({ score }) => score >= threshold)
  },
  countClasses: outputs => read(outputs).width - 4
}

function read (outputs: Output[]): { data: Float32Array, width: number } {
  const [batch, , width = 0] = outputs[0]?.shape ?? []
  if (outputs.length !== 1 || batch !== 1 || width < 5) throw wrongShape('corners', 'one of [1, N, 4 + classes]', outputs)
  return { data: outputs[0]!.data, width }
}
`,
      'test/workers/corners.test.ts': `import t from 'tap'
import { objectFormats } from '../../workers/formats/index.ts'

t.test('corners', async t => {
  const output = { name: 'out', shape: [1, 2, 6], data: Float32Array.from([1, 2, 3, 4, 0.25, 0.75, 5, 6, 7, 8, 0, 0.125]) }
  t.same(objectFormats.corners.decode([output], { width: 64, height: 64 }, 0.5), [{ score: 0.75, classIndex: 1, box: [1, 2, 3, 4] }])
  t.equal(objectFormats.corners.countClasses([output]), 2)
  t.throws(() => objectFormats.corners.decode([], { width: 64, height: 64 }, 0.5), { code: 'model_refused' })
})
`,
      'src/storage/sqlite-file.ts': `/** SQLite in a folder that DATABASE_URL names: sqlite:///path/to/folder. */
import type { Sealer } from './sealing.ts'
import { openSqlite } from './sqlite/index.ts'
import type { Store } from './store.ts'

export async function openSqliteUrl (url: string, sealer: Sealer): Promise<Store> {
  return { ...await openSqlite(decodeURIComponent(new URL(url).pathname), sealer), kind: 'sqlite' }
}
`,
      'test/storage/sqlite-file.test.ts': `import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t, { type Test } from 'tap'
import { databaseName } from '../../src/storage/sqlite/index.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'
import { type Database, testStoreContract } from './contract.ts'

async function create (t: Test): Promise<Database> {
  const folder = temporaryFolder(t)
  return {
    env: { DATABASE_URL: \`sqlite://\${folder}\` },
    async verifications () {
      const db = new DatabaseSync(join(folder, databaseName))
      const rows = db.prepare('SELECT * FROM verifications ORDER BY id').all()
      db.close()
      return rows.map(row => ({ ...row }))
    },
    async swapTemplates (one, other) {
      const db = new DatabaseSync(join(folder, databaseName))
      db.exec(\`UPDATE shots SET username = CASE username WHEN '\${one}' THEN '\${other}' ELSE '\${one}' END, position = position + iif(username = '\${one}', 100, 200)\`)
      db.close()
    }
  }
}

t.test('contract', async t => testStoreContract(t, create))
`
    },
    edits: [
      [
        'workers/formats/index.ts',
        'import { endToEnd }',
        "import { corners } from './corners.ts'\nimport { endToEnd }"
      ],
      ['workers/formats/index.ts', 'yolox,\n', 'yolox,\n  corners,\n'],
      ['src/models/manifest.ts', "Type.Literal('yolox'),\n", "Type.Literal('yolox'),\n      Type.Literal('corners'),\n"],
      [
        'src/storage/index.ts',
        '  // The value stays',
        "  if (DATABASE_URL.startsWith('sqlite:')) return opened(await (await import('./sqlite-file.ts')).openSqliteUrl(DATABASE_URL, sealer))\n  // The value stays"
      ]
    ]
  })
  t.same(await typeErrors(copy), [])
  await t.resolves(prove(copy, 'test/workers/corners.test.ts'))
  await t.resolves(prove(copy, 'test/storage/sqlite-file.test.ts'))
})

t.test('add a task', async t => {
  const { tasks } = JSON.parse(await readFile('config/tasks.json', 'utf8'))
  const file = join(temporaryFolder(t), 'tasks.json')
  await writeFile(
    file,
    JSON.stringify({
      tasks: [
        ...tasks,
        {
          name: 'cycling',
          title: 'Cycling',
          aliases: ['bike ride'],
          rules: [
            {
              id: 'person-with-cup',
              description: 'A person with a cup',
              allOf: ['person', 'cup'],
              minScore: 0.25,
              subject: ['person']
            }
          ]
        }
      ]
    })
  )
  const { app } = await buildLight(t, { TASKS_FILE: file }, () => seeing())
  t.match((await app.inject('/api/tasks')).json().tasks.at(-1), { name: 'cycling', available: true })
  await send(app, '/api/signup', [['username', 'ana'], ['image', { bytes: Buffer.from('one') }]])
  const verdict = await send(app, '/api/verify', [
    ['username', 'ana'],
    ['task', 'Bike-Ride'],
    ['file', { bytes: Buffer.from('two') }]
  ])
  t.match(verdict.json(), { status: 'approved', task: 'cycling' })
})

t.test('add a language', { skip: noBrowser }, async t => {
  const { app } = await buildLight(t)
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  const page = await (await launch(t)).newPage()
  const english = await readFile('static/strings.en.js', 'utf8')
  // A whole language: every text between brackets.
  await page.route('**/strings.xx.js', route =>
    route.fulfill({
      contentType: 'text/javascript',
      body: `${english.replace('export default', 'const english =')}\nconst bracketed = texts => Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, typeof text === 'string' ? '[' + text + ']' : Array.isArray(text) ? text : bracketed(text)]))\nexport default bracketed(english)`
    })
  )
  await page.goto(`${address}/?lang=xx`)
  await page.locator('#start-up').waitFor({ state: 'detached' })
  t.equal(await page.locator('html').getAttribute('lang'), 'xx')
  const untranslated = await page.evaluate<string[]>(
    '[...document.querySelectorAll("[data-text]")].map(node => node.textContent).filter(text => !text.startsWith("["))'
  )
  t.same(untranslated, [])
})
