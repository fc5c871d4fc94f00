/** The glossary of docs/architecture.md is the law: exported names use its words. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'

/** Names that the glossary forbids, by the word to use; `of`: the files that it forbids them in, all when absent. */
const forbidden: [name: RegExp, instead: string, of?: RegExp][] = [
  [/^(Jobs|JobName|.*Job)$/, 'InferenceCall, DeferredVerification, or what the object really is'],
  [/[sS]cene/, 'Surroundings', /^(workers|src\/challenge)\//],
  [/Bitmap/, 'Frame'],
  [/Descriptor|FaceVector/, 'Embedding'],
  [/Profile/, 'Template'],
  [/Observation/, 'Evidence'],
  [/Validator/, 'Check'],
  [/Classifier/, 'Scene'],
  [/Moderation/, 'Review'],
  [/Uniqueness/, 'Originality'],
  [/Bundle/, 'Pack'],
  [/[fF]ingerprint/, 'Sketch of a face or photo, FileHash of a file'],
  [/^(Claimed\w+|claim(Deferred|Webhooks|InTurn)\w*|AnswerClaim|ClaimResult|JobRow|JobEnd|JobStore)$/, 'DeferredVerification, IdempotencyLock or Lease'],
  [/^Inference$/, 'InferencePool or OpenedModels'],
  [/InForce$/, 'active'],
  [/^(giveBack|lend|mend|bring|takeOver)[A-Z]?/, 'release, fix, download, replace'],
  [/Place$/, 'Admission or slot']
]

async function exportedNames (): Promise<{ file: string, name: string }[]> {
  const folders = ['src', 'workers', 'onnx']
  const files = (
    await Promise.all(
      folders.map(async folder =>
        (await readdir(folder, { recursive: true }))
          .filter(file => file.endsWith('.ts'))
          .map(file => join(folder, file))
      )
    )
  ).flat()
  const found = await Promise.all(files.map(async file => {
    const text = await readFile(file, 'utf8')
    return [...text.matchAll(/^export (?:async )?(?:function|const|class|interface|type) (\w+)/gm)].map(([, name]) => ({
      file,
      name: name!
    }))
  }))
  return found.flat()
}

t.test('exported names use the words of the glossary', async t => {
  const names = await exportedNames()
  t.ok(names.length > 300, 'the names were found')
  t.same(
    names.flatMap(({ file, name }) =>
      forbidden.filter(([pattern, , of = /./]) => of.test(file) && pattern.test(name)).map(([, instead]) => `${file}: ${name}, say ${instead}`)
    ),
    []
  )
})

t.test('no two exported interfaces or classes of one name stand for different things', async t => {
  const owners = Map.groupBy(await exportedNames(), ({ name }) => name)
  t.same(owners.get('Inference'), undefined)
  const verifyFiles = (await readdir('src', { recursive: true })).filter(file => /(^|\/)verify\.ts$/.test(file))
  t.ok(verifyFiles.length <= 1, 'one file called verify.ts: the route')
})

t.test('every folder of src is explained', async t => {
  const architecture = await readFile('docs/architecture.md', 'utf8')
  const folders = (await readdir('src', { withFileTypes: true }))
    .filter(entry => entry.isDirectory())
    .map(({ name }) => name)
  t.same(folders.filter(name => !architecture.includes(`\`src/${name}\``)), [])
})
