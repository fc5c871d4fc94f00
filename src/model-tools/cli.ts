/** `npm run models -- COMMAND`: the exit code says how it went. */
import { runCommands } from '../cli/run-commands.ts'
import { loadConfig } from '../config/config.ts'
import { readEnvironment } from '../config/environment.ts'
import { readManifest } from '../models/manifest-file.ts'
import { exitCodes } from './commands/command.ts'
import { convert } from './commands/convert.ts'
import { cuda } from './commands/cuda.ts'
import { inspect } from './commands/inspect.ts'
import { install } from './commands/install.ts'
import { list } from './commands/list.ts'
import { quantize } from './commands/quantize.ts'
import { remove } from './commands/remove.ts'
import { reshape } from './commands/reshape.ts'
import { show } from './commands/show.ts'
import { verify } from './commands/verify-files.ts'

await runCommands({
  name: 'npm run models',
  commands: { list, show, install, verify, remove, convert, reshape, quantize, inspect, cuda },
  async open () {
    const config = loadConfig(readEnvironment())
    return { config, manifest: await readManifest(config) }
  },
  exitCodesInWords: 'Exit codes: 0 done; 1 not done; 2 wrong use; 3 a licence has to be accepted first.',
  exitCodes: { licence_not_accepted: exitCodes.licenceNotAccepted }
})
