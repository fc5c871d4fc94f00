import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { ConvertError } from '../../../src/model-tools/convert/errors.ts'
import { defaultZipLimits, openZip } from '../../../src/model-tools/convert/zip.ts'
import { mutate, random } from '../../helpers/random.ts'
import { temporaryFolder } from '../../helpers/temporary-folder.ts'
import { writeZip } from '../../helpers/zip-writer.ts'

const hello = { name: 'a/hello.txt', data: Buffer.from('hello hello hello') }

t.test('stored and deflated entries, from bytes and from a file', async t => {
  const bytes = writeZip([
    hello,
    { name: 'a/empty', data: Buffer.alloc(0) },
    { ...hello, name: 'a/packed', deflate: true }
  ])
  const path = join(temporaryFolder(t), 'a.zip')
  writeFileSync(path, bytes)
  for (const source of [bytes, path]) {
    const archive = await openZip(source)
    t.same(archive.names, ['a/hello.txt', 'a/empty', 'a/packed'])
    t.equal(Buffer.from(await archive.read('a/hello.txt')).toString(), 'hello hello hello')
    t.equal(Buffer.from(await archive.read('a/packed')).toString(), 'hello hello hello')
    t.equal((await archive.read('a/empty')).length, 0)
    t.equal(archive.has('b'), false)
    await t.rejects(archive.read('b'), { code: 'malformed_zip' })
    archive.close()
  }
})

t.test('names that leave the archive, and repeated ones', async t => {
  for (const name of ['../../models/evil', 'a/../../evil', '/etc/passwd', 'C:/evil', 'a\\..\\evil']) {
    const opened = openZip(writeZip([{ ...hello, name }]))
    // Backslashes are turned into slashes before the check, as Windows tools write them.
    await t.rejects(opened, { code: 'malformed_zip' }, name)
  }
  await t.rejects(openZip(writeZip([hello, hello])), { code: 'malformed_zip', message: /two entries/ })
})

t.test('bombs', async t => {
  const zeros = Buffer.alloc(2 << 20)
  await t.rejects(
    openZip(writeZip([{ name: 'bomb', data: zeros, deflate: true }])),
    { code: 'too_large', message: /"bomb"/ },
    'shrunk a thousand times'
  )
  await t.rejects(
    openZip(writeZip([hello]), { ...defaultZipLimits, entryBytes: 16 }),
    { code: 'too_large' },
    'a large entry'
  )
  await t.rejects(
    openZip(writeZip([hello, { ...hello, name: 'b' }]), { ...defaultZipLimits, totalBytes: 20 }),
    { code: 'too_large' },
    'a large archive'
  )
  await t.rejects(
    openZip(writeZip([hello, { ...hello, name: 'b' }]), { ...defaultZipLimits, entries: 1 }),
    { code: 'too_large' },
    'many entries'
  )

  const lying = await openZip(writeZip([{ name: 'lie', data: zeros, deflate: true, claimedSize: 1000 }]))
  await t.rejects(lying.read('lie'), { code: 'malformed_zip' }, 'more bytes than it claims')
  lying.close()
})

t.test('damage', async t => {
  const whole = writeZip([hello])
  for (const length of [0, 10, 30, whole.length - 30, whole.length - 1]) {
    await t.rejects(openZip(whole.subarray(0, length)), { code: 'malformed_zip' }, `cut to ${length} bytes`)
  }
  const changed = Buffer.from(whole)
  changed[whole.indexOf('hello h')] = 0x48
  const archive = await openZip(changed)
  await t.rejects(archive.read('a/hello.txt'), { message: /checksum/ }, 'a changed byte')
  archive.close()
  await t.rejects(openZip('/nonexistent.zip'), { code: 'malformed_zip' })
})

t.test('mutated archives give the bytes, or a ConvertError', async t => {
  const next = random(3)
  const source = writeZip([
    hello,
    { ...hello, name: 'a/packed', deflate: true },
    { name: 'a/data.pkl', data: Buffer.from([0x80, 2, 0x4e, 0x2e]) }
  ])
  const outcomes = { read: 0, refused: 0 }
  for (let i = 0; i < 3000; i++) {
    const input = mutate(source, next)
    let archive
    try {
      archive = await openZip(input)
      for (const name of archive.names) await archive.read(name)
      outcomes.read++
    } catch (error) {
      if (!(error instanceof ConvertError)) t.fail(`${input.toString('base64')}: ${(error as Error).stack}`)
      outcomes.refused++
    } finally {
      archive?.close()
    }
  }
  t.ok(outcomes.refused > 1000 && outcomes.read > 10, JSON.stringify(outcomes))
})
