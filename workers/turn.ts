/** Turning frames by right angles. */
import { type Picture, pictureOf } from './pixels.ts'
import { resize } from './resize.ts'
import type { Frame, Rotation } from './types.ts'

/** The frame turned clockwise, in new shared memory. */
export function turnFrame (frame: Frame, degrees: Exclude<Rotation, 0>): Frame {
  const { width, height, data } = pictureOf(frame)
  const turned = createFrame(degrees === 180 ? { width, height } : { width: height, height: width })
  const output = pictureOf(turned).data
  // Where the first pixel of the source goes, and how far apart its neighbours to the right and below lie then, in
  // pixels.
  const [start, right, down] = degrees === 90
    ? [height - 1, height, -1]
    : degrees === 180 ? [width * height - 1, -1, -width] : [(width - 1) * height, -height, 1]
  let at = 0
  for (let y = 0; y < height; y++) {
    let to = (start + y * down) * 3
    for (let x = 0; x < width; x++, at += 3, to += right * 3) {
      output[to] = data[at]!
      output[to + 1] = data[at + 1]!
      output[to + 2] = data[at + 2]!
    }
  }
  return turned
}

/** The frame with its longer side at most `side` pixels: itself when it is no larger. */
export function shrinkFrame (frame: Frame, side: number): Frame {
  const scale = side / Math.max(frame.width, frame.height)
  if (scale >= 1) return frame
  const size = {
    width: Math.max(1, Math.round(frame.width * scale)),
    height: Math.max(1, Math.round(frame.height * scale))
  }
  const small = createFrame(size)
  const whole = (picture: Picture) => ({ left: 0, top: 0, width: picture.width, height: picture.height })
  const [from, to] = [pictureOf(frame), pictureOf(small)]
  resize(from, whole(from), to, whole(to))
  return small
}

function createFrame ({ width, height }: { width: number, height: number }): Frame {
  return { width, height, pixels: new SharedArrayBuffer(width * height * 3) }
}
