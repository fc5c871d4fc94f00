/** A ROC curve as an SVG picture. */

const side = 360
const margin = 48
const colours = ['#1b7837', '#b35806']

/**
 * One curve for each kind of photos that should not be proved: their proved share across, the proved share of
 * `positive` up.
 */
export function rocCurve (
  title: string,
  positive: readonly number[],
  negatives: Record<string, readonly number[]>
): string {
  const x = (share: number) => (margin + share * side).toFixed(1)
  const y = (share: number) => (margin + (1 - share) * side).toFixed(1)
  const curves = Object.entries(negatives).filter(([, scores]) => scores.length > 0).map(([name, scores], i) => {
    const points = rocPoints(positive, scores).map(([wrong, right]) => `${x(wrong)},${y(right)}`)
    return `<polyline fill="none" stroke="${colours[i % colours.length]}" stroke-width="2" points="${points.join(' ')}"/>
<text x="${margin + side - 8}" y="${margin + side - 12 - 18 * i}" text-anchor="end" fill="${colours[i % colours.length]}">${name} (${scores.length})</text>`
  })
  const ticks = [0, 0.25, 0.5, 0.75, 1].map(
    share =>
      `<text x="${x(share)}" y="${margin + side + 18}" text-anchor="middle">${share}</text><text x="${margin - 8}" y="${Number(y(share)) + 4}" text-anchor="end">${share}</text>`
  )
  const size = side + 2 * margin
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" font-family="sans-serif" font-size="12">
<rect width="${size}" height="${size}" fill="white"/>
<rect x="${margin}" y="${margin}" width="${side}" height="${side}" fill="none" stroke="#888"/>
<text x="${margin}" y="${margin - 16}" font-size="14">${title}: proved share of ${positive.length} photos of the task, against that of others</text>
${ticks.join('\n')}
${curves.join('\n')}
</svg>
`
}

/** [proved share of negatives, proved share of positives] for every threshold, from none proved to all. */
export function rocPoints (positive: readonly number[], negative: readonly number[]): [wrong: number, right: number][] {
  const thresholds = [...new Set([...positive, ...negative])].sort((a, b) => b - a)
  const share = (
    scores: readonly number[],
    threshold: number
  ) => scores.filter(score => score >= threshold).length / scores.length
  return [
    [0, 0],
    ...thresholds.map((threshold): [number, number] => [share(negative, threshold), share(positive, threshold)])
  ]
}
