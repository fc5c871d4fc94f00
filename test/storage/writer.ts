/**
 * A second process on the store that the environment names.
 * `add USERNAME TEXT COUNT` adds shots to one user; `audit NAME '' COUNT` appends
 * audit rows; `enrol PREFIX` enrols users until it is killed. Each acknowledged
 * write is one line on stdout.
 */
import { writeSync } from 'node:fs'
import { loadConfig } from '../../src/config/config.ts'
import { openStore } from '../../src/storage/index.ts'
import { adding, enrolmentOf, entryOf } from './samples.ts'

const [command, name = '', text = '', count = '0'] = process.argv.slice(2)
const store = await openStore(loadConfig(process.env))

if (command === 'add') {
  for (let i = 0; i < Number(count); i++) {
    const shot = `${text} ${i}`
    await store.saveUser(name, adding(shot))
    writeSync(1, `${shot}\n`)
  }
  await store.close()
} else if (command === 'audit') {
  for (let i = 0; i < Number(count); i++) { await store.appendAudit({ ...entryOf('key_use', null), details: { [name]: i } }) }
  await store.close()
} else {
  for (let i = 0; ; i++) {
    const username = `${name}-${i}`
    await store.saveUser(username, () => enrolmentOf(username))
    writeSync(1, `${username}\n`)
  }
}
