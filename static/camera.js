/** The camera of the device: opens it, switches between front and rear, takes photos. */
import { toJpeg } from './photo.js'

/** Longer side of a frame in pixels, as large as the service needs it. */
const FRAME_SIDE = 640

/** code: `denied`, `missing`, `busy`, `insecure` or `failed`. */
class CameraError extends Error {
  name = 'CameraError'

  constructor (code, detail = '') {
    super(detail)
    this.code = code
  }
}

const CODES = {
  NotAllowedError: 'denied',
  SecurityError: 'denied',
  NotFoundError: 'missing',
  OverconstrainedError: 'missing',
  NotReadableError: 'busy',
  AbortError: 'busy'
}

export class Camera {
  #video
  #facing
  #stream = null
  #attempt = 0

  /** `facing`: `user` (front) or `environment` (rear); a device with only the other one gives that. */
  constructor (video, facing) {
    this.#video = video
    this.#facing = facing
  }

  get on () {
    return this.#stream !== null
  }

  /** True when the picture should be shown mirrored, as people know themselves. */
  get mirrored () {
    return this.#settings().facingMode !== 'environment' && this.#facing === 'user'
  }

  /** Ends quietly, with the camera off, when it is closed while opening. @throws {CameraError} */
  async open () {
    await this.#start({ facingMode: { ideal: this.#facing } })
  }

  /** Front to rear and back; where facing means nothing, as on a desk, the next camera. @throws {CameraError} */
  async switch () {
    const previous = this.#settings().deviceId
    this.#facing = this.#facing === 'user' ? 'environment' : 'user'
    this.close()
    await this.#start({ facingMode: { ideal: this.#facing } })
    const ids = (await cameras()).map(device => device.deviceId)
    if (ids.length < 2 || this.#settings().deviceId !== previous) return
    this.close()
    await this.#start({ deviceId: { exact: ids[(ids.indexOf(previous) + 1) % ids.length] } })
  }

  async canSwitch () {
    return (await cameras()).length > 1
  }

  /** The current picture as JPEG, unmirrored and at full size. */
  async takePhoto () {
    const canvas = document.createElement('canvas')
    canvas.width = this.#video.videoWidth
    canvas.height = this.#video.videoHeight
    canvas.getContext('2d').drawImage(this.#video, 0, 0)
    return await toJpeg(canvas, 0.92)
  }

  /** The current picture as JPEG, unmirrored, small enough to be looked at several times a second. */
  async takeFrame () {
    const { videoWidth, videoHeight } = this.#video
    const scale = Math.min(1, FRAME_SIDE / Math.max(videoWidth, videoHeight))
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(videoWidth * scale)
    canvas.height = Math.round(videoHeight * scale)
    canvas.getContext('2d').drawImage(this.#video, 0, 0, canvas.width, canvas.height)
    return await toJpeg(canvas, 0.9)
  }

  /** Whether this camera has a light that the page may switch. */
  get hasTorch () {
    return this.#track()?.getCapabilities?.().torch === true
  }

  async setTorch (on) {
    await this.#track()?.applyConstraints({ advanced: [{ torch: on }] })
  }

  close () {
    this.#attempt++
    for (const track of this.#stream?.getTracks() ?? []) track.stop()
    this.#stream = null
    this.#video.srcObject = null
  }

  async #start (choice) {
    if (navigator.mediaDevices === undefined) throw new CameraError('insecure')
    const attempt = ++this.#attempt
    try {
      const stream = await navigator.mediaDevices.getUserMedia({
        audio: false, video: { ...choice, width: { ideal: 1920 }, height: { ideal: 1080 } }
      })
      if (attempt !== this.#attempt) {
        for (const track of stream.getTracks()) track.stop()
        return
      }
      this.#stream = stream
      this.#video.srcObject = stream
      await this.#video.play()
    } catch (error) {
      if (attempt !== this.#attempt) return
      this.close()
      throw new CameraError(CODES[error.name] ?? 'failed', error.message)
    }
  }

  #settings () {
    return this.#track()?.getSettings() ?? {}
  }

  #track () {
    return this.#stream?.getVideoTracks()[0]
  }
}

async function cameras () {
  return (await navigator.mediaDevices.enumerateDevices()).filter(device => device.kind === 'videoinput')
}
