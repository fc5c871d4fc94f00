/** The only file that talks to the service. */

const ANSWER_SECONDS = 15
const UPLOAD_SECONDS = 90

/**
 * A request without a usable answer.
 * kind: `http` (an error body of the service), `network`, `timeout`, `aborted`, `foreign` (not an answer of this
 * service).
 */
export class ApiError extends Error {
  constructor (kind, details = {}) {
    super(details.body?.message ?? kind)
    this.kind = kind
    this.status = details.status ?? 0
    this.body = details.body ?? {}
    this.retryAfter = details.retryAfter ?? null
    this.seconds = details.seconds ?? 0
  }
}

/** Turns what a person types into an API base: no trailing slash, no /api. Null when it is not an http address. */
export function normalizeBase (typed) {
  const address = URL.parse(typed.trim())
  if (address === null || !/^https?:$/.test(address.protocol)) return null
  return (address.origin + address.pathname).replace(/\/+$/, '').replace(/\/api$/, '')
}

/**
 * Emits `unauthorised` when the service asks for a key, `answered` when it gave any answer of its own and `unreachable`
 * when no answer came, after every call.
 */
export class Api extends EventTarget {
  key = ''
  /** What /api/me was asked with while its answer is on the way. */
  #asking = null

  constructor (base) {
    super()
    this.base = base
  }

  health () {
    return this.#json('/api/health')
  }

  /** Also gives the answer of a service that is not ready (503). */
  ready () {
    return this.#json('/api/ready', { usable: body => typeof body?.ready === 'boolean' })
  }

  /** Whoever asks while the answer is on its way gets the same one. */
  me () {
    const { base, key } = this
    if (this.#asking?.base !== base || this.#asking.key !== key) {
      const answer = this.#json('/api/me')
      this.#asking = { base, key, answer }
      answer.catch(() => {}).then(() => { this.#asking = null })
    }
    return this.#asking.answer
  }

  tasks () {
    return this.#json('/api/tasks')
  }

  users (cursor, limit = 50) {
    const query = new URLSearchParams({ limit, ...(cursor && { cursor }) })
    return this.#json(`/api/users?${query}`)
  }

  verifications (query) {
    return this.#json(`/api/verifications?${new URLSearchParams(query)}`)
  }

  reviews (query) {
    return this.#json(`/api/reviews?${new URLSearchParams(query)}`)
  }

  review (id) {
    return this.#json(`/api/reviews/${encodeURIComponent(id)}`)
  }

  /** `decision`: approve or reject. It arrives also when the page is left meanwhile. */
  decideReview (id, decision, note) {
    const body = JSON.stringify({ decision, ...(note !== '' && { note }) })
    return this.#json(`/api/reviews/${encodeURIComponent(id)}`, { method: 'POST', body })
  }

  teaching () {
    return this.#json('/api/teaching')
  }

  /** `kind`: yes, no or near; `origin`: camera or occasion of all of them, '' when each is one by itself. */
  addTeachingPhotos (kind, files, origin) {
    const form = new FormData()
    form.append('class', kind)
    if (origin.trim() !== '') form.append('origin', origin)
    for (const file of files) form.append('photos', file, file.name)
    return this.#upload('/api/teaching/photos', form, quiet())
  }

  beginTeaching (task) {
    return this.#json('/api/teaching', { method: 'POST', body: JSON.stringify({ task }) })
  }

  keepTeaching () {
    return this.#json('/api/teaching/keep', { method: 'POST' })
  }

  discardTeaching () {
    return this.#json('/api/teaching', { method: 'DELETE' })
  }

  /** A kept photo, as a blob. */
  async photo (path) {
    const answer = await this.#fetch(path)
    if (!answer.ok) throw new ApiError('foreign', { status: answer.status })
    return answer.blob()
  }

  user (name) {
    return this.#json(`/api/users/${encodeURIComponent(name)}`)
  }

  deleteUser (name) {
    return this.#json(`/api/users/${encodeURIComponent(name)}`, { method: 'DELETE' })
  }

  removeShot (name, id) {
    return this.#json(`/api/users/${encodeURIComponent(name)}/shots/${id}`, { method: 'DELETE' })
  }

  /** Prometheus text, or null when the service does not offer it to this page. */
  async metrics () {
    const answer = await this.#fetch('/api/metrics')
    return answer.ok && answer.headers.get('content-type')?.startsWith('text/plain') ? answer.text() : null
  }

  /** `photos` are { blob, name }; `consent`: reference to the consent of the person, if any; options: see #upload. */
  signup (username, photos, { consent = '', ...options }) {
    const form = new FormData()
    form.append('username', username)
    if (consent !== '') form.append('consent', consent)
    for (const { blob, name } of photos) form.append('images', blob, name)
    return this.#upload('/api/signup', form, options)
  }

  challenge (username) {
    const form = new FormData()
    form.append('username', username)
    return this.#upload('/api/challenges', form, quiet())
  }

  /** What the head on a frame shows; `neutral`: pitch of an answer in which it looked straight, if there is one yet. */
  pose (id, frame, wanted, options = quiet()) {
    return this.#look(`/api/challenges/${encodeURIComponent(id)}/pose`, frame, wanted, options)
  }

  /** What to change before a photo of a person is taken; `wanted` as for the pose, both may be left out. */
  hint (frame, wanted, signal) {
    return this.#look('/api/hints', frame, wanted, quiet(signal))
  }

  #look (path, frame, { step, neutral }, options) {
    const form = new FormData()
    if (step !== undefined) form.append('step', step)
    if (neutral !== undefined) form.append('neutral', neutral)
    form.append('frame', frame, 'frame.jpg')
    return this.#upload(path, form, options)
  }

  /** `frames` are blobs in order of time. */
  frames (id, frames, options = quiet()) {
    const form = new FormData()
    frames.forEach((frame, index) => form.append('frames', frame, `${index + 1}.jpg`))
    return this.#upload(`/api/challenges/${encodeURIComponent(id)}/frames`, form, options)
  }

  /** `challenge` among the options: id of one that the user passed. */
  verify (username, task, photo, { challenge, ...options }) {
    const form = new FormData()
    form.append('username', username)
    form.append('task', task)
    if (challenge !== undefined) form.append('challenge', challenge)
    form.append('file', photo.blob, photo.name)
    return this.#upload('/api/verify', form, options)
  }

  #headers () {
    return this.key === '' ? {} : { authorization: `Bearer ${this.key}` }
  }

