/** Line charts as SVG, for curves of error rates: white ground, one colour a series, a legend; no scripts, no fonts. */

export interface Axis {
  title: string
  /** Values that get a grid line, with their label. The first and the last one are the ends of the axis. */
  ticks: { at: number, label: string }[]
  /** Where a value lies on the axis, in any unit; the ticks' ends scale it. The value itself where absent. */
  scale?: (value: number) => number
}

export interface Series { name: string, points: [x: number, y: number][] }

export interface LineChart {
  title: string,
  x: Axis,
  y: Axis,
  series: Series[],
  marks?: {
    name: string,
    at: [x: number, y: number]
  }[]
}

const size = { width: 720, height: 640 }
const area = { left: 80, top: 50, right: 700, bottom: 560 }
/** Okabe and Ito's palette: colour-blind readers can distinguish it, too. */
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000']

/** The chart as the text of an SVG file. Points beyond the ends of an axis lie on its rim. */
export function lineChart ({ title, x, y, series, marks = [] }: LineChart): string {
  const across = position(x, area.left, area.right)
  const up = position(y, area.bottom, area.top)
  const line = (x1: number, y1: number, x2: number, y2: number) =>
    `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="#ddd"/>`
  const label = (at: [number, number], words: string, extra = '') =>
    `<text x="${at[0]}" y="${at[1]}"${extra}>${escape(words)}</text>`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" font-family="sans-serif" font-size="13">`,
    `<title>${escape(title)}</title>`,
    `<rect width="${size.width}" height="${size.height}" fill="#fff"/>`,
    label([area.left, 28], title, ' font-size="16"'),
    ...x.ticks.flatMap(({ at, label: words }) => [
      line(across(at), area.top, across(at), area.bottom),
      label([across(at), area.bottom + 18], words, ' text-anchor="middle"')
    ]),
    ...y.ticks.flatMap(({ at, label: words }) => [
      line(area.left, up(at), area.right, up(at)),
      label([area.left - 8, up(at) + 4], words, ' text-anchor="end"')
    ]),
    label([(area.left + area.right) / 2, area.bottom + 40], x.title, ' text-anchor="middle"'),
    label(
      [18, (area.top + area.bottom) / 2],
      y.title,
      ` text-anchor="middle" transform="rotate(-90 18 ${(area.top + area.bottom) / 2})"`
    ),
    ...series.flatMap(({ name, points }, i) => {
      const colour = colours[i % colours.length]!
      const path = points.map(([a, b]) => `${across(a)},${up(b)}`).join(' ')
      return [
        `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`,
        label([area.right - 8, area.top + 20 + 18 * i], name, ` text-anchor="end" fill="${colour}"`)
      ]
    }),
    ...marks.flatMap(({ name, at: [a, b] }) => [
      `<circle cx="${across(a)}" cy="${up(b)}" r="5" fill="none" stroke="#000" stroke-width="2"/>`,
      label([across(a) + 9, up(b) - 6], name)
    ]),
    '</svg>',
    ''
  ].join('\n')
}

/** The function from a value to a coordinate, to a tenth of a pixel. */
function position ({ ticks, scale = value => value }: Axis, from: number, to: number): (value: number) => number {
  const first = scale(ticks[0]!.at)
  const last = scale(ticks.at(-1)!.at)
  return value => {
    const share = (scale(value) - first) / (last - first)
    return Math.round(10 * (from + (to - from) * Math.min(Math.max(share, 0), 1))) / 10
  }
}

function escape (words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
