import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { parseCsv } from '../../../src/teaching/csv.ts'
import { parsePairs, parseYoloLabels, readPhotoSet } from '../../../scripts/evaluate/photo-set.ts'

t.test('pairs of LFW', async t => {
  t.strictSame(parsePairs('1\r\nAnna\t1\t12\r\nAnna\t3\tBerta\t4\r\n'), [
    { a: 'Anna/Anna_0001.jpg', b: 'Anna/Anna_0012.jpg', same: true },
    { a: 'Anna/Anna_0003.jpg', b: 'Berta/Berta_0004.jpg', same: false }
  ])
})

t.test('comma-separated values with quotes, commas and empty fields', async t => {
  t.strictSame(parseCsv('file,label,note\na.jpg,,"one, ""two"""\n\nb.jpg,print,x\n'), [
    { file: 'a.jpg', label: '', note: 'one, "two"' },
    { file: 'b.jpg', label: 'print', note: 'x' }
  ])
  t.strictSame(parseCsv(''), [])
})

t.test('YOLO labels are centres and sizes', async t => {
  t.strictSame(parseYoloLabels('1 0.5 0.5 0.5 0.25\n7 0.5 0.5 1 1\n', ['cat', 'dog']), [
    { label: 'dog', box: [0.25, 0.375, 0.75, 0.625] },
    { label: 'class 7', box: [0, 0, 1, 1] }
  ])
  t.strictSame(parseYoloLabels('', []), [])
})

t.test('a folder may hold only some of the parts', async t => {
  const dir = t.testdir()
  t.match(await readPhotoSet(dir), { lfw: [], pairs: [], people: [], spoof: [], tasks: [], coco: [] })
  await mkdir(join(dir, 'spoof'))
  await writeFile(
    join(dir, 'spoof/labels.csv'),
    'file,label,attack_type,real_kind\nfake/a.jpg,fake,print,\nreal/b.jpg,real,,camera\n'
  )
  t.strictSame((await readPhotoSet(dir)).spoof, [
    { file: join(dir, 'spoof/fake/a.jpg'), live: false, label: 'print', camera: 'other' },
    { file: join(dir, 'spoof/real/b.jpg'), live: true, label: 'camera', camera: 'other' }
  ])
})
