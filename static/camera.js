/** The camera of the device: opens it, switches between front and rear, takes photos. */
import { toJpeg } from './photo.js'

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
    return this.#stream?.getVideoTracks()[0]?.getSettings() ?? {}
  }
}

async function cameras () {
  return (await navigator.mediaDevices.enumerateDevices()).filter(device => device.kind === 'videoinput')
}
