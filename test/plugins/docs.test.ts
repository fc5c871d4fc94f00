import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import addFormats from 'ajv-formats'
import { Ajv2020 } from 'ajv/dist/2020.js'
import t from 'tap'
import { errorGuide } from '../../src/errors/error-guide.ts'
import { failureGuide, rejectionGuide } from '../../src/errors/rejection-guide.ts'
import { type ErrorCode, errorTable } from '../../src/errors/errors.ts'
import { answerKey, answerValidators } from '../helpers/documented.ts'
import { launch, noBrowser } from '../helpers/browser.ts'
import { buildLight } from '../helpers/light-app.ts'

interface Media { schema: object, example?: unknown, examples?: Record<string, { value?: unknown, $ref?: string }> }
interface Operation {
  operationId?: string
  summary?: string
  tags?: string[]
  requestBody?: { content: Record<string, Media> }
  responses: Record<string, { description: string, headers: Record<string, unknown>, content?: Record<string, Media> }>
}

/** Codes of answers that belong to no route. */
const WITHOUT_ROUTE: ErrorCode[] = [
  'method_not_allowed',
  'not_found',
  'headers_too_large',
  'address_too_long',
  'unreachable'
]

t.test('the OpenAPI document', async t => {
  // With what a setting turns on for clients.
  const { app } = await buildLight(t, { IDENTIFY: 'true', TEACHING: 'true' })
  const answer = await app.inject('/api/openapi.json')
  t.equal(answer.statusCode, 200)
  const document = answer.json()
  const operations = Object.entries(document.paths as Record<string, Record<string, Operation>>)
    .flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ method, path, operation })))

  t.equal(document.openapi, '3.1.0')
  t.notMatch(answer.payload, /isFile|x-errors/)

  t.test('every route is documented, with an id, a summary and a tag', async t => {
    t.ok(operations.length >= 9, `${operations.length} operations`)
    t.same(
      operations
        .filter(({ operation }) => !operation.operationId || !operation.summary || operation.tags?.length !== 1)
        .map(({ path }) => path),
      []
    )
    t.equal(new Set(operations.map(({ operation }) => operation.operationId)).size, operations.length, 'ids are unique')
    const tags = (document.tags as { name: string }[]).map(({ name }) => name)
    t.same(
      operations.filter(({ operation }) => !tags.includes(operation.tags![0]!)).map(({ path }) => path),
      [],
      'tags are described'
    )
  })

  t.test('every answer has examples that fit its own schema', async t => {
    const validators = answerValidators(document)
    for (const { method, path, operation } of operations) {
      for (const [status, { content, description, headers }] of Object.entries(operation.responses)) {
        const what = answerKey(method, path, status)
        const media = content?.['application/json']
        t.not(description, 'Default Response', what)
        t.ok('x-request-id' in headers, what)
        if (media === undefined) continue
        const examples = [
          media.example,
          ...Object.values(media.examples ?? {}).map(
            ({ value, $ref }) => value ?? document.components.examples[$ref!.split('/').at(-1)!].value
          )
        ].filter(example => example !== undefined)
        t.ok(examples.length > 0, `${what} has an example`)
        for (const example of examples) {
          const validate = validators.get(what)!
          t.ok(validate(example), `${what}: the example fits`, { example, errors: validate.errors })
        }
      }
    }
  })

  t.test('every error code is an answer of some route', async t => {
    const named = new Set(operations.flatMap(({ operation }) => Object.values(operation.responses))
      .flatMap(({ content }) => Object.keys(content?.['application/json']?.examples ?? {})))
    t.same(
      Object.keys(errorTable).filter(code => !named.has(code) && !WITHOUT_ROUTE.includes(code as ErrorCode)),
      [],
      'name the code in config.errors of its route, or in src/plugins/docs.ts when it comes with a setting of the route'
    )
  })

  t.test('an answer with an undocumented code or field is found', async t => {
    const validate = answerValidators(document).get('GET /api/users/{username} 404')!
    const body = { status: 'error', code: 404, error: 'user_not_found', message: '', requestId: '' }
    t.ok(validate(body))
    t.notOk(validate({ ...body, error: 'overloaded' }))
    t.notOk(validate({ ...body, hint: '' }))
  })

  t.test('photos are binary parts of a form', async t => {
    const form = (path: string) =>
      document.paths[path].post.requestBody.content['multipart/form-data'].schema.properties
    t.match(form('/api/verify').file, { type: 'string', format: 'binary' })
    t.match(form('/api/signup').images, { type: 'array', maxItems: 5, items: { type: 'string', format: 'binary' } })
  })

  t.test('schemas compile as JSON Schema 2020-12', async t => {
    const ajv = addFormats.default(
      new Ajv2020({ strict: true, allowUnionTypes: true, keywords: ['components'], formats: { binary: true } })
    )
    for (const [name, schema] of Object.entries(document.components.schemas as Record<string, object>)) {
      t.doesNotThrow(() => ajv.compile({ ...schema, components: { schemas: document.components.schemas } }), name)
    }
  })
})

