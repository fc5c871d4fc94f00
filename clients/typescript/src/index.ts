/** A typed client of the Eco-Connect Verification service. Types come from its OpenAPI document; the rest is `fetch`. */
import { type ErrorBody, VerificationError } from './error.ts'
import { retryDelay, wait } from './retry.ts'
import type { components, operations } from './schema.ts'

export { type ErrorBody, type ErrorCode, VerificationError } from './error.ts'
export type { components, operations, paths } from './schema.ts'
export { verifyWebhook, WebhookError, type WebhookHeaders, type WebhookOptions } from './webhook.ts'

type Schemas = components['schemas']

export type Verdict = Schemas['VerifyAnswer']
export type Approved = Extract<Verdict, { status: 'approved' }>
export type Rejected = Extract<Verdict, { status: 'rejected' }>
export type Challenge = operations['beginChallenge']['responses'][201]['content']['application/json']
export type JudgedChallenge = Schemas['SubmitFramesAnswer']
export type ChallengeState = Schemas['GetChallengeAnswer']
export type Pose = Schemas['CurrentPoseAnswer']
export type Hint = Schemas['CaptureHintAnswer']
export type PoseName = Challenge['steps'][number]['pose']
export type PendingJob = { id: string, status: 'pending' }
export type Job = Schemas['GetJobAnswer']
export type Enrolment = Schemas['SignupAnswer']
export type User = Schemas['GetUserAnswer']
export type UserPage = Schemas['ListUsersAnswer']
export type ShotRemoved = Schemas['RemoveShotAnswer']
export type Erased = Schemas['DeleteUserAnswer']
export type Review = Schemas['GetReviewAnswer']
export type ReviewPage = Schemas['ListReviewsAnswer']
export type Decided = Schemas['DecideReviewAnswer']
export type Appeal = operations['appeal']['responses'][201]['content']['application/json']
export type Tasks = Schemas['ListTasksAnswer']
export type Me = Schemas['GetMeAnswer']
export type Health = Schemas['GetHealthAnswer']
export type Readiness = Schemas['GetReadyAnswer']

/** A photo: a file of a form, what a camera or `fs.openAsBlob` gives, or its bytes. JPEG, PNG or WebP. */
export type Photo = Blob | ArrayBuffer | Uint8Array<ArrayBuffer>

export interface ClientOptions {
  /** Address of the service, without `/api`. */
  baseUrl: string | URL
  /** API key, when the service demands one. Browsers should not hold one that can do more than their user may. */
  apiKey?: string
  /** How often a request is sent again when the service asks for it, by 409, 429 or 503 with `Retry-After`. Default 3. */
  retries?: number
  /** A longer wait than this many seconds is not waited for: the error is thrown. Default 60. */
  maxRetryDelay?: number
  /** Another `fetch`, for tests and proxies. */
  fetch?: typeof fetch
}

export interface CallOptions {
  /** Cancels the request and any wait before the next attempt. */
  signal?: AbortSignal
}

export interface UploadOptions extends CallOptions {
  /** Makes attempts that follow each other one and the same upload. Default: a new key for each call. */
  idempotencyKey?: string
}

export interface EnrolOptions extends UploadOptions {
  /** Leaves out the photos of a first enrolment that do not match the others, as long as the others are more. */
  partial?: boolean
}

export interface ProofOptions extends UploadOptions {
  /** Id of a challenge that the user passed. */
  challenge?: string
}

export interface PoseOptions extends CallOptions {
  /** The pose that is wanted, for the hint. */
  step?: PoseName
  /** `pitch` of an earlier answer in which the head looked straight. */
  neutral?: number
}

export interface LaterOptions extends ProofOptions {
  /** Where the service posts the outcome, signed; its operator must have listed the origin. `verifyWebhook` checks it there. */
  webhook?: string | URL
}

/** Seconds between two questions for a job: the pause grows from the first to the last. */
const FIRST_PAUSE = 0.25
const LAST_PAUSE = 5
const PAUSE_GROWTH = 1.5

export class VerificationClient {
  readonly #base: URL
  readonly #apiKey: string | undefined
  readonly #retries: number
  readonly #maxRetryDelay: number
  readonly #fetch: typeof fetch

  constructor ({ baseUrl, apiKey, retries = 3, maxRetryDelay = 60, fetch = globalThis.fetch }: ClientOptions) {
    this.#base = new URL(String(baseUrl).replace(/\/*$/, '/'))
    this.#apiKey = apiKey
    this.#retries = retries
    this.#maxRetryDelay = maxRetryDelay
    // Browsers refuse a fetch that is called as a method of something else than the window.
    this.#fetch = (input, init) => fetch(input, init)
  }

  /**
   * Enrols a user from 1 to 5 photos, or adds photos to one.
   * @throws {VerificationError} for example `no_usable_face`, `identity_conflict`; `rejected` says why for each photo
   */
  async enrol (user: string, photos: Photo | readonly Photo[], { partial, ...options }: EnrolOptions = {}): Promise<Enrolment> {
    const form = new FormData()
    form.append('username', user)
    if (partial !== undefined) form.append('partial', String(partial))
    const list = Array.isArray(photos) ? photos as readonly Photo[] : [photos as Photo]
    list.forEach((photo, index) => appendPhoto(form, 'images', photo, `photo-${index + 1}`))
    return this.#upload('api/signup', form, options)
  }

