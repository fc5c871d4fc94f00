import { KEYS_OPTIONS, KEYS_USAGE, runKeys } from '../src/access/keys-cli.ts'
import { runCommand } from '../src/cli/run-command.ts'
import { loadConfig } from '../src/config/config.ts'
import { readEnvironment } from '../src/config/environment.ts'
import { rotateTemplates } from '../src/storage/rotate.ts'

await runCommand({ usage: KEYS_USAGE, options: KEYS_OPTIONS, mostArguments: Infinity }, async ({ args }) => {
  const config = loadConfig(readEnvironment())
  console.log(
    args[0] === 'rotate-templates' && args.length === 1
      ? await rotateTemplates(config)
      : runKeys(process.argv.slice(2), config)
  )
})
