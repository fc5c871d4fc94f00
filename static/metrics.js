/** Reads throughput, verdicts and scores out of Prometheus text. */

/** `requests` finished so far over all routes. Null when the text has no request metric of the usual name. */
export function requestTotals (samples) {
  const found = samples.filter(({ name }) => name === 'eco_http_request_duration_seconds_count')
  return found.length === 0 ? null : { requests: sum(found) }
}

/** How long answered verifications took: `count`, and `buckets` of { upTo: seconds, count } that add up. */
export function verificationTimes (samples) {
  const buckets = bucketsOf(samples, 'eco_http_request_duration_seconds', ({ route, status }) =>
    route === '/api/verify' && status === '200')
  return { count: buckets.at(-1)?.count ?? 0, buckets }
}

/** What came to `now` since `before`, both of verificationTimes. */
export function timesSince (now, before) {
  return {
    count: now.count - before.count,
    buckets: now.buckets.map(({ upTo, count }, index) => ({ upTo, count: count - (before.buckets[index]?.count ?? 0) }))
  }
}

/** The bound, in seconds, below which this share of the values lies; null without values or beyond the last bound. */
export function quantile ({ count, buckets }, share) {
  if (count <= 0) return null
  const { upTo } = buckets.find(bucket => bucket.count >= share * count)
  return Number.isFinite(upTo) ? upTo : null
}

/** How often each check failed, the most frequent first: [reason, count]. */
export function verdictReasons (samples) {
  return samples.filter(({ name }) => name === 'eco_verdict_reasons_total')
    .map(({ labels, value }) => [labels.reason, value])
    .sort(([, one], [, other]) => other - one)
}

/**
 * How many verdicts had a score in each step: { upTo: [bounds], approved: [counts], rejected: [counts] }. Null when the
 * caller may not see scores.
 */
export function scoreHistogram (samples, family) {
  const of = wanted => bucketsOf(samples, family, ({ status }) => status === wanted)
  const [approved, rejected] = [of('approved'), of('rejected')]
  const bounds = [...new Set([...approved, ...rejected].map(({ upTo }) => upTo))].filter(Number.isFinite)
  if (bounds.length === 0) return null
  const steps = buckets => bounds.map((upTo, index) =>
    (buckets.find(bucket => bucket.upTo === upTo)?.count ?? 0) -
    (index === 0 ? 0 : (buckets.find(bucket => bucket.upTo === bounds[index - 1])?.count ?? 0)))
  return { upTo: bounds, approved: steps(approved), rejected: steps(rejected) }
}

/** The value of a metric without labels; null when there is none. */
export function gauge (samples, wanted) {
  return samples.find(({ name }) => name === wanted)?.value ?? null
}

/** Every sample as { name, labels, value }. */
export function parseMetrics (prometheusText) {
  return prometheusText.split('\n')
    .map(line => /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? +(\S+)/.exec(line))
    .filter(match => match !== null)
    .map(([, name, labels = '', value]) => ({
      name,
      labels: Object.fromEntries([...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, text]) => [key, text])),
      value: Number(value)
    }))
}

/** Cumulative buckets of a histogram, added up over all samples whose labels fit, by their bounds. */
function bucketsOf (samples, family, fits) {
  const buckets = new Map()
  for (const { name, labels, value } of samples) {
    if (name !== `${family}_bucket` || !fits(labels)) continue
    const upTo = Number(labels.le.replace('+Inf', 'Infinity'))
    buckets.set(upTo, (buckets.get(upTo) ?? 0) + value)
  }
  return [...buckets].map(([upTo, count]) => ({ upTo, count })).sort((a, b) => a.upTo - b.upTo)
}

function sum (samples) {
  return samples.reduce((total, { value }) => total + value, 0)
}
