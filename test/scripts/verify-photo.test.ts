import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import sharp from 'sharp'
import t from 'tap'
import { portrait, samplePhoto } from '../helpers/photos.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

interface Ended { code: number, stdout: string, stderr: string }

async function run (...args: string[]): Promise<Ended> {
  return promisify(execFile)(process.execPath, ['scripts/verify-photo.ts', ...args]).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: Ended) => ({ code, stdout, stderr })
  )
}

t.test('a photo is judged and what was seen is drawn', async t => {
  const folder = temporaryFolder(t)
  const [proof, person, picture] = ['proof.jpg', 'anna.jpg', 'verdict.png'].map(name => join(folder, name)) as [
    string,
    string,
    string
  ]
  await writeFile(proof, await samplePhoto(3))
  await writeFile(person, await portrait('anna1'))
  const { code, stdout } = await run(proof, '--task', 'feeding', '--person', person, '--out', picture)
  t.equal(code, 1, 'nobody feeds an animal')
  t.match(stdout, /^face +passed +The face matches/m)
  t.match(stdout, /^task +failed +The photo does not show/m)
  t.match(stdout, /Rejected: Task not verified\. The picture is in /)
  const drawn = await sharp(picture).metadata()
  const original = await sharp(proof).metadata()
  t.equal(drawn.format, 'png')
  t.ok(drawn.height > Math.round(original.height * drawn.width / original.width), 'the checks stand below the photo')
  const plain = await sharp(proof).resize({ width: drawn.width }).removeAlpha().raw().toBuffer()
  const top = await sharp(picture)
    .extract({ left: 0, top: 0, width: drawn.width, height: Math.floor(plain.length / 3 / drawn.width) })
    .removeAlpha()
    .raw()
    .toBuffer()
  const changed = top.filter((value, i) => Math.abs(value - plain[i]!) > 60).length
  t.ok(changed > 1000, `${changed} values differ from the photo: boxes and labels`)
})

t.test('what cannot be judged is one sentence, and draws nothing', async t => {
  const picture = join(temporaryFolder(t), 'verdict.png')
  t.match(await run('nowhere.jpg', '--task', 'waste', '--out', picture), {
    code: 2,
    stderr: /^nowhere\.jpg cannot be read \(ENOENT\)/
  })
  t.match(await run('--task', 'waste'), { code: 2, stderr: /Expected a photo and --task NAME/ })
  const text = join(temporaryFolder(t), 'notes.jpg')
  await writeFile(text, 'these are notes')
  t.match(await run(text, '--task', 'waste', '--out', picture), { code: 2, stderr: /JPEG, PNG or WebP is expected/ })
  t.notOk(existsSync(picture))
  t.match((await run('--help')).stdout, /npm run verify -- PHOTO --task NAME/)
  t.ok((await readFile('package.json', 'utf8')).includes('scripts/verify-photo.ts'))
})