  /** `body`: JSON. What changes something is sent to its end also when the page is left. */
  async #fetch (path, method = 'GET', body = undefined) {
    const headers = { ...this.#headers(), ...(body !== undefined && { 'content-type': 'application/json' }) }
    const timeout = AbortSignal.timeout(ANSWER_SECONDS * 1000)
    try {
      return await fetch(this.base + path, {
        method,
        headers,
        body,
        signal: timeout,
        cache: 'no-store',
        keepalive: method !== 'GET'
      })
    } catch {
      throw this.#unanswered(
        timeout.aborted ? new ApiError('timeout', { seconds: ANSWER_SECONDS }) : new ApiError('network')
      )
    }
  }

  async #json (path, { method, body, usable = () => false } = {}) {
    const answer = await this.#fetch(path, method, body)
    const json = await answer.json().catch(() => null)
    return this.#judge(answer.status, json, answer.headers.get('retry-after'), usable)
  }

  /**
   * Options: `onprogress` gets the sent share 0..1, `signal` stops the upload. XMLHttpRequest, since fetch tells no
   * upload progress.
   */
  #upload (path, form, { onprogress, signal }) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest()
      request.open('POST', this.base + path)
      request.responseType = 'text'
      request.timeout = UPLOAD_SECONDS * 1000
      for (const [name, value] of Object.entries(this.#headers())) request.setRequestHeader(name, value)
      request.upload.addEventListener('progress', event =>
        onprogress(event.lengthComputable ? event.loaded / event.total : 1)
      )
      request.addEventListener('load', () => {
        try {
          resolve(this.#judge(request.status, parse(request.responseText), request.getResponseHeader('retry-after')))
        } catch (error) {
          reject(error)
        }
      })
      request.addEventListener('error', () => reject(this.#unanswered(new ApiError('network'))))
      request.addEventListener('timeout', () =>
        reject(this.#unanswered(new ApiError('timeout', { seconds: UPLOAD_SECONDS })))
      )
      request.addEventListener('abort', () => reject(new ApiError('aborted')))
      signal.addEventListener('abort', () => request.abort())
      request.send(form)
    })
  }

  #unanswered (error) {
    this.dispatchEvent(new Event('unreachable'))
    return error
  }

  #judge (status, body, retryAfter, usable = () => false) {
    if (status === 401) this.dispatchEvent(new Event('unauthorised'))
    else if (typeof body === 'object' && body !== null) this.dispatchEvent(new Event('answered'))
    else this.dispatchEvent(new Event('unreachable'))
    if (body !== null && ((status >= 200 && status < 300) || usable(body))) return body
    if (typeof body?.message !== 'string') throw new ApiError('foreign', { status })
    throw new ApiError('http', { status, body, retryAfter: seconds(retryAfter) })
  }
}

/** Options of an upload that shows no progress and is not stopped. */
function quiet (signal = new AbortController().signal) {
  return { onprogress: () => {}, signal }
}

function parse (json) {
  try {
    return JSON.parse(json)
  } catch {
    return null
  }
}

/** Retry-After in seconds; it may also be a date. */
function seconds (header) {
  if (header === null) return null
  const value = /^\d+$/.test(header) ? Number(header) : Math.ceil((Date.parse(header) - Date.now()) / 1000)
  return value > 0 ? value : null
}
