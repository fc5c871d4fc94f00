import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t from 'tap'
import { databaseName, openSqlite } from '../../../src/storage/sqlite/index.ts'
import { listSql } from '../../../src/storage/sqlite/verifications.ts'
import { temporaryFolder } from '../../helpers/temporary-folder.ts'

t.test('lists are read in the order of an index, from where the page begins', async t => {
  const folder = temporaryFolder(t)
  await (await openSqlite(folder)).close()
  const db = new DatabaseSync(join(folder, databaseName))
  t.teardown(() => db.close())
  for (const [parts, index] of [
    [[], /^SCAN verifications USING INDEX verifications_created_at$/],
    [['createdAt', 'id'], /^SEARCH verifications USING INDEX verifications_created_at \(/],
    [['from', 'to'], /^SEARCH verifications USING INDEX verifications_created_at \(created_at>\? AND created_at<\?\)$/],
    [['username'], /^SEARCH verifications USING INDEX verifications_username \(username=\?\)$/],
    [['username', 'task', 'status'], /^SEARCH verifications USING INDEX verifications_username \(username=\?\)$/],
    [['username', 'createdAt', 'id'], /^SEARCH verifications USING INDEX verifications_username \(username=\? AND /]
  ] as [string[], RegExp][]) {
    const plan = db.prepare(`EXPLAIN QUERY PLAN ${listSql(parts)}`).all()
    t.match(plan.map(({ detail }) => detail), [index], parts.join(' '))
    t.equal(plan.length, 1, 'nothing is sorted')
  }
})
