import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'
import { parse, parseAllDocuments } from 'yaml'
import { SettingsSchema } from '../../src/config/config.ts'
import { buildLight } from '../helpers/light-app.ts'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const settings = Object.keys(SettingsSchema.properties)

interface Service {
  read_only?: boolean
  user?: string
  cap_drop?: string[]
  security_opt?: string[]
  environment?: Record<string, string>
  secrets?: string[]
  networks?: string[]
  volumes?: string[]
  deploy: { resources: { limits: { memory: string, cpus: string } } }
}

t.test('compose.yml: two instances, nothing writable, nothing privileged, only settings that exist', async t => {
  const { services, secrets, networks, volumes } = parse(read('deploy/compose.yml'), { merge: true }) as {
    services: Record<string, Service>, secrets: object, networks: object, volumes: object
  }
  t.strictSame(Object.keys(services), ['instance1', 'instance2', 'database', 'proxy'])
  for (const [name, service] of Object.entries(services)) {
    t.match(service, { read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] }, name)
    t.ok(service.deploy.resources.limits.memory && service.deploy.resources.limits.cpus, `${name} is limited`)
    t.strictSame((service.secrets ?? []).filter(secret => !(secret in secrets)), [], `${name}: secrets exist`)
    t.strictSame((service.networks ?? []).filter(network => !(network in networks)), [], `${name}: networks exist`)
    t.strictSame(
      (service.volumes ?? [])
        .map(volume => volume.split(':')[0]!)
        .filter(volume => !/^[./]/.test(volume) && !(volume in volumes)),
      [],
      `${name}: volumes exist`
    )
  }
  for (const instance of [services.instance1!, services.instance2!]) {
    t.equal(instance.user, '1000:1000')
    t.strictSame(Object.keys(instance.environment!).filter(name => !settings.includes(name)), [])
  }
})

t.test('kubernetes.yml: probes that exist, limits, no privileges', async t => {
  const { app } = await buildLight(t)
  const documents = parseAllDocuments(read('deploy/kubernetes.yml'))
  t.strictSame(documents.flatMap(({ errors }) => errors), [])
  const [deployment, service, budget] = documents.map(document => document.toJS())
  const labels = { app: 'eco-connect-verification' }
  t.match(deployment, {
    kind: 'Deployment',
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels } } }
  })
  t.match(service, { kind: 'Service', spec: { selector: labels } })
  t.match(budget, { kind: 'PodDisruptionBudget', spec: { minAvailable: 1 } })
  const { spec } = deployment.spec.template
  t.match(spec, { automountServiceAccountToken: false, securityContext: { runAsNonRoot: true } })
  const [container] = spec.containers
  t.match(container, {
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
    resources: { requests: { cpu: String, memory: String }, limits: { cpu: String, memory: String } }
  })
  for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe']) { t.equal((await app.inject(container[probe].httpGet.path)).statusCode, 200, probe) }
  t.strictSame(
    container.env.map(({ name }: { name: string }) => name).filter((name: string) => !settings.includes(name)),
    []
  )
  const mounted = container.volumeMounts.map(({ name }: { name: string }) => name)
  t.strictSame(mounted, spec.volumes.map(({ name }: { name: string }) => name))
  const shutdown =
    Number(container.env.find(({ name }: { name: string }) => name === 'SHUTDOWN_TIMEOUT').value) +
    container.lifecycle.preStop.sleep.seconds
  t.ok(spec.terminationGracePeriodSeconds > shutdown, 'time enough to end well')
})

t.test('Dockerfile: not root, only files that exist, settings that exist', async t => {
  const lines = read('Dockerfile').split('\n')
  const words = (instruction: string) =>
    lines.filter(line => line.startsWith(`${instruction} `)).map(line => line.split(' ').slice(1))
  t.strictSame(words('USER'), [['node']])
  for (const sources of words('COPY').filter(([first]) => !first!.startsWith('--')).map(list => list.slice(0, -1))) {
    for (const source of sources) {
      t.ok(existsSync(new URL(`../../${source}`, import.meta.url)), source)
      t.ok(read('.dockerignore').split('\n').some(line => line === `!${source}`), `${source} is not ignored`)
    }
  }
  const names = words('ENV').flat().map(pair => pair.split('=')[0]!).filter(name => !/^(NPM|ONNXRUNTIME|MALLOC)_/.test(name))
  t.strictSame(names.filter(name => !settings.includes(name)), [])
})
