/** Environment, log and address of the server. */
import { Type } from '@sinclair/typebox'

export const serverSettings = {
  ENV: Type.Union([Type.Literal('development'), Type.Literal('production'), Type.Literal('test')], {
    default: 'development',
    description: '`production` switches debug routes off and logs JSON'
  }),
  LOG_LEVEL: Type.Union(
    ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'].map(level => Type.Literal(level)),
    {
      default: 'info',
      description: 'least severe level that is logged'
    }
  ),
  HOST: Type.String({ default: '127.0.0.1', minLength: 1, description: 'address to listen on' }),
  PORT: Type.Integer({
    default: 5000,
    minimum: 0,
    maximum: 65535,
    description: 'port to listen on; 0 takes a free one'
  }),
  CORS_ORIGINS: Type.String({
    default: '',
    description:
      'comma-separated exact origins that browsers and apps may call from, like `https://app.example.org` or `capacitor://localhost`, `null` for pages in files and sandboxed frames, `*` for any; empty: same origin only'
  })
}
