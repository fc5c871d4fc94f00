/**
 * Traces over OTLP/HTTP, the only importer of OpenTelemetry; nothing of it is loaded unless a collector is
 * configured. A request is a span of the kind server, its stages are the children. Names and attributes follow the
 * semantic conventions for HTTP, less what can name a person: paths are patterns, and there is no address, query or
 * user agent.
 */
import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { performance } from 'node:perf_hooks'
import type { Tracer } from '@opentelemetry/api'
import type { SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace'
import { type Config, ConfigError } from '../config/config.ts'
import type { Stage } from './stages.ts'
import packageJson from '../../package.json' with { type: 'json' }

export interface ArrivedRequest {
  method: string
  /** The pattern; undefined where no route matched. */
  route: string | undefined
  scheme: string
  /** `traceparent` and `tracestate` (W3C Trace Context) make the request part of its caller's trace. */
  headers: IncomingHttpHeaders
}

export interface RequestTrace {
  /** 32 hexadecimal digits. */
  readonly id: string
  /** `status` is null when the client had gone before the answer; `error` is the code of an error answer. */
  end (answer: { status: number | null, error: string | null, stages: readonly Stage[] }): void
}

export interface Tracing {
  begin (request: ArrivedRequest): RequestTrace
  /** Sends what is left, and gives up after so many milliseconds. Never rejects. */
  close (patience: number): Promise<void>
}

interface Log {
  warn (details: object, message: string): void
}

/**
 * Null when OTEL_EXPORTER_OTLP_ENDPOINT is not set.
 * @throws {ConfigError} when it is no http(s) address
 */
export async function openTracing (
  config: Pick<Config, 'OTEL_EXPORTER_OTLP_ENDPOINT' | 'OTEL_TRACES_SAMPLER_ARG'>,
  log: Log
): Promise<Tracing | null> {
  if (config.OTEL_EXPORTER_OTLP_ENDPOINT === undefined) return null
  const url = tracesUrl(config.OTEL_EXPORTER_OTLP_ENDPOINT)
  const libraries = await loadOpenTelemetry()
  const provider = openProvider(libraries, url, config.OTEL_TRACES_SAMPLER_ARG, log)
  return {
    begin: beginWith(libraries, provider.getTracer(packageJson.name, packageJson.version)),
    async close (patience) {
      const { promise: late, resolve } = Promise.withResolvers<'late'>()
      const timer = setTimeout(() => resolve('late'), patience)
      // The exporter has logged why it failed.
      const outcome = await Promise.race([provider.shutdown().catch(() => {}), late])
      clearTimeout(timer)
      if (outcome === 'late') log.warn({}, 'the trace collector did not take the last traces in time; they are lost')
    }
  }
}

/** Loaded only for a service that has a collector. */
async function loadOpenTelemetry () {
  const [api, core, otlp, resources, sdk] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/core'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/sdk-trace')
  ])
  return { api, core, otlp, resources, sdk }
}

type Libraries = Awaited<ReturnType<typeof loadOpenTelemetry>>

/** @param ratio share of the requests that are traced, where their caller does not decide it */
function openProvider (
  { core, otlp, resources, sdk }: Libraries,
  url: string,
  ratio: number,
  log: Log
): TracerProvider {
  const service = resources.resourceFromAttributes({
    'service.name': packageJson.name,
    'service.version': packageJson.version,
    'service.instance.id': randomUUID()
  })
  const exporter = announceOutages(new otlp.OTLPTraceExporter({ url }), core.ExportResultCode.SUCCESS, log)
  return new sdk.TracerProvider({
    resource: resources.defaultResource()
      .merge(service)
      .merge(resources.detectResources({ detectors: [resources.envDetector] })),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter })]
  })
}

function beginWith ({ api, core }: Libraries, tracer: Tracer): Tracing['begin'] {
  const propagator = new core.W3CTraceContextPropagator()
  return ({ method, route, scheme, headers }) => {
    const caller = propagator.extract(api.ROOT_CONTEXT, headers, api.defaultTextMapGetter)
    // Stages are timed by the monotonic clock; one offset a request keeps children inside their parent.
    const epoch = Date.now() - performance.now()
    const span = tracer.startSpan(
      route === undefined ? method : `${method} ${route}`,
      {
        kind: api.SpanKind.SERVER,
        startTime: epoch + performance.now(),
        attributes: {
          'http.request.method': method,
          'url.scheme': scheme,
          ...(route !== undefined && { 'http.route': route, 'url.path': route })
        }
      },
      caller
    )
    const inside = api.trace.setSpan(caller, span)

    return {
      id: span.spanContext().traceId,
      end ({ status, error, stages }) {
        for (const { name, start, milliseconds } of stages) {
          tracer.startSpan(name, { startTime: epoch + start }, inside).end(epoch + start + milliseconds)
        }
        if (status !== null) span.setAttribute('http.response.status_code', status)
        if (status === null || status >= 500) {
          span
            .setAttribute('error.type', status === null ? 'client_gone' : (error ?? String(status)))
            .setStatus({ code: api.SpanStatusCode.ERROR })
        }
        span.end(epoch + performance.now())
      }
    }
  }
}

function tracesUrl (endpoint: string): string {
  const url = URL.parse(endpoint)
  // The value stays out of the message, since it may hold a password.
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new ConfigError(
      'OTEL_EXPORTER_OTLP_ENDPOINT is expected to be an http(s) address, like http://localhost:4318; leave it empty to send no traces'
    )
  }
  url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/traces`
  return url.href
}

/** One warning when the collector stops taking traces, not one every few seconds. */
function announceOutages (exporter: SpanExporter, success: number, log: Log): SpanExporter {
  let out = false
  return {
    export (spans, done) {
      exporter.export(spans, result => {
        const failed = result.code !== success
        if (failed && !out) {
          log.warn(
            { err: result.error },
            'the trace collector cannot be reached or refuses; traces are lost until it answers, requests are not affected'
          )
        }
        out = failed
        done(result)
      })
    },
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown()
  }
}
