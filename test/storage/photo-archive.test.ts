import { existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openStore } from '../../src/storage/index.ts'
import { openPhotoArchive } from '../../src/storage/photo-archive.ts'
import { newTemplateKey, openSealer } from '../../src/storage/sealing.ts'
import { loadConfig } from '../../src/config/config.ts'
import type { Store } from '../../src/storage/store.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'
import { deletion, enrolmentOf } from './samples.ts'

/** A store and an archive with one photo of each user, not encrypted, and the archive of a key to come. */
async function archived (t: Test, users: string[], change: (store: Store) => Store = store => store) {
  const folder = temporaryFolder(t)
  const config = loadConfig({ DATA_DIR: folder, KEEP_PHOTOS: 'all' })
  const store = await openStore(config)
  t.teardown(() => store.close())
  const fail = (error: unknown): never => { throw error }
  const archive = openPhotoArchive(config, store, openSealer(config), fail)
  for (const username of users) {
    await store.saveUser(username, () => enrolmentOf(username))
    await archive.keep('proof', [
      { username, sha256: 'e'.repeat(64), bytes: Buffer.from(`photo of ${username}`), verification: null }
    ])
  }
  const sealer = openSealer(
    { TEMPLATE_KEY: newTemplateKey(), TEMPLATE_KEY_FILE: '', TEMPLATE_KEYS_OLD: '' },
    { acceptPlain: true }
  )
  const photos = join(folder, 'photos')
  return {
    store,
    archive,
    next: openPhotoArchive(config, change(store), sealer, fail),
    photos,
    files: () => readdirSync(photos)
  }
}

t.test('photos of a user who is erased while they are encrypted anew do not come back', async t => {
  const users = ['ana', 'ben', 'cem', 'dan']
  let looks = 0
  const { store, archive, next, photos, files } = await archived(t, users, store => ({
    ...store,
    async knownPhotos (names) {
      const known = await store.knownPhotos(names)
      // The first look comes between the read of a photo and the write of its new file.
      if (looks++ === 0) await eraseOwnerOf(names[0]!)
      return known
    }
  }))
  const ownerOf = async (name: string): Promise<string> => {
    for (const username of users) if (await store.findPhoto(username, name) !== null) return username
    throw new Error(`nobody has the photo ${name}`)
  }
  let erased = ''
  const eraseOwnerOf = async (name: string): Promise<void> => {
    erased = name
    const deleted = await store.deleteUser(await ownerOf(name), deletion)
    await archive.remove(deleted!.photos)
  }
  t.equal(await next.reseal(), users.length - 1)
  t.notOk(existsSync(join(photos, erased)))
  t.equal(files().length, users.length - 1, 'and nothing else is left')
  for (const name of files()) t.match(Buffer.from(await next.read(name)).toString(), /^photo of /)
})

t.test('a photo that is gone when its turn comes is passed over', async t => {
  const gone: string[] = []
  const { archive, next, files } = await archived(t, ['ana', 'ben', 'cem'], store => ({
    ...store,
    async knownPhotos (names) {
      if (gone.length === 0) {
        gone.push(...files().filter(name => !names.includes(name) && !name.endsWith('.part')))
        await archive.remove(gone)
      }
      return store.knownPhotos(names)
    }
  }))
  t.equal(await next.reseal(), 1)
  t.equal(files().length, 1)
})

t.test('the sweep removes what a process left that ended while it encrypted anew', async t => {
  const { archive, photos, files } = await archived(t, ['ana'])
  const [name] = files()
  const hours = (count: number) => Date.now() / 1000 - count * 3600
  for (const [part, age] of [[`${name}.part`, 2], [`${'f'.repeat(32)}.part`, 0]] as const) {
    writeFileSync(join(photos, part), 'half')
    utimesSync(join(photos, part), hours(age), hours(age))
  }
  writeFileSync(join(photos, 'note.txt.part'), 'somebody else\'s')
  utimesSync(join(photos, 'note.txt.part'), hours(2), hours(2))
  t.equal(await archive.sweep(), 1)
  t.same(files().sort(), [name, `${'f'.repeat(32)}.part`, 'note.txt.part'].sort(), 'the old one, and no other')
})
