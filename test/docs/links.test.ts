import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { execFileSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import t from 'tap'

/** Anchors as GitHub makes them from headings, and explicit ones. */
function anchorsOf (markdown: string): Set<string> {
  const headings = [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-')
  )
  const explicit = [...markdown.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id!)
  return new Set([...headings, ...explicit])
}

t.test('links between the documents lead somewhere', async t => {
  const documents = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
    encoding: 'utf8'
  })
    .split('\n')
    .filter(Boolean)
  t.ok(documents.includes('README.md'))
  for (const document of documents) {
    const text = (await readFile(document, 'utf8')).replace(/^```.*?^```$/gms, '')
    for (const [, link] of text.matchAll(/(?:\]\(|<img src=")([^)"\s]+)[)"]/g)) {
      if (/^\w+:/.test(link!)) continue
      const [path = '', anchor] = link!.split('#')
      const target = path === '' ? document : join(dirname(document), path)
      if (!existsSync(target)) t.fail(`${document}: there is no ${target}`)
      else if (anchor !== undefined && !anchorsOf(await readFile(target, 'utf8')).has(anchor)) { t.fail(`${document}: ${target} has no heading #${anchor}`) }
    }
  }
})
