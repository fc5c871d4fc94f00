/** From pixels to the numbers that a network takes. */
import type { PixelInput } from '../src/models/manifest.ts'
import { greyLevels, type Picture, type Size } from './pixels.ts'

/** Values that one picture takes as network input. */
export function inputLength ({ width, height }: Size, channels: PixelInput['channels']): number {
  return width * height * (channels === 'GRAY' ? 1 : 3)
}

/** Writes the picture to `output` as planes (CHW) of (level - mean) / std in the model's channel order. */
export function toPlanes (picture: Picture, { channels, mean, std }: PixelInput, output: Float32Array): void {
  const { data } = picture
  const area = picture.width * picture.height
  if (channels === 'GRAY') {
    greyLevels(picture, output)
    for (let i = 0; i < area; i++) output[i] = (output[i]! - mean) / std
    return
  }
  const table = Float32Array.from({ length: 256 }, (_, level) => (level - mean) / std)
  const red = channels === 'RGB' ? 0 : 2 * area
  const blue = 2 * area - red
  for (let i = 0, at = 0; i < area; i++, at += 3) {
    output[red + i] = table[data[at]!]!
    output[area + i] = table[data[at + 1]!]!
    output[blue + i] = table[data[at + 2]!]!
  }
}
