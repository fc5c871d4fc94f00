// Plain JavaScript, so that an old Node can read it and be told in a sentence.
import '../../scripts/node-version.js'

await import('./server.ts')
