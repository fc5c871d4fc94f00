/** The system view: readiness, live charts, thresholds, tasks with their figures, and models. */
import { barTable, loadCharts, ScoreChart, TimeChart } from './charts.js'
import { byId, element, fill } from './dom.js'
import { text, textOr } from './language.js'
import { Measured } from './measured.js'
import { parseMetrics, requestTotals, scoreHistogram, verdictReasons, verificationTimes } from './metrics.js'
import { notice, showError } from './notice.js'
import { fixedReport, liveReport } from './system-report.js'

const REFRESH_MS = 3000

export class SystemView {
  #api
  #timer = null
  #measured = new Measured()
  /** False once the service has said that it does not offer them. */
  #metricsOffered = true
  /** Drawn once, then updated; null until there is something to draw. */
  #charts = null
  #live = element('div')
  #drawn = element('div', { class: 'charts' })
  #fixed = element('div')

  constructor (api) {
    this.#api = api
    byId('system-reload').addEventListener('click', () => this.show())
    fill(byId('system-report'), this.#live, this.#drawn, this.#fixed)
  }

  async show () {
    this.hide()
    this.#metricsOffered = true
    fill(this.#fixed)
    await this.#refresh()
  }

  resume () {
    this.show()
  }

  hide () {
    clearTimeout(this.#timer)
    this.#timer = null
    this.#measured.clear()
  }

  async #refresh () {
    const timer = this.#timer = setTimeout(() => this.#refresh(), REFRESH_MS)
    try {
      const [ready, metrics] = await Promise.all([this.#api.ready(), this.#metricsOffered ? this.#api.metrics() : null])
      this.#metricsOffered = metrics !== null
      if (timer !== this.#timer) return
      fill(byId('system-result'))
      if (this.#fixed.childElementCount === 0) await this.#showFixed(ready)
      const samples = metrics === null ? null : parseMetrics(metrics)
      fill(this.#live, liveReport(ready, samples && this.#throughput(samples)))
      if (samples !== null && ready.thresholds !== undefined) await this.#showCharts(samples, ready.thresholds)
    } catch (error) {
      if (timer !== this.#timer) return
      this.hide()
      for (const part of [this.#live, this.#fixed]) fill(part)
      showError(byId('system-result'), error, this.#api.base, () => this.show())
    }
  }

  async #showFixed (ready) {
    const { tasks } = await this.#api.tasks().catch(() => ({ tasks: [] }))
    fill(this.#fixed, fixedReport(ready, tasks, `${this.#api.base}/docs`))
  }

  /** Null when the metrics are not those of this service. */
  #throughput (samples) {
    const totals = requestTotals(samples)
    if (totals === null) return null
    this.#measured.add(samples)
    return { ...totals, verifications: verificationTimes(samples), perSecond: this.#measured.rows.at(-1).requests }
  }

  async #showCharts (samples, thresholds) {
    try {
      await loadCharts()
    } catch {
      fill(this.#drawn, notice('plain', '', text('charts.notLoaded')))
      return
    }
    this.#charts ??= this.#makeCharts()
    const { throughput, times, queue, similarity, liveness, reasons } = this.#charts
    for (const chart of [throughput, times, queue]) chart.update(this.#measured.rows)
    showScores(similarity, scoreHistogram(samples, 'eco_similarity_score'), [thresholds.similarity])
    showScores(liveness, scoreHistogram(samples, 'eco_liveness_score'), livenessLimits(thresholds))
    fill(reasons, barTable(text('charts.reasons'), [text('charts.reason'), text('charts.count')],
      verdictReasons(samples).map(([reason, count]) => [
        textOr('verify.checkWords.other', `verify.checkWords.${reason}`, { detail: reason }), count
      ])))
  }

  #makeCharts () {
    const line = (label, of, colour, digits) => ({ label: text(label), of, colour, digits })
    const charts = {
      throughput: new TimeChart(text('charts.throughput'), [
        line('charts.requests', row => row.requests, '--accent', 1),
        line('charts.verifications', row => row.verifications, '--bad', 2)
      ]),
      times: new TimeChart(text('charts.p95'), [line('charts.p95Line', row => row.p95, '--accent', 0)]),
      queue: new TimeChart(text('charts.queue'), [
        line('charts.active', row => row.active, '--accent', 0),
        line('charts.waiting', row => row.waiting, '--bad', 0)
      ]),
      reasons: element('div'),
      similarity: new ScoreChart(text('charts.similarity')),
      liveness: new ScoreChart(text('charts.liveness'))
    }
    fill(this.#drawn, Object.values(charts).map(chart => chart.node ?? chart))
    return charts
  }
}

/** Where the caller may not see scores there is nothing to draw. */
function showScores (chart, histogram, thresholds) {
  chart.node.hidden = histogram === null
  if (histogram !== null) chart.update(histogram, thresholds)
}

/** The scores at which the outcome changes. */
function livenessLimits ({ liveness, uncertain }) {
  if (uncertain !== null && uncertain !== undefined) return [uncertain.low, uncertain.high]
  return liveness === null ? [] : [liveness]
}
