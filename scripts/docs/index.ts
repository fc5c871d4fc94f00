/**
 * `npm run docs`: writes the documents that are generated from the schemas; `--check` only says whether they are
 * current.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { runCommand } from '../../src/cli/run-command.ts'
import { clientTypes } from './client-types.ts'
import { callTable, openApiDocument } from './openapi.ts'
import { postmanCollection, postmanEnvironment } from '../postman/collection.ts'
import { envExample, settingsTable } from './settings.ts'
import { errorSections, failureSections, rejectionSections } from './errors.ts'
import { modelTable, packTable, thresholdTable } from './manifest.ts'
import type { Manifest } from '../../src/models/manifest.ts'

const usage = 'npm run docs -- [--check]   write the generated documents; --check only says whether they are current'

let check = false
let stale = false

/** Puts `text` between the markers of a section in a Markdown file. */
async function fillSection (path: string, section: string, text: string): Promise<void> {
  const [start, end] = [`<!-- ${section} -->`, `<!-- /${section} -->`]
  const content = await readFile(path, 'utf8')
  const from = content.indexOf(start)
  const to = content.indexOf(end)
  if (from < 0 || to < from) throw new Error(`${path} has no section ${start} ... ${end}`)
  await writeDocument(path, `${content.slice(0, from + start.length)}\n${text}\n${content.slice(to)}`)
}

async function writeJson (path: string, content: object): Promise<void> {
  await writeDocument(path, `${JSON.stringify(content, null, 2)}\n`)
}

async function writeDocument (path: string, text: string): Promise<void> {
  if (await readFile(path, 'utf8').catch(() => '') === text) return
  stale = true
  if (!check) await writeFile(path, text)
  console.log(`${path} ${check ? 'is out of date: run npm run docs' : 'written'}`)
}

await runCommand({ usage, options: { check: { type: 'boolean' } } }, async ({ values }) => {
  check = values.check === true
  await writeDocument('.env.example', envExample())
  await fillSection('docs/configuration.md', 'settings', settingsTable())
  await fillSection('docs/errors.md', 'errors', errorSections())
  await fillSection('docs/errors.md', 'rejections', rejectionSections())
  await fillSection('docs/errors.md', 'failures', failureSections())
  const manifest = JSON.parse(await readFile('models/manifest.json', 'utf8')) as Manifest
  await fillSection('models/README.md', 'packs', packTable(manifest))
  await fillSection('models/README.md', 'models', modelTable(manifest))
  await fillSection('models/README.md', 'thresholds', thresholdTable(manifest))
  const openApi = await openApiDocument()
  await writeJson('docs/openapi.json', openApi)
  await fillSection('README.md', 'calls', callTable(openApi))
  await writeDocument('clients/typescript/src/schema.ts', await clientTypes(openApi))
  await writeJson('docs/postman/collection.json', postmanCollection(openApi))
  await writeJson('docs/postman/environment.json', postmanEnvironment())
  return check && stale ? 1 : 0
})
