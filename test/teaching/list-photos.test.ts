import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { hashPhotos, listHash, photosInFolders, photosInTable } from '../../src/teaching/list-photos.ts'

t.test('folders: each folder in them is an origin, a loose photo one of its own', async t => {
  const dir = t.testdir({
    yes: { camera: { 'a.jpg': 'a', 'b.JPEG': 'b', 'notes.txt': '' }, 'c.png': 'c' },
    no: { 'd.webp': 'd' }
  })
  const photos = await photosInFolders({ yes: [join(dir, 'yes')], no: [join(dir, 'no')], near: [] })
  t.same(
    photos.map(({ file, class: kind, origin }) =>
      [file, kind, origin].map(text => text.replace(dir, '').replaceAll('\\', '/'))
    ),
    [
      ['/yes/c.png', 'yes', '/yes/c.png'],
      ['/yes/camera/a.jpg', 'yes', '/yes/camera'],
      ['/yes/camera/b.JPEG', 'yes', '/yes/camera'],
      ['/no/d.webp', 'no', '/no/d.webp']
    ]
  )
})

t.test('folders that cannot teach', async t => {
  const dir = t.testdir({ yes: { inner: { 'a.jpg': 'a' } }, empty: { 'notes.txt': '' } })
  const [yes, inner, empty] = ['yes', 'yes/inner', 'empty'].map(name => join(dir, name)) as [string, string, string]
  await t.rejects(photosInFolders({ yes: [yes], no: [inner], near: [] }), {
    code: 'overlapping_folders',
    message: /inner lies in/
  })
  await t.rejects(photosInFolders({ yes: [yes], no: [yes], near: [] }), {
    code: 'overlapping_folders',
    message: /named twice/
  })
  await t.rejects(photosInFolders({ yes: [yes], no: [empty], near: [] }), {
    code: 'no_photos',
    message: /empty, found none.*--no/
  })
  await t.rejects(photosInFolders({ yes: [join(dir, 'none')], no: [yes], near: [] }), {
    code: 'unreadable_folder',
    message: /ENOENT/
  })
})

t.test('a table of labels', async t => {
  const dir = t.testdir({
    'labels.csv':
      'file,label,hard_negative_for,origin\na.jpg,planting,,camera\nb.jpg,negative,planting,web\nc.jpg,waste,,"one, two"\n',
    'poor.csv': 'file,label\na.jpg,x\n'
  })
  const list = await photosInTable(join(dir, 'labels.csv'), 'planting')
  t.same(
    list.map(({ file, class: kind, origin }) => [file.replace(dir, '').slice(1), kind, origin]),
    [
      ['a.jpg', 'yes', 'camera'],
      ['b.jpg', 'near', 'web'],
      ['c.jpg', 'no', 'one, two']
    ]
  )
  await t.rejects(photosInTable(join(dir, 'poor.csv'), 'planting'), {
    code: 'unreadable_table',
    message: /found no origin/
  })
  await t.rejects(photosInTable(join(dir, 'none.csv'), 'planting'), { code: 'unreadable_table' })
})

t.test('each photo teaches once, and never both ways', async t => {
  const dir = t.testdir()
  const write = (name: string, content: string) => {
    mkdirSync(dir, { recursive: true })
    writeFileSync(join(dir, name), content)
    return join(dir, name)
  }
  const [a, copy, b] = [write('a.jpg', 'same'), write('copy.jpg', 'same'), write('b.jpg', 'other')]
  const of = (file: string, kind: 'yes' | 'no' | 'near', origin = 'o') => ({ file, class: kind, origin })
  const { photos, refused } = await hashPhotos([
    of(a, 'yes'),
    of(copy, 'yes'),
    of(b, 'no'),
    of(join(dir, 'gone.jpg'), 'no')
  ])
  t.same(photos.map(({ file }) => file), [a, b])
  t.match(refused, [{ file: copy, reason: /same photo as .*a\.jpg/ }, { reason: 'cannot be read' }])
  await t.rejects(hashPhotos([of(a, 'yes'), of(copy, 'near')]), {
    code: 'contradicting_photos',
    message: /found 1 that is in both, like .*a\.jpg and .*copy\.jpg/
  })
  t.equal(listHash(photos), listHash(photos.toReversed()), 'the order does not matter')
  t.not(listHash(photos), listHash(photos.map(photo => ({ ...photo, origin: 'p' }))))
})
