/** The only file with side effects: settings, services, application, listening, signals. */
import cluster from 'node:cluster'
import type { FastifyInstance } from 'fastify'
import { type Config, loadConfig } from '../config/config.ts'
import { readEnvironment } from '../config/environment.ts'
import { isExpected } from '../errors/expected.ts'
import { createLogger } from '../observability/logger.ts'
import { answerForAllProcesses } from '../observability/metrics/all-processes.ts'
import { listen } from './listen.ts'
import { openServices } from './open-services.ts'
import { runProcesses } from './processes.ts'
import { startReport } from './start-report.ts'

async function start (): Promise<void> {
  const config = loadConfig(readEnvironment())
  const logger = createLogger(config)
  if (config.WEB_CONCURRENCY > 1 && cluster.isPrimary) {
    answerForAllProcesses()
    process.exit(await runProcesses(config.WEB_CONCURRENCY, logger))
  }
  // The application is a third of all code: it is loaded while the workers open their models.
  const loadApp = () => import('./app.ts')
  const services = await openServices(config, logger, loadApp)
  const app = await (await loadApp()).buildApp(services)
  const address = await listen(app, config).catch(async error => {
    // The native threads of the workers would abort a process that exits under them.
    await app.close()
    throw error
  })
  logger.info(startReport(services, address), `ready at ${address}`)
  stopOnSignals(app, config)
}

function stopOnSignals (app: FastifyInstance, { SHUTDOWN_TIMEOUT }: Config): void {
  const { log } = app
  let stopping = false
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) {
      log.warn(`${signal} again: quitting at once`)
      process.exit(1)
    }
    stopping = true
    log.info(`${signal}: finishing running requests; a second signal quits at once`)
    setTimeout(() => {
      log.error(`requests were still running after SHUTDOWN_TIMEOUT=${SHUTDOWN_TIMEOUT} s; they are cut off`)
      process.exit(1)
    }, SHUTDOWN_TIMEOUT * 1000).unref()
    app.close().then(() => process.exit(0), error => {
      log.error({ err: error }, 'closing failed')
      process.exit(1)
    })
  }
  process.on('SIGTERM', stop)
  // Ctrl-C reaches every process of a terminal; the primary passes it on once, as SIGTERM.
  process.on('SIGINT', cluster.isPrimary ? stop : () => {})
}

start().catch((error: unknown) => {
  // What an operator can correct is one sentence; only a fault of the service shows its stack.
  console.error(isExpected(error) ? `Cannot start: ${error.message}` : error)
  process.exit(1)
})
