/** `npm run tasks -- COMMAND`: teaches, tests and lists scenes. */
import { runCommands } from '../cli/run-commands.ts'
import { loadConfig } from '../config/config.ts'
import { readEnvironment } from '../config/environment.ts'
import { learnFromReviews } from './commands/learn-from-reviews.ts'
import { list } from './commands/list.ts'
import { remove } from './commands/remove.ts'
import { show } from './commands/show.ts'
import { teach } from './commands/teach.ts'
import { test } from './commands/test.ts'

await runCommands({
  name: 'npm run tasks',
  commands: { list, show, teach, 'learn-from-reviews': learnFromReviews, test, remove },
  open: async () => loadConfig(readEnvironment()),
  exitCodesInWords: 'COMMAND --help says more. Exit codes: 0 done; 1 not done; 2 wrong use.'
})
