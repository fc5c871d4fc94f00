import t from 'tap'
import { build } from '../helpers/app.ts'
import { writeExamplePhotos } from '../helpers/example-photos.ts'
import { noRunner, runSnippet, snippetsThatCall } from '../helpers/snippets.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

/** Every document whose examples call the service, and how many do. */
const documents: Record<string, number> = { 'README.md': 3, 'docs/clients.md': 7, 'clients/typescript/README.md': 1 }

for (const [path, count] of Object.entries(documents)) {
  t.test(`the examples of ${path} do what they say`, async t => {
    const { app } = await build(t)
    const address = await app.listen({ host: '127.0.0.1', port: 0 })
    const folder = temporaryFolder(t)
    await writeExamplePhotos(folder, ['one.jpg', 'two.jpg', 'proof.jpg'])

    const snippets = await snippetsThatCall(path)
    t.equal(snippets.length, count)
    for (const snippet of snippets) {
      await t.test(snippet.where, { skip: noRunner(snippet.language) }, async t => {
        const output = await runSnippet(snippet, folder, address)
        t.notMatch(output, /"status":"error"/)
        if (snippet.code.includes('verify')) t.match(output, /approved/)
        else t.match(output, /User enrolled|"total":|deleted/)
      })
    }
  })
}
