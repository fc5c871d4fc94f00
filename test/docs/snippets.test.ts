import t from 'tap'
import { build, signup } from '../helpers/app.ts'
import { writeExamplePhotos } from '../helpers/example-photos.ts'
import { portrait } from '../helpers/photos.ts'
import { noRunner, runSnippet, snippetsThatCall } from '../helpers/snippets.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

/** Every document whose examples call the service, and how many do. */
const documents: Record<string, number> = {
  'README.md': 3,
  'docs/clients.md': 8,
  'clients/typescript/README.md': 1,
  'docs/troubleshooting.md': 6
}

/** What a snippet prints, by the last call in it. */
const expectations: [call: string, output: RegExp][] = [
  ['verify', /approved/],
  ['signup', /User enrolled/],
  ['DELETE', /deleted/],
  ['users?', /"total":1/],
  ['users/anna', /"reenrolRequired":false/],
  ['evidence', /"similarities":/],
  ['ready', /"provider":"cpu"/],
  ['tasks', /"available":true/]
]

for (const [path, count] of Object.entries(documents)) {
  t.test(`the examples of ${path} do what they say`, async t => {
    const { app } = await build(t, { DEBUG_ROUTES: 'true' })
    const address = await app.listen({ host: '127.0.0.1', port: 0 })
    const folder = temporaryFolder(t)
    await writeExamplePhotos(folder, ['one.jpg', 'two.jpg', 'proof.jpg'])

    if (path === 'docs/troubleshooting.md') await signup(app, 'anna', await portrait('anna1'))
    const snippets = await snippetsThatCall(path)
    t.equal(snippets.length, count)
    for (const snippet of snippets) {
      await t.test(snippet.where, { skip: noRunner(snippet.language) }, async t => {
        const output = await runSnippet(snippet, folder, address)
        t.notMatch(output, /"status":"error"/)
        const [, expected] = expectations.find(([call]) => snippet.code.includes(call))!
        t.match(output, expected)
      })
    }
  })
}
