/** Turns PyTorch weights into ONNX files without Python, once for each source, and says what ONNX files are. */
import { basename } from 'node:path'
import { convertedPath, isKept, keep, type Converted } from './cache.ts'
import { openCheckpoint } from './checkpoint.ts'
import { inspectOnnx, type OnnxInfo } from './inspect.ts'
import { convertMiniFasNet, cropScale, findMiniFasNetGlobal, inputSize } from './minifasnet.ts'
import type { Policy } from './pickle-machine.ts'
import { findUltralyticsGlobal } from './ultralytics-classes.ts'
import { convertDetection, findNetwork } from './ultralytics.ts'

export { convertedPath, isKept, recordHash, removeKept } from './cache.ts'
export { ConvertError, type ConvertErrorCode } from './errors.ts'
export { inspectOnnx, type OnnxInfo, type OnnxValue } from './inspect.ts'

interface Conversion extends Converted {
  /** Whether an earlier conversion of the same bytes was found. */
  cached: boolean
}

/** Input: BGR, 0..255, NCHW. Output `logits`, before softmax. */
export interface ConvertedLiveness extends Conversion {
  /** `MiniFASNetV1`, `MiniFASNetV2`, `MiniFASNetV1SE` or `MiniFASNetV2SE`. */
  architecture: string
  classes: number
  /** Side of the square input, pixels. */
  size: number
  /** Multiple of the face box that the file's name asks for; null when it does not say. */
  cropScale: number | null
}

async function convert (
  path: string,
  cacheDir: string,
  find: Policy['find'],
  write: (
    value: unknown,
    load: (part: unknown) => Promise<void>,
    metadata: Record<string, string>
  ) => Promise<Uint8Array>
): Promise<Conversion & { info: OnnxInfo }> {
  const target = await convertedPath(path, cacheDir)
  const cached = await isKept(target.path)
  if (!cached) {
    const checkpoint = await openCheckpoint(path, find)
    try {
      await keep(target.path, await write(checkpoint.value, checkpoint.load, { source_sha256: target.sourceSha256 }))
    } finally {
      checkpoint.close()
    }
  }
  return { ...target, cached, info: await inspectOnnx(target.path) }
}

/**
 * Converts a MiniFASNet state dict (`.pth`), or finds its earlier conversion in `cacheDir`.
 *
 * @throws ConvertError in one sentence: what was expected and what was found
 */
export async function convertLiveness (path: string, cacheDir: string): Promise<ConvertedLiveness> {
  const { info, ...conversion } = await convert(path, cacheDir, findMiniFasNetGlobal, async (value, load, metadata) => {
    await load(value)
    return convertMiniFasNet(value, metadata)
  })
  return {
    ...conversion,
    architecture: info.metadata.architecture ?? '',
    classes: Number(info.metadata.classes),
    size: inputSize,
    cropScale: cropScale(basename(path))
  }
}

/**
 * Input `images`: RGB, 0..1, NCHW, sides multiples of `stride`. Output `output0` [n, 4 + classes, anchors], boxes as
 * centre and size in pixels.
 */
export interface ConvertedDetector extends Conversion {
  labels: string[]
  stride: number
  /** [height, width] in pixels that the model was trained with. */
  imageSize: number[]
}

/**
 * Converts an Ultralytics detection checkpoint (`.pt` of YOLOv8 or YOLO11), or finds its earlier conversion in
 * `cacheDir`.
 *
 * @throws ConvertError in one sentence: what was expected and what was found
 */
export async function convertYolo (path: string, cacheDir: string): Promise<ConvertedDetector> {
  const { info, ...conversion } = await convert(path, cacheDir, findUltralyticsGlobal, async (value, load, meta) => {
    await load(findNetwork(value))
    return convertDetection(value, meta)
  })
  return {
    ...conversion,
    labels: info.labels ?? [],
    stride: Number(info.metadata.stride),
    imageSize: JSON.parse(info.metadata.imgsz ?? '[]')
  }
}
