/** The only file with side effects: settings, services, application, listening, signals. */
import cluster from 'node:cluster'
import { existsSync } from 'node:fs'
import { buildApp } from './app.ts'
import { ConfigError, loadConfig } from '../config/config.ts'
import { createLogger } from '../observability/logger.ts'
import { answerForAllProcesses } from '../observability/metrics.ts'
import { openServices } from './open-services.ts'
import { runProcesses } from './processes.ts'
import { startReport } from './start-report.ts'

if (existsSync('.env')) process.loadEnvFile('.env')

async function start (): Promise<void> {
  const config = loadConfig(process.env)
  const logger = createLogger(config)
  if (config.WEB_CONCURRENCY > 1 && cluster.isPrimary) {
    answerForAllProcesses()
    process.exit(await runProcesses(config.WEB_CONCURRENCY, logger))
  }
  const services = await openServices(config, logger)
  const app = await buildApp(services)
  const address = await app.listen({ host: config.HOST, port: config.PORT })
  logger.info(startReport(services, address), `ready at ${address}`)

  let stopping = false
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) {
      logger.warn(`${signal} again: quitting at once`)
      process.exit(1)
    }
    stopping = true
    logger.info(`${signal}: finishing running requests; a second signal quits at once`)
    setTimeout(() => {
      logger.error(`requests were still running after SHUTDOWN_TIMEOUT=${config.SHUTDOWN_TIMEOUT} s; they are cut off`)
      process.exit(1)
    }, config.SHUTDOWN_TIMEOUT * 1000).unref()
    app.close().then(() => process.exit(0), error => {
      logger.error({ err: error }, 'closing failed')
      process.exit(1)
    })
  }
  process.on('SIGTERM', stop)
  // Ctrl-C reaches every process of a terminal; the primary passes it on once, as SIGTERM.
  process.on('SIGINT', cluster.isPrimary ? stop : () => {})
}

start().catch((error: Error) => {
  // What an operator can mend is one sentence; only a fault of ours shows its stack.
  const expected = error instanceof ConfigError || ['InstallError', 'StoreError', 'ModelError'].includes(error.name)
  console.error(expected ? `Cannot start: ${error.message}` : error)
  process.exit(1)
})
