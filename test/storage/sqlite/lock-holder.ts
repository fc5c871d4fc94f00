/**
 * Another process on the SQLite file: `lock FILE` holds the write lock, `snapshot FILE` an open read transaction. It
 * writes the line `held` and goes on until it is killed.
 */
import { DatabaseSync } from 'node:sqlite'

const [what, file] = process.argv.slice(2)
const db = new DatabaseSync(file!)
db.exec(what === 'lock' ? 'BEGIN IMMEDIATE' : 'BEGIN')
db.prepare('SELECT count(*) FROM users').get()
console.log('held')
setInterval(() => db.isOpen, 60_000)
