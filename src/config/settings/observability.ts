/** Traces, debug routes and teaching. */
import { Type } from '@sinclair/typebox'

export const observabilitySettings = {
  OTEL_EXPORTER_OTLP_ENDPOINT: Type.Optional(
    Type.String({
      description:
        'http(s) address of an OpenTelemetry collector that gets traces over OTLP/HTTP as JSON, like http://localhost:4318 (default: no traces)'
    })
  ),
  OTEL_TRACES_SAMPLER_ARG: Type.Number({
    default: 1,
    minimum: 0,
    maximum: 1,
    description: 'share of requests that are traced, for callers whose header `traceparent` does not decide it'
  }),
  DEBUG_ROUTES: Type.Boolean({ default: false, description: 'true adds /api/debug; ignored in production' }),
  TEACHING: Type.Boolean({
    default: false,
    description:
      'true adds /api/teaching, by which a key with the scope `admin` teaches tasks on the page; ignored in production and with more than one process'
  })
}
