/** Reads throughput out of Prometheus text. */

/** `requests` finished so far over all routes. Null when the text has no request metric of the usual name. */
export function requestTotals (prometheusText) {
  const found = parse(prometheusText).filter(({ name }) => name === 'eco_http_request_duration_seconds_count')
  return found.length === 0 ? null : { requests: found.reduce((total, { value }) => total + value, 0) }
}

/** How long answered verifications took: `count`, and `buckets` of { upTo: seconds, count } that add up. */
export function verificationTimes (prometheusText) {
  const buckets = new Map()
  for (const { name, labels, value } of parse(prometheusText)) {
    if (
      name !== 'eco_http_request_duration_seconds_bucket' ||
      !labels.includes('route="/api/verify"') ||
      !labels.includes('status="200"')
    ) { continue }
    const upTo = Number(/le="([^"]+)"/.exec(labels)[1].replace('+Inf', 'Infinity'))
    buckets.set(upTo, (buckets.get(upTo) ?? 0) + value)
  }
  const sorted = [...buckets].map(([upTo, count]) => ({ upTo, count })).sort((a, b) => a.upTo - b.upTo)
  return { count: sorted.at(-1)?.count ?? 0, buckets: sorted }
}

/** The bound, in seconds, below which this share of the values lies; null without values or beyond the last bound. */
export function quantile ({ count, buckets }, share) {
  if (count === 0) return null
  const { upTo } = buckets.find(bucket => bucket.count >= share * count)
  return Number.isFinite(upTo) ? upTo : null
}

function parse (prometheusText) {
  return prometheusText.split('\n')
    .map(line => /^([a-zA-Z_:][\w:]*)(\{.*\})? +(\S+)/.exec(line))
    .filter(match => match !== null)
    .map(([, name, labels = '', value]) => ({ name, labels, value: Number(value) }))
}
