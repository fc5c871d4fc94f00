/** The input sizes in which the object detector sees photos. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SizedObjectDetector } from '../../workers/types.ts'
import { type Config, ConfigError } from '../config.ts'
import { decodeModel } from './convert/onnx.ts'
import { reshapedYolo, type Size } from './reshape.ts'

/** Networks of the YOLO family take multiples of their largest stride. */
const stride = 32

/**
 * Lying and standing 4:3, and square. On 48 labelled photos (COCO) these three find as much as the square alone, mAP50
 * 0.680 and 0.670 at 640, for four fifths of the time; at 512 they find less (0.634; at the threshold in force 0.50
 * instead of 0.59). bench/NOTES.md has the table.
 */
export function inputSizes (longerSide: number): Size[] {
  const shorter = Math.ceil(longerSide * 3 / 4 / stride) * stride
  return [{ width: longerSide, height: shorter }, { width: shorter, height: longerSide }, { width: longerSide, height: longerSide }]
}

/**
 * The detector with a file for each input size, made on the first start and kept in MODELS_DIR/cache. One with a dynamic
 * input takes any size as it is; one whose size cannot be changed keeps its own, and `warn` hears why.
 * @throws {ConfigError} when YOLO_IMGSZ is set and cannot be had
 */
export async function withInputSizes (model: SizedObjectDetector, config: Pick<Config, 'YOLO_IMGSZ' | 'MODELS_DIR'>, warn: (message: string) => void): Promise<SizedObjectDetector> {
  const { YOLO_IMGSZ, MODELS_DIR } = config
  const longerSide = YOLO_IMGSZ ?? Math.max(model.input.width, model.input.height)
  try {
    if (await takesAnySize(model.path)) return { ...model, input: { ...model.input, width: longerSide, height: longerSide } }
    const views = []
    for (const size of inputSizes(longerSide)) {
      const own = size.width === model.input.width && size.height === model.input.height
      views.push({ ...size, path: own ? model.path : await reshapedYolo(model.path, model.sha256, size, join(MODELS_DIR, 'cache')) })
    }
    return { ...model, views }
  } catch (error) {
    const reason = `The input size of the object detector ${model.id} cannot be changed: ${(error as Error).message}`
    if (YOLO_IMGSZ !== undefined) throw new ConfigError(`YOLO_IMGSZ=${YOLO_IMGSZ}: ${reason}. Leave it out, or export the model again.`)
    warn(`${reason}. It sees every photo at ${model.input.width} x ${model.input.height}.`)
    return model
  }
}

async function takesAnySize (path: string): Promise<boolean> {
  const dimensions = decodeModel(await readFile(path)).graph?.input?.[0]?.type?.tensorType?.shape?.dim ?? []
  return dimensions.length === 4 && dimensions.slice(2).every(({ dimValue }) => dimValue === undefined)
}