t.test('every error code can happen', async t => {
  const files = (await readdir('src', { recursive: true })).filter(
    file => file.endsWith('.ts') && !/^errors\/(errors|(error|rejection)-guide)\.ts$/.test(file)
  )
  const source = (await Promise.all(files.map(file => readFile(join('src', file), 'utf8')))).join('\n')
  const proxy = await readFile('deploy/nginx.conf', 'utf8')
  t.same(
    Object.keys(errorTable).filter(code => !source.includes(`'${code}'`) && !proxy.includes(`"error":"${code}"`)),
    [],
    'remove codes that nothing uses from src/errors/errors.ts'
  )
})

t.test('every code has its cause and remedy', async t => {
  for (const [code, { cause, remedy }] of Object.entries({ ...errorGuide, ...rejectionGuide, ...failureGuide })) {
    t.match(cause, /^[A-Z].+[.)]$/s, code)
    t.match(remedy, /^[A-Z`].+[.)]$/s, code)
  }
})

t.test(
  'a proxy may put the documentation page under a prefix: in a browser, under the content policy, without a request to elsewhere',
  { skip: noBrowser },
  async t => {
    const { app } = await buildLight(t)
    const service = await app.listen({ host: '127.0.0.1', port: 0 })
    const proxy = createServer((asked, answer) => {
      if (asked.url?.startsWith('/eco/') !== true) return answer.writeHead(404).end()
      asked.pipe(
        request(service + asked.url.slice('/eco'.length), { method: asked.method, headers: asked.headers }, from => {
          answer.writeHead(from.statusCode!, from.headers)
          from.pipe(answer)
        })
      )
    }).listen(0, '127.0.0.1')
    await once(proxy, 'listening')
    t.teardown(() => proxy.close())
    const browser = await launch(t)
    const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/eco`
    const page = await browser.newPage()
    const problems: string[] = []
    page.on('console', message => {
      if (message.type() === 'error') problems.push(message.text())
    })
    page.on('pageerror', error => problems.push(error.message))
    page.on('request', request => {
      if (!request.url().startsWith(address) && !request.url().startsWith('data:')) problems.push(request.url())
    })
    await page.goto(`${address}/docs`)
    await page.locator('#operations-verification-verify').click()
    await page.locator('#operations-verification-verify input[type=file]').waitFor()
    t.match(await page.locator('#operations-verification-verify').textContent(), /task_unavailable/)
    const health = page.locator('#operations-system-getHealth')
    await health.click()
    const called = page.waitForResponse(answer => answer.url().endsWith('/api/health'))
    await health.locator('button.execute').click()
    t.match(await called.then(answer => ({ url: answer.url(), status: answer.status() })), {
      url: `${address}/api/health`,
      status: 200
    })
    const logo = page.locator('.topbar .link img')
    t.equal(
      await logo.getAttribute('src'),
      `data:image/svg+xml;base64,${(await readFile('static/favicon.svg')).toString('base64')}`
    )
    t.match(await (await fetch(`${address}/docs/static/theme/brand.css`)).text(), /Eco-Connect Verification/)
    t.equal(await page.locator('#operations-tag-debug').count(), 0, 'no debug group without debug routes')
    t.same(problems, [])
  }
)

t.test('the debug group is there with the debug routes; what has a default may be left out', async t => {
  const [plain, debugging] = await Promise.all([buildLight(t), buildLight(t, { DEBUG_ROUTES: 'true' })])
  const tags = async ({ app }: typeof plain) =>
    (await app.inject('/api/openapi.json')).json().tags.map(({ name }: { name: string }) => name)
  t.notOk((await tags(plain)).includes('debug'))
  t.ok((await tags(debugging)).includes('debug'))
  const { paths } = (await plain.app.inject('/api/openapi.json')).json() as {
    paths: Record<string, Record<string, { parameters?: { name: string; in: string; required?: boolean }[] }>>
  }
  const queries = Object.entries(paths).flatMap(([path, methods]) =>
    Object.values(methods).flatMap(({ parameters = [] }) =>
      parameters.filter(parameter => parameter.in === 'query').map(parameter => ({ path, ...parameter }))
    )
  )
  t.ok(queries.some(({ name }) => name === 'limit'))
  t.same(queries.filter(({ required }) => required === true), [])
})
