// Plain JavaScript, so that an old Node can read it and print one sentence.
import '../../scripts/node-version.js'
import './compile-cache.js'

await import('./server.ts')
