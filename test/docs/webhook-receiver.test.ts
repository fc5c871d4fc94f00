import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { newWebhookSecret } from '../../src/webhooks/signature.ts'
import { send, signup } from '../helpers/app.ts'
import { buildLight } from '../helpers/light-app.ts'
import { noRunner } from '../helpers/snippets.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

t.test(
  'the receiver of docs/clients.md takes what the service posts, and nothing else',
  { skip: noRunner('python') },
  async t => {
    const [, code] = /^```python\n([^`]*BaseHTTPRequestHandler[^`]*)^```$/m.exec(
      readFileSync('docs/clients.md', 'utf8')
    )!
    const file = join(temporaryFolder(t), 'receiver.py')
    writeFileSync(file, code!)
    const port = await freePort()
    const secret = newWebhookSecret()
    const receiver = spawn('python3', [file], {
      env: { PATH: process.env.PATH, WEBHOOK_SECRET: secret, PORT: String(port) },
      stdio: ['ignore', 'pipe', 'ignore']
    })
    t.teardown(() => receiver.kill('SIGKILL'))
    const printed = once(createInterface(receiver.stdout), 'line')
    const origin = `http://127.0.0.1:${port}`

    const { app } = await buildLight(t, { WEBHOOK_SECRET: secret, WEBHOOK_ORIGINS: origin })
    await app.ready()
    await signup(app, 'ana', Buffer.from('a'))
    const { id } = (
      await send(
        app,
        '/api/verify',
        [
          ['username', 'ana'],
          ['task', 'waste'],
          ['webhook', `${origin}/hook`],
          ['file', { bytes: Buffer.from('p') }]
        ],
        { prefer: 'respond-async' }
      )
    ).json()
    t.same(await printed, [`${id} done`])
    while ((await app.inject(`/api/jobs/${id}`)).json().webhook.status !== 'delivered') await sleep(20)

    const now = String(Math.floor(Date.now() / 1000))
    const forged: Record<string, string>[] = [
      { 'webhook-id': 'a', 'webhook-timestamp': now, 'webhook-signature': 'v1,AAAA' },
      { 'webhook-id': 'a', 'webhook-timestamp': 'x', 'webhook-signature': 'v1,\u00e4' },
      {}
    ]
    for (const headers of forged) {
      t.equal(
        (await fetch(`${origin}/hook`, { method: 'POST', body: '{}', headers })).status,
        400,
        JSON.stringify(headers)
      )
    }
  }
)

async function freePort (): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
