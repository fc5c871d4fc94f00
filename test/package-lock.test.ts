import { readFileSync } from 'node:fs'
import t from 'tap'

interface LockedPackage {
  resolved?: string
  hasInstallScript?: boolean
}

const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')) as {
  packages: Record<string, LockedPackage>
}

t.test('npm ci installs from whatever registry the user configured', async t => {
  const pinned = Object.entries(lock.packages)
    .filter(([, { resolved }]) => resolved !== undefined)
    .map(([name]) => name)
  t.same(pinned, [], 'no package names its registry: keep omit-lockfile-registry-resolved=true in .npmrc')
})

t.test('only the Node.js runtime runs an install script', async t => {
  const scripted = Object.entries(lock.packages)
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([name]) => name)
  t.same(
    scripted,
    ['node_modules/node'],
    'onnxruntime-node downloads CUDA in its install script. npm 10 knows no allowScripts and goes by the lockfile: remove hasInstallScript of onnxruntime-node from package-lock.json'
  )
})
