/** Weights for test checkpoints: those of an exported ONNX file, or random ones. */
import { readFileSync } from 'node:fs'
import { decodeModel } from '../../src/model-tools/convert/onnx.ts'
import { centred, random } from './random.ts'
import type { YoloOptions } from './yolo-checkpoint.ts'

type Weights = YoloOptions['weights']
type Norm = NonNullable<YoloOptions['norm']>

/** Ultralytics names initializers by module path, with batch norms already folded. */
export function exportedWeights (path: string): Weights {
  const tensors = new Map(decodeModel(readFileSync(path)).graph!.initializer!.map(tensor => [tensor.name, tensor]))
  const read = (name: string) => {
    const tensor = tensors.get(name)
    if (!tensor?.rawData) throw new Error(`${path} has no initializer ${name}`)
    return new Float32Array(Uint8Array.from(tensor.rawData).buffer)
  }
  return name => ({ weight: read(`${name}.weight`), bias: read(`${name}.bias`) })
}

/** He initialisation, so that activations neither vanish nor explode. */
export function randomWeights (seed: number): Weights {
  const next = random(seed)
  return (_, shape) => {
    const length = shape.reduce((product, size) => product * size, 1)
    const deviation = Math.sqrt(2 / (length / shape[0]!))
    return {
      weight: Float32Array.from({ length }, () => centred(next) * deviation),
      bias: Float32Array.from({ length: shape[0]! }, () => centred(next) * 0.1)
    }
  }
}

/** Batch norm statistics that a wrong folding could not hide behind. */
export function randomNorm (seed: number): Norm {
  const next = random(seed)
  const numbers = (length: number, least: number, most: number) =>
    Float32Array.from({ length }, () => least + next() * (most - least))
  return (_, channels) => ({
    weight: numbers(channels, 0.5, 1.5),
    bias: new Float32Array(channels),
    running_mean: numbers(channels, -0.5, 0.5),
    running_var: numbers(channels, 0.3, 3)
  })
}
