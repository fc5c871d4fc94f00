import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t from 'tap'
import { databaseName } from '../../../src/storage/sqlite/index.ts'
import { temporaryFolder } from '../../helpers/temporary-folder.ts'
import { testDeferredContract } from '../deferred-contract.ts'

testDeferredContract(t, async t => {
  const DATA_DIR = temporaryFolder(t)
  const ask = (sql: string) => {
    const db = new DatabaseSync(join(DATA_DIR, databaseName))
    try {
      return db.prepare(sql).all()
    } finally {
      db.close()
    }
  }
  return {
    env: { DATA_DIR },
    async queued () {
      const rows = ask('SELECT id, due_at FROM queue ORDER BY place') as { id: string, due_at: number }[]
      return rows.map(({ id, due_at: dueAt }) => ({ id, dueIn: (dueAt - Date.now()) / 1000 }))
    },
    async pass () {
      ask('UPDATE queue SET due_at = 0')
    },
    // There is no server: the next process opens the file.
    restart: async () => {}
  }
})
