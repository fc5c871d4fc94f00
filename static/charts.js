/** Charts, drawn by uPlot, which is fetched with the first of them. Each has its numbers as a table below it. */
import { element, fill } from './dom.js'
import { number, text } from './language.js'

const HEIGHT = 180
/** Rows of a table over time: enough to read, few enough to listen to. */
const TABLE_ROWS = 8

let loading = null

/** Fetches the library once. It comes from the server of the page, whatever API base is used. */
export function loadCharts () {
  loading ??= new Promise((resolve, reject) => {
    const style = element('link', { rel: 'stylesheet', href: 'vendor/uplot/uPlot.min.css' })
    const script = element('script', { src: 'vendor/uplot/uPlot.iife.min.js' })
    script.addEventListener('load', resolve, { once: true })
    script.addEventListener('error', () => {
      loading = null
      reject(new Error('The chart library was not loaded'))
    }, { once: true })
    document.head.append(style, script)
  })
  return loading
}

/** Lines over time. `lines`: { label, of: row => value, colour, digits }; a value may be null. */
export class TimeChart {
  #title
  #lines
  #plot = null
  #place = element('div', { class: 'chart-drawing', dir: 'ltr', 'aria-hidden': 'true' })
  #table = element('div')

  constructor (title, lines) {
    this.#title = title
    this.#lines = lines
    this.node = figure(title, this.#place, this.#table)
  }

  /** `rows` have `at` in seconds. */
  update (rows) {
    const data = [rows.map(({ at }) => at), ...this.#lines.map(({ of }) => rows.map(of))]
    if (this.#plot === null) this.#plot = this.#draw(data)
    else this.#plot.setData(data)
    fill(this.#table, table(
      this.#title,
      [text('charts.time'), ...this.#lines.map(({ label }) => label)],
      rows.slice(-TABLE_ROWS).reverse().map(row => [
        time().format(row.at * 1000),
        ...this.#lines.map(({ of, digits }) => of(row) === null ? '–' : number(of(row), digits))
      ])
    ))
  }

  #draw (data) {
    return plot(this.#place, data, {
      scales: { x: { range: lastMinutes }, y: { range: fromZero } },
      series: [{}, ...this.#lines.map(({ label, colour }) =>
        ({ label, stroke: () => style(colour), width: 2, spanGaps: false, points: { size: 4 } }))],
      axes: [
        axis({ space: 90, values: (_, moments) => moments.map(at => time().format(at * 1000)) }),
        axis({ size: 55 })
      ]
    })
  }
}

/** Bars of approved on rejected verdicts by score, with lines at the thresholds. */
export class ScoreChart {
  #title
  #plot = null
  #thresholds = []
  #place = element('div', { class: 'chart-drawing', dir: 'ltr', 'aria-hidden': 'true' })
  #table = element('div')
  #words = element('p', { class: 'fine' })

