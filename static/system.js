/** The system view: readiness, models, thresholds, queue, tasks and live throughput. */
import { byId, element, fill, icon } from './dom.js'
import { number, text, textOr } from './language.js'
import { quantile, requestTotals, verificationTimes } from './metrics.js'
import { showError } from './notice.js'

const REFRESH_MS = 3000

export class SystemView {
  #api
  #timer = null
  #lastTotals = null
  /** False once the service has said that it does not offer them. */
  #metricsOffered = true

  constructor (api) {
    this.#api = api
    byId('system-reload').addEventListener('click', () => this.show())
  }

  async show () {
    this.hide()
    this.#metricsOffered = true
    await this.#refresh()
  }

  resume () {
    this.show()
  }

  hide () {
    clearTimeout(this.#timer)
    this.#timer = null
    this.#lastTotals = null
  }

  async #refresh () {
    const timer = this.#timer = setTimeout(() => this.#refresh(), REFRESH_MS)
    try {
      const [ready, metrics] = await Promise.all([this.#api.ready(), this.#metricsOffered ? this.#api.metrics() : null])
      this.#metricsOffered = metrics !== null
      if (timer !== this.#timer) return
      const totals = metrics === null ? null : requestTotals(metrics)
      const verifications = metrics === null ? null : verificationTimes(metrics)
      fill(byId('system-result'))
      fill(
        byId('system-report'),
        report(ready, totals && { ...totals, verifications, perSecond: this.#perSecond(totals) })
      )
    } catch (error) {
      if (timer !== this.#timer) return
      this.hide()
      fill(byId('system-report'))
      showError(byId('system-result'), error, this.#api.base, () => this.show())
    }
  }

  /** Requests per second since the last look; null at the first. */
  #perSecond (totals) {
    const now = { ...totals, at: performance.now() }
    const before = this.#lastTotals
    this.#lastTotals = now
    if (before === null || totals.requests < before.requests) return null
    return (totals.requests - before.requests) / (now.at - before.at) * 1000
  }
}

function report (ready, throughput) {
  // Without a key the service tells no more.
  if (ready.models === undefined) return [readiness(ready)]
  return [
    readiness(ready),
    element(
      'dl',
      { class: 'tiles' },
      tile(text('system.provider'), ready.provider),
      tile(
        text('system.store'),
        text(ready.store.ok ? 'system.storeOk' : 'system.storeFailed', { kind: ready.store.kind })
      ),
      tile(text('system.similarity'), number(ready.thresholds.similarity, 2)),
      tile(
        text('system.liveness'),
        ready.thresholds.liveness === null ? text('system.livenessOff') : number(ready.thresholds.liveness, 2)
      ),
      tile(text('system.busy'), text('system.of', { part: ready.queue.active, whole: ready.queue.workers })),
      tile(text('system.waiting'), text('system.of', { part: ready.queue.waiting, whole: ready.queue.max }))
    ),
    throughput && element('h3', {}, text('system.throughput')),
    throughput && element('dl', { class: 'tiles' }, throughputTiles(throughput)),
    element('h3', {}, text('system.models')),
    element('ul', { class: 'models' }, ready.models.map(model)),
    element('h3', {}, text('system.tasks')),
    element(
      'ul',
      { class: 'task-states' },
      ready.tasks.map(task =>
        element(
          'li',
          { class: task.available ? 'good' : 'bad' },
          icon(task.available ? 'check' : 'dash'),
          element('span', {}, task.name),
          element('span', { class: 'fine' }, text(task.available ? 'system.available' : 'system.unavailable'))
        )
      )
    )
  ]
}

function readiness ({ ready, problems }) {
  return element('div', { class: `readiness ${ready ? 'good' : 'bad'}` },
    icon(ready ? 'check' : 'cross'),
    element('p', {}, text(ready ? 'system.ready' : 'system.notReady')),
    problems.length > 0 && element('ul', {}, problems.map(problem => element('li', {}, problem))))
}

function throughputTiles ({ requests, verifications, perSecond }) {
  return [
    tile(text('system.perSecond'), perSecond === null ? text('system.measuring') : number(perSecond, 1)),
    tile(text('system.median'), below(quantile(verifications, 0.5))),
    tile(text('system.p95'), below(quantile(verifications, 0.95))),
    tile(text('system.totalVerifications'), number(verifications.count)),
    tile(text('system.totalRequests'), number(requests))
  ]
}

/** A quantile of a histogram is known up to the bound of its bucket. */
function below (seconds) {
  if (seconds === null) return text('system.none')
  return text('system.below', { value: text('system.milliseconds', { value: seconds * 1000 }) })
}

function tile (name, value) {
  return element('div', {}, element('dt', {}, name), element('dd', {}, value))
}

function model ({ id, role, title, sha256, licence, commercial }) {
  return element(
    'li',
    { class: 'model' },
    element('p', { class: 'fine' }, textOr('system.model', `system.roles.${role}`)),
    element('p', { class: 'model-title' }, title),
    element(
      'p',
      { class: 'fine' },
      `${text('system.licence')}: ${licence} · ${text('system.use')}: ${commercialUse(licence, commercial)}`
    ),
    element('p', { class: 'fine mono', title: sha256 }, `${id} · ${text('system.sha', { sha: sha256.slice(0, 12) })}`)
  )
}

function commercialUse (licence, commercial) {
  if (!commercial) return text('system.useNo')
  return text(licence.startsWith('AGPL') ? 'system.useCopyleft' : 'system.useYes')
}