  /**
   * Judges a proof. A refused photo is an answer with `status: 'rejected'`, not an error.
   * @throws {VerificationError} for example `user_not_found`, `unknown_task`, `unsupported_image_type`
   */
  async verify (user: string, task: string, photo: Photo, { challenge, ...options }: ProofOptions = {}): Promise<Verdict> {
    return this.#upload('api/verify', proofForm(user, task, photo, { challenge }), options)
  }

  /**
   * Hands a proof in to be judged later; `waitForJob`, `job` or the webhook gives the outcome.
   * @throws {VerificationError} for example `user_not_found`, `unknown_task`, `webhook_refused`
   */
  async verifyLater (user: string, task: string, photo: Photo, { webhook, challenge, ...options }: LaterOptions = {}): Promise<PendingJob> {
    return this.#upload('api/verify', proofForm(user, task, photo, { webhook, challenge }), options, { prefer: 'respond-async' })
  }

  /**
   * How a job stands.
   * @throws {VerificationError} `not_found`
   */
  async job (id: string, options: CallOptions = {}): Promise<Job> {
    return this.#call(`api/jobs/${encodeURIComponent(id)}`, {}, options)
  }

  /**
   * The verdict of a job, as soon as it is there. Give an `AbortSignal` to wait no longer than you want to.
   * @throws {VerificationError} for a job that failed, what `verify` would have thrown
   */
  async waitForJob (id: string, options: CallOptions = {}): Promise<Verdict> {
    for (let pause = FIRST_PAUSE; ; pause = Math.min(LAST_PAUSE, pause * PAUSE_GROWTH)) {
      const { verdict, error } = await this.job(id, options)
      if (verdict !== undefined) return verdict
      if (error !== undefined) throw new VerificationError(error.code, error, error.requestId ?? null)
      await wait(pause, options.signal)
    }
  }

  /**
   * Begins a challenge: poses that the user has to show within two minutes, in this order.
   * @throws {VerificationError} for example `user_not_found`, `rate_limited`, `challenges_unavailable`
   */
  async challenge (user: string, options: UploadOptions = {}): Promise<Challenge> {
    const form = new FormData()
    form.append('username', user)
    return this.#upload('api/challenges', form, options)
  }

  /**
   * Judges 4 to 20 photos of one camera, in order of time. A challenge that failed is an answer with `status: 'failed'`.
   * @throws {VerificationError} for example `challenge_expired`, `challenge_used`, `frame_sizes_differ`
   */
  async submitFrames (challenge: string, frames: readonly Photo[], options: UploadOptions = {}): Promise<JudgedChallenge> {
    const form = new FormData()
    frames.forEach((frame, index) => appendPhoto(form, 'frames', frame, `frame-${index + 1}`))
    return this.#upload(`api/challenges/${encodeURIComponent(challenge)}/frames`, form, options)
  }

  /** What the head on one photo shows, and what to do next; cheap enough for 5 a second. */
  async pose (challenge: string, frame: Photo, options: PoseOptions = {}): Promise<Pose> {
    return this.#look(`api/challenges/${encodeURIComponent(challenge)}/pose`, frame, options)
  }

  /** What a person should change before a photo is taken; a frame of at most 1 megapixel. */
  async hint (frame: Photo, options: PoseOptions = {}): Promise<Hint> {
    return this.#look('api/hints', frame, options)
  }