  constructor (title) {
    this.#title = title
    this.node = figure(title, this.#place, this.#words, this.#table)
  }

  /** `histogram` of scoreHistogram, and the scores at which verdicts change. */
  update ({ upTo, approved, rejected }, thresholds) {
    this.#thresholds = thresholds
    // The middle of each step; rejected ones stand on the approved ones, so that the whole is drawn first.
    const middles = upTo.map((bound, index) => (bound + (upTo[index - 1] ?? 0)) / 2)
    const data = [middles, approved.map((count, index) => count + rejected[index]), approved]
    if (this.#plot === null) this.#plot = this.#draw(data)
    else this.#plot.setData(data)
    const sum = counts => counts.reduce((total, count) => total + count, 0)
    this.#words.textContent = text('charts.thresholds', {
      thresholds: thresholds.map(value => number(value, value < 0.01 ? 3 : 2)).join(', '),
      approved: sum(approved),
      rejected: sum(rejected)
    })
    fill(this.#table, table(
      this.#title,
      [text('charts.score'), text('verify.approved'), text('verify.rejected')],
      upTo.map((bound, index) => [
        `${number(upTo[index - 1] ?? 0, 2)}–${number(bound, 2)}`, number(approved[index]), number(rejected[index])
      ])
    ))
  }

  #draw (data) {
    const bars = window.uPlot.paths.bars({ size: [0.9, 60] })
    const series = (label, name) => {
      const colour = () => style(name)
      return { label, fill: colour, stroke: colour, width: 0, paths: bars, points: { show: false } }
    }
    return plot(this.#place, data, {
      scales: { x: { time: false, range: [0, 1] }, y: { range: fromZero } },
      series: [{}, series(text('verify.rejected'), '--bad'), series(text('verify.approved'), '--good')],
      axes: [axis({ space: 50 }), axis({ size: 55 })],
      hooks: { draw: [drawn => this.#drawThresholds(drawn)] }
    })
  }

  #drawThresholds ({ ctx, bbox, valToPos }) {
    ctx.save()
    ctx.strokeStyle = style('--ink')
    ctx.lineWidth = 2 * window.devicePixelRatio
    ctx.setLineDash([6 * window.devicePixelRatio, 4 * window.devicePixelRatio])
    for (const threshold of this.#thresholds) {
      const x = valToPos(threshold, 'x', true)
      ctx.beginPath()
      ctx.moveTo(x, bbox.top)
      ctx.lineTo(x, bbox.top + bbox.height)
      ctx.stroke()
    }
    ctx.restore()
  }
}

/** Counts with their names as bars in a table, which is its own alternative. `rows` are [name, count]. */
export function barTable (title, head, rows) {
  const most = Math.max(1, ...rows.map(([, count]) => count))
  return element('figure', { class: 'chart' },
    element('figcaption', {}, title),
    rows.length === 0
      ? element('p', { class: 'fine' }, text('charts.nothing'))
      : element('table', { class: 'bars' },
        element('caption', { class: 'visually-hidden' }, title),
        element('thead', { class: 'visually-hidden' }, headRow(head)),
        element('tbody', {}, rows.map(([name, count]) => {
          const bar = element('span', { class: 'bar', 'aria-hidden': 'true' })
          bar.style.setProperty('--share', count / most)
          return element('tr', {},
            element('th', { scope: 'row' }, name), element('td', {}, bar, element('span', {}, number(count))))
        }))))
}

function figure (title, ...content) {
  const [drawing, ...rest] = content
  const rows = rest.pop()
  return element('figure', { class: 'chart' },
    element('figcaption', {}, title), drawing, ...rest,
    element('details', {}, element('summary', {}, text('charts.asTable')), rows))
}

function table (title, head, rows) {
  return element('table', { class: 'numbers' },
    element('caption', { class: 'visually-hidden' }, title),
    element('thead', {}, headRow(head)),
    element('tbody', {}, rows.map(([first, ...cells]) =>
      element('tr', {}, element('th', { scope: 'row' }, first), cells.map(cell => element('td', {}, cell))))))
}

function headRow (names) {
  return element('tr', {}, names.map(name => element('th', { scope: 'col' }, name)))
}

/** A plot as wide as its place, also when that changes. */
function plot (place, data, options) {
  const size = () => ({ width: Math.max(200, place.clientWidth), height: HEIGHT })
  const { uPlot: Plot } = window
  const made = new Plot({
    ...size(), cursor: { show: false }, legend: { show: true, live: false }, ...options
  }, data, place)
  new ResizeObserver(() => place.clientWidth > 0 && made.setSize(size())).observe(place)
  return made
}

function time () {
  return new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: 'medium' })
}

/** At least a minute, which ends with the last look; a single one would be shown within a day. */
function lastMinutes ({ data: [moments] }) {
  const [first, last] = [moments[0] ?? 0, moments.at(-1) ?? 0]
  return [Math.min(first, last - 60), last]
}

/** With room above the highest value. */
function fromZero (_, low, high) {
  return [0, Math.max(1, (high ?? 0) * 1.1)]
}

function axis (more) {
  return { stroke: () => style('--ink-soft'), grid: { stroke: () => style('--line'), width: 1 }, ...more }
}

/** A colour of the page as it is now, light or dark. */
function style (name) {
  return window.getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}
