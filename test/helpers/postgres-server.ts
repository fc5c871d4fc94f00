/** A real PostgreSQL server of the test's own, on a socket in a temporary folder. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import type { Test } from 'tap'
import { loadConfig } from '../../src/config/config.ts'
import { openStore } from '../../src/storage/index.ts'

export const missingPostgres = 'no PostgreSQL found: install the package postgresql (Debian, Ubuntu) to run this test'

/** The folder of initdb and postgres, newest version first; undefined when they are not installed. */
export function findPostgres (): string | undefined {
  const version = (folder: string): number => Number(folder.split('/').at(-2))
  const debian = globSync('/usr/lib/postgresql/*/bin').sort((a, b) => version(b) - version(a))
  return [...debian, ...(process.env.PATH ?? '').split(delimiter)]
    .find(folder => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')))
}

export interface PostgresServer {
  /** Folder of its databases' files. */
  files: string
  /** Of a database on this server. */
  url (database: string): string
  /** Runs one statement over a connection of its own. */
  ask (database: string, sql: string): Promise<Record<string, unknown>[]>
  start (): Promise<void>
  /** `fast` rolls open transactions back; `crash` stops without a word, as a power cut would. */
  stop (how?: 'fast' | 'crash'): Promise<void>
}

/**
 * Makes and starts a server; the test's teardown stops and removes it. PostgreSQL refuses to run as root, so root runs
 * it as the user nobody.
 */
export async function startPostgres (t: Test, bin: string): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'pg-'))
  const owner = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {}
  if (owner.uid !== undefined) chownSync(folder, owner.uid, owner.gid)
  const data = join(folder, 'data')
  execFileSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'tester', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
    {
      ...owner,
      cwd: folder,
      stdio: 'pipe'
    }
  )

  let server: ChildProcess | undefined
  const stop = async (how: 'fast' | 'crash' = 'fast'): Promise<void> => {
    if (server === undefined) return
    const ended = once(server, 'close')
    server.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT')
    server = undefined
    await ended
  }
  const start = async (): Promise<void> => {
    // The machine stays up, so that what the server wrote is there after a crash of the server without a wait for the
    // disk.
    server = spawn(
      join(bin, 'postgres'),
      [
        '-D',
        data,
        '-k',
        folder,
        '-c',
        'listen_addresses=',
        '-c',
        'lc_messages=C',
        '-c',
        'fsync=off',
        '-c',
        'full_page_writes=off'
      ],
      {
        ...owner,
        cwd: folder,
        stdio: ['ignore', 'ignore', 'pipe']
      }
    )
    const log: string[] = []
    await new Promise<void>((resolve, reject) => {
      server!.once('close', code => reject(new Error(`postgres ended with ${code}: ${log.join('\n')}`)))
      createInterface(server!.stderr!).on('line', line => {
        log.push(line)
        if (line.includes('database system is ready to accept connections')) resolve()
      })
    })
  }

  const kill = (): void => { server?.kill('SIGQUIT') }
  process.once('exit', kill)
  t.teardown(async () => {
    await stop()
    process.off('exit', kill)
    rmSync(folder, { recursive: true, force: true })
  })
  await start()
  const url = (database: string): string => `postgres://tester@${encodeURIComponent(folder)}/${database}`
  const ask = async (database: string, sql: string): Promise<Record<string, unknown>[]> => {
    const client = new pg.Client({ connectionString: url(database) })
    await client.connect()
    try {
      return (await client.query(sql)).rows
    } finally {
      await client.end()
    }
  }
  return { files: join(data, 'base'), url, ask, start, stop }
}

/**
 * Answers with a function that makes one more database, with the tables of the store and its queue unless the options
 * of CREATE DATABASE say otherwise. The tables are made once and copied.
 */
export async function preparedDatabases (
  { ask, url }: Pick<PostgresServer, 'ask' | 'url'>
): Promise<(options?: string) => Promise<string>> {
  await ask('postgres', 'CREATE DATABASE prepared')
  await (await openStore(loadConfig({ DATABASE_URL: url('prepared') }))).close()
  let databases = 0
  return async (options = 'TEMPLATE prepared') => {
    const name = `db${++databases}`
    await ask('postgres', `CREATE DATABASE ${name} ${options}`)
    return name
  }
}

function idOf (flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
}