  async #look<T> (path: string, frame: Photo, { step, neutral, ...options }: PoseOptions): Promise<T> {
    const form = new FormData()
    if (step !== undefined) form.append('step', step)
    if (neutral !== undefined) form.append('neutral', String(neutral))
    appendPhoto(form, 'frame', frame, 'frame')
    return this.#call(path, { method: 'POST', body: form }, options)
  }

  /** @throws {VerificationError} `challenge_not_found` */
  async challengeState (challenge: string, options: CallOptions = {}): Promise<ChallengeState> {
    return this.#call(`api/challenges/${encodeURIComponent(challenge)}`, {}, options)
  }

  /**
   * Asks a person to look at a rejected verification again, once; the service keeps the photo until that person decides.
   * @param photo exactly the one that was rejected; left out: the one that the service kept, if it did
   * @throws {VerificationError} `not_appealable`, `photo_differs`
   */
  async appeal (verification: string, { statement, photo, ...options }: UploadOptions & { statement?: string, photo?: Photo } = {}): Promise<Appeal> {
    const form = new FormData()
    if (statement !== undefined) form.append('statement', statement)
    if (photo !== undefined) appendPhoto(form, 'file', photo, 'proof')
    return this.#upload(`api/verifications/${encodeURIComponent(verification)}/appeal`, form, options)
  }

  /** One page of what a person has to decide, oldest first. */
  async reviews (query: NonNullable<operations['listReviews']['parameters']['query']> = { limit: 50 }, options: CallOptions = {}): Promise<ReviewPage> {
    const search = new URLSearchParams(Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]))
    return this.#call(`api/reviews?${search}`, {}, options)
  }

  /** @throws {VerificationError} `not_found` */
  async review (id: string, options: CallOptions = {}): Promise<Review> {
    return this.#call(`api/reviews/${encodeURIComponent(id)}`, {}, options)
  }

  /**
   * Decides a review.
   * @throws {VerificationError} `review_decided` when somebody else was faster, `second_reviewer_required`, `replayed_photo`
   */
  async decide (id: string, decision: 'approve' | 'reject', { note, ...options }: CallOptions & { note?: string } = {}): Promise<Decided> {
    const body = JSON.stringify({ decision, ...note !== undefined && { note } })
    return this.#call(`api/reviews/${encodeURIComponent(id)}`, { method: 'POST', body, headers: { 'content-type': 'application/json' } }, options)
  }

  async tasks (options: CallOptions = {}): Promise<Tasks> {
    return this.#call('api/tasks', {}, options)
  }

  /** What this key may do, and what the service keeps of people. */
  async me (options: CallOptions = {}): Promise<Me> {
    return this.#call('api/me', {}, options)
  }

  /** One page of the enrolled users. */
  async users (query: NonNullable<operations['listUsers']['parameters']['query']> = { limit: 50 }, options: CallOptions = {}): Promise<UserPage> {
    const search = new URLSearchParams(Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]))
    return this.#call(`api/users?${search}`, {}, options)
  }

  /** Every enrolled user, fetched page by page. */
  async * allUsers (options: CallOptions = {}): AsyncGenerator<UserPage['users'][number]> {
    let cursor: string | null = null
    do {
      const page: UserPage = await this.users({ limit: 200, ...cursor !== null && { cursor } }, options)
      yield * page.users
      cursor = page.next
    } while (cursor !== null)
  }

  /** @throws {VerificationError} `user_not_found` */
  async user (name: string, options: CallOptions = {}): Promise<User> {
    return this.#call(`api/users/${encodeURIComponent(name)}`, {}, options)
  }

  /**
   * Removes one added shot; `id` is that of `user().shotList`.
   * @throws {VerificationError} `user_not_found`, `not_found`, `anchor_shot`
   */
  async removeShot (name: string, id: string, options: CallOptions = {}): Promise<ShotRemoved> {
    return this.#call(`api/users/${encodeURIComponent(name)}/shots/${encodeURIComponent(id)}`, { method: 'DELETE' }, options)
  }

  /**
   * Erases a user.
   * @throws {VerificationError} `user_not_found`
   */
  async deleteUser (name: string, options: CallOptions = {}): Promise<Erased> {
    return this.#call(`api/users/${encodeURIComponent(name)}`, { method: 'DELETE' }, options)
  }

  async health (options: CallOptions = {}): Promise<Health> {
    return this.#call('api/health', {}, options)
  }

  /** What is in use; `ready: false` is an answer, not an error. */
  async ready (options: CallOptions = {}): Promise<Readiness> {
    return this.#call('api/ready', {}, options)
  }

  async #upload<Answer> (path: string, body: FormData, { idempotencyKey = newKey(), ...options }: UploadOptions, headers: Record<string, string> = {}): Promise<Answer> {
    return this.#call(path, { method: 'POST', body, headers: { ...headers, 'idempotency-key': idempotencyKey } }, options)
  }

  async #call<Answer> (path: string, init: RequestInit, { signal }: CallOptions): Promise<Answer> {
    const headers = new Headers(init.headers)
    if (this.#apiKey !== undefined) headers.set('x-api-key', this.#apiKey)
    for (let attempt = 0; ; attempt++) {
      const response = await this.#fetch(new URL(path, this.#base), { ...init, headers, signal: signal ?? null })
      const answer: unknown = await response.json().catch(() => null)
      if (response.ok || isReadiness(answer)) return answer as Answer
      const delay = attempt < this.#retries ? retryDelay(response) : null
      if (delay === null || delay > this.#maxRetryDelay) throw new VerificationError(response.status, answer as Partial<ErrorBody> | null, response.headers.get('x-request-id'))
      await wait(delay, signal)
    }
  }
}

function proofForm (user: string, task: string, photo: Photo, { webhook, challenge }: { webhook?: string | URL | undefined, challenge?: string | undefined }): FormData {
  const form = new FormData()
  form.append('username', user)
  form.append('task', task)
  if (challenge !== undefined) form.append('challenge', challenge)
  if (webhook !== undefined) form.append('webhook', String(webhook))
  appendPhoto(form, 'file', photo, 'proof')
  return form
}

/** The name decides nothing at the service; it comes back in `accepted` and `rejected`. */
function appendPhoto (form: FormData, field: string, photo: Photo, fallback: string): void {
  const blob = photo instanceof Blob ? photo : new Blob([photo])
  const { name } = blob as { name?: string }
  form.append(field, blob, name ?? fallback)
}

/** `crypto.randomUUID` is missing where a page does not come over HTTPS. */
function newKey (): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('')
}

/** /api/ready answers 503 with its own body. */
function isReadiness (answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'ready' in answer
}
