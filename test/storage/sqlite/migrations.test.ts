import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t, { type Test } from 'tap'
import { databaseName, openSqlite } from '../../../src/storage/sqlite/index.ts'
import { migrations } from '../../../src/storage/sqlite/migrations.ts'
import { embeddingToBytes } from '../../../src/storage/subjects/users.ts'
import { contract, embeddingOf } from '../samples.ts'

/** The database of a version that had the steps before the first one that says `text`. */
function databaseBefore (t: Test, text: string): { folder: string, db: DatabaseSync } {
  const folder = t.testdir()
  mkdirSync(folder, { recursive: true })
  const db = new DatabaseSync(join(folder, databaseName))
  const steps = migrations.findIndex(step => step.includes(text))
  for (const step of migrations.slice(0, steps)) db.exec(step)
  db.exec(`PRAGMA user_version = ${steps}`)
  return { folder, db }
}

t.test('the oldest shots of users who are enrolled become their anchor', async t => {
  const { folder, db } = databaseBefore(t, 'ADD COLUMN anchor')
  const at = (day: number) => `2026-01-0${day}T00:00:00.000Z`
  const user = db.prepare(
    'INSERT INTO users (username, model, preprocessing, dimension, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)'
  )
  const shot = db.prepare(
    'INSERT INTO shots (username, position, sha256, embedding, created_at) VALUES (?, ?, ?, ?, ?)'
  )
  for (const [username, days] of [['ana', [1, 1, 2, 3]], ['ben', [4]]] as const) {
    user.run(username, contract.model, contract.preprocessing, contract.dimension, at(1), at(1))
    days.forEach((day, position) =>
      shot.run(username, position, `${position}`, embeddingToBytes(embeddingOf(`${position}`)), at(day))
    )
  }
  db.close()

  const store = await openSqlite(folder)
  t.teardown(() => store.close())
  t.same((await store.findUser('ana'))?.shots.map(({ anchor = false }) => anchor), [true, true, false, false])
  t.same((await store.findUser('ben'))?.shots.map(({ anchor = false }) => anchor), [true])
})
