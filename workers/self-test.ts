/**
 * The start-up self-test: each model looks at two pictures that share nothing, and is refused when it does not fit its
 * manifest entry or gives the same answer to both. The second is how wrong preprocessing shows: MiniFASNet fed 0..1
 * instead of 0..255 calls every picture a fake of the same kind, and says so with confidence.
 */
import type { Model } from '../src/models/manifest.ts'
import { splitOutputs } from './features.ts'
import { faceFormats, objectFormats } from './formats/index.ts'
import { softmax } from './liveness.ts'
import { ModelError } from './model-error.ts'
import { takesAnySize } from './object-detector.ts'
import { createPicture, type Picture, type Size } from './pixels.ts'
import { inputLength, toPlanes } from './network-input.ts'
import type { Output, Session } from './session.ts'
import type { Resolved, SizedObjectDetector } from './types.ts'

type AnyModel = Resolved<Model> & Pick<SizedObjectDetector, 'features'>

/**
 * Least change between the two pictures. For liveness in probability: three good models change by 0.90 or more, fed
 * a 255th of their input by 0.02 or less. For the others relative to the largest output: only a constant answer is
 * refused.
 */
const leastChange = { liveness: 0.1, others: 1e-3 }

/** For a network that takes any size: a size that shows a number left over from a fixed export. */
const oddSize = { width: 320, height: 224 }

/** Throws ModelError `model_refused`, naming the model, what was expected and what was found. */
export async function selfTest (model: AnyModel, session: Session, labels: string[] = []): Promise<void> {
  checkInput(model, session)
  const size = model.role === 'object-detector' && takesAnySize(session) ? oddSize : model.input
  const [black, noise] = [
    await look(model, session, createPicture(size.width, size.height)),
    await look(model, session, noisePicture(size))
  ]
  for (const outputs of [black, noise]) checkOutputs(model, size, outputs, labels)

  const change = model.role === 'liveness'
    ? largestDifference(softmax(black[0]!.data), softmax(noise[0]!.data))
    : Math.max(...black.map(({ data }, i) => relativeDifference(data, noise[i]!.data)))
  const least = model.role === 'liveness' ? leastChange.liveness : leastChange.others
  if (!(change >= least)) {
    throw refusal(
      model,
      `answers that differ by at least ${least} for a black picture and for noise`,
      `a difference of ${change.toFixed(4)}`,
      'The preprocessing (channels, mean, std) is wrong or the weights are damaged'
    )
  }
}

function checkInput (model: AnyModel, session: Session): void {
  const { width, height, channels } = model.input
  const expected = [1, channels === 'GRAY' ? 1 : 3, height, width]
  const fits = session.inputShape.length === 4 &&
    expected.every((length, axis) => (session.inputShape[axis] ?? length) === length)
  if (!fits) {
    throw refusal(
      model,
      `the input [${expected.join(', ')}]`,
      `[${session.inputShape.map(axis => axis ?? 'any').join(', ')}]`,
      'Correct the input size and channels of its manifest entry or its settings'
    )
  }
}

function checkOutputs (model: AnyModel, size: Size, outputs: Output[], labels: string[]): void {
  const odd = outputs.find(({ data }) => !data.every(Number.isFinite))
  if (odd) { throw refusal(model, 'finite numbers', `NaN or infinity in the output ${odd.name}`, 'Install the model again') }

  const expectLength = (length: number, meaning: string): void => {
    const found = outputs.map(({ shape }) => `[${shape.join(', ')}]`).join(', ')
    if (outputs[0]!.data.length !== length) {
      throw refusal(
        model,
        `${length} ${meaning}`,
        `the output shapes ${found}`,
        'Correct its manifest entry or its settings'
      )
    }
  }
  switch (model.role) {
    case 'face-embedder': return expectLength(model.dimension, 'values in an embedding')
    case 'face-landmarks': return expectLength(136, 'coordinates of 68 points')
    case 'liveness':
      expectLength(model.classes, 'classes')
      if (model.realClass >= model.classes) { throw refusal(model, `a real class below ${model.classes}`, String(model.realClass), 'Correct "realClass"') }
      return
    case 'face-detector':
      withName(model, () => faceFormats[model.format].decode(outputs, size, 0.5))
      return
    case 'object-detector': {
      const classes = withName(model, () => {
        objectFormats[model.format].decode(outputs, size, 0.5)
        return objectFormats[model.format].countClasses(outputs)
      })
      if (labels.length === 0 || (classes !== null && classes !== labels.length)) {
        throw refusal(
          model,
          `labels for ${classes ?? 'its'} classes`,
          `${labels.length} labels`,
          'Give "labels" in its manifest entry, or export it with its class names'
        )
      }
    }
  }
}

async function look (model: AnyModel, session: Session, picture: Picture): Promise<Output[]> {
  const { width, height } = picture
  const values = new Float32Array(inputLength(picture, model.input.channels))
  toPlanes(picture, model.input, values)
  const outputs = await session.run(values, [1, values.length / width / height, height, width])
  // Inner maps always differ: they must not hide an answer that never changes.
  return splitOutputs(outputs, model.features ?? []).own
}

/** The same noise at every start: a linear congruential generator (Numerical Recipes constants). */
function noisePicture ({ width, height }: Size): Picture {
  const picture = createPicture(width, height)
  let state = 1
  for (let i = 0; i < picture.data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    picture.data[i] = state >>> 24
  }
  return picture
}

function largestDifference (a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = 0
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!))
  return largest
}

function relativeDifference (a: Float32Array, b: Float32Array): number {
  let scale = 0
  for (let i = 0; i < a.length; i++) scale = Math.max(scale, Math.abs(a[i]!), Math.abs(b[i]!))
  return scale === 0 ? 0 : largestDifference(a, b) / scale
}

/** A format knows its layout but not whose output it reads. */
function withName<T> (model: AnyModel, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof ModelError ? new ModelError('model_refused', `${model.id}: ${error.message}`) : error
  }
}

function refusal (model: AnyModel, expected: string, found: string, advice: string): ModelError {
  return new ModelError(
    'model_refused',
    `The model ${model.id} (${model.path}): expected ${expected}, found ${found}. ${advice}.`
  )
}
