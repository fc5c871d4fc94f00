// Compiled modules are kept below the project, where nobody else writes: a start then neither strips types nor compiles.
// Where the folder cannot be written, as in a container, nothing is kept. Plain JavaScript, as start.js.
import module from 'node:module'
import { fileURLToPath } from 'node:url'

const wanted = process.env.NODE_COMPILE_CACHE ?? fileURLToPath(new URL('../../.cache/compile', import.meta.url))
const { directory } = module.enableCompileCache(wanted)
// Threads and processes that are started later look here.
if (directory !== undefined) process.env.NODE_COMPILE_CACHE ??= directory
