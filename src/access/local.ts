/**
 * Without keys only programs on this machine may call. A connection from loopback is not enough to know that: it may
 * come from a reverse proxy, or from a web page that the user's browser was lured to.
 */
import type { IncomingHttpHeaders } from 'node:http'
import { BlockList, isIP } from 'node:net'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** Headers that proxies, load balancers and content delivery networks add. */
const FORWARDING = new RegExp(
  `^(?:${[
    'forwarded',
    'via',
    'x-forwarded(?:-.+)?',
    'x-forward(?:-.+)?',
    'x-real-ip',
    'x-proxy(?:user)?-.+',
    'proxy-.+',
    'cdn-loop',
    'client-ip',
    'x-client-.+',
    'true-client-ip',
    'x-cluster-client-ip',
    'x-remote-.+',
    'x-original-.+',
    'x-host',
    'x-scheme',
    'x-url-scheme',
    'x-ssl',
    'front-end-https',
    'cf-.+',
    'fastly-.+',
    'fly-.+',
    'do-connecting-ip',
    'x-amzn?-.+',
    'x-azure-.+',
    'x-appengine-.+',
    'x-cloud-trace-context',
    'x-envoy-.+',
    'x-arr-.+',
    'x-varnish',
    'x-vercel-.+',
    'x-nf-.+',
    'x-request-start'
  ].join('|')})$`
)

export function isLoopbackAddress (address: string): boolean {
  const version = isIP(address)
  return version !== 0 && loopback.check(address, version === 4 ? 'ipv4' : 'ipv6')
}

/** True for names that reach this machine alone: localhost, *.localhost (RFC 6761) and loopback addresses. */
export function isLoopbackHost (host: string): boolean {
  const name = host.replace(/^\[(.*)\]$/, '$1').toLowerCase()
  return name === 'localhost' || name.endsWith('.localhost') || isLoopbackAddress(name)
}

export interface Connection {
  /** The other end of the TCP connection. */
  socketAddress: string | undefined
  /** The client's address: the socket's, or what trusted proxies say. */
  clientAddress: string
  /** True when `clientAddress` is what a trusted proxy says. */
  forwarded: boolean
  httpVersion: string
  headers: IncomingHttpHeaders
}

/**
 * Why a connection does not count as this machine's own, as a sentence; null when it does.
 * @param origins web origins that may call besides those on loopback; `*` for any
 */
export function whyNotLocal (connection: Connection, origins: readonly string[] | '*'): string | null {
  const { socketAddress, clientAddress, forwarded, httpVersion, headers } = connection
  if (socketAddress === undefined || !isLoopbackAddress(socketAddress)) { return 'Without API keys only programs on this machine may call.' }
  const sign = Object.keys(headers).find(name => FORWARDING.test(name))
  if (!forwarded && sign !== undefined) {
    return `The request came through a proxy (it has the header ${sign}), and no API keys are configured. Add keys, or name the proxy in TRUST_PROXY when it serves this machine alone.`
  }
  if (!isLoopbackAddress(clientAddress)) { return 'Without API keys only programs on this machine may call; a proxy passed this request on from elsewhere.' }
  // nginx before 1.29.7 speaks it to its upstream by default, without any forwarding header.
  if (!forwarded && httpVersion === '1.0') { return 'HTTP/1.0 is what proxies speak, and no API keys are configured. Add keys, or call with HTTP/1.1.' }
  // DNS rebinding: the browser believes that this is the attacker's site, and says so here.
  if (!isLoopbackHost(hostname(headers.host))) { return `The host ${JSON.stringify(headers.host ?? '')} is not a name of this machine: call localhost or 127.0.0.1, or configure API keys.` }
  // A page elsewhere, behind a proxy that adds no header of its own.
  const { origin, referer } = headers
  if (origin === undefined && referer !== undefined && !isLoopbackOrigin(referer)) { return 'The header referer names a page that is not on this machine; without API keys only programs on this machine may call.' }
  if (origin !== undefined && origins !== '*' && !origins.includes(origin) && !isLoopbackOrigin(origin)) {
    return `Pages of ${JSON.stringify(origin)} may not call: add the origin to CORS_ORIGINS.`
  }
  return null
}

function hostname (host: string | undefined): string {
  return (host ?? '').replace(/:\d*$/, '')
}

function isLoopbackOrigin (origin: string): boolean {
  const url = URL.parse(origin)
  return url !== null && isLoopbackHost(url.hostname)
}
