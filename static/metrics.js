/** Reads throughput out of Prometheus text. */

/**
 * Totals over all routes: `requests` finished so far and `seconds` spent on them (null when only counted).
 * Null when the text has no request metric of the usual names.
 */
export function requestTotals (prometheusText) {
  const samples = parse(prometheusText)
  const sum = ending => {
    const found = samples.filter(sample => ending.test(sample.name))
    return found.length === 0 ? null : found.reduce((total, sample) => total + sample.value, 0)
  }
  const requests = sum(/http_request_duration_seconds_count$/) ?? sum(/http_requests_total$/)
  return requests === null ? null : { requests, seconds: sum(/http_request_duration_seconds_sum$/) }
}

function parse (prometheusText) {
  return prometheusText.split('\n')
    .map(line => /^([a-zA-Z_:][\w:]*)(?:\{.*\})? +(\S+)/.exec(line))
    .filter(match => match !== null)
    .map(([, name, value]) => ({ name, value: Number(value) }))
}
