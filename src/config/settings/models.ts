/** What models run on, and the models and thresholds of faces. */
import { Type } from '@sinclair/typebox'

export const modelSettings = {
  EXECUTION_PROVIDER: Type.Union(
    ['auto', 'cpu', 'cuda', 'webgpu', 'coreml', 'dml'].map(name => Type.Literal(name)),
    {
      default: 'auto',
      description: '`auto` takes CUDA when its libraries load, otherwise the CPU'
    }
  ),
  PRECISION: Type.Union(
    ['auto', 'fp32', 'int8'].map(name => Type.Literal(name)),
    {
      default: 'auto',
      description:
        'numbers that the object detector computes with on a CPU: `auto` measures both once on this processor and takes int8 where it is at least 1.2 times faster every scene was measured with it and no demonstration rule decides a task; detectors without known ranges stay fp32'
    }
  ),
  INSIGHT_PACK: Type.String({ default: 'starter', minLength: 1, description: 'model pack from models/manifest.json' }),
  FACE_DETECTOR: Type.String({ default: '', description: 'model id that replaces the face detector of the pack' }),
  FACE_EMBEDDER: Type.String({ default: '', description: 'model id that replaces the face embedder of the pack' }),
  DET_W: Type.Integer({
    default: 416,
    minimum: 32,
    maximum: 4096,
    multipleOf: 32,
    description: 'width of the face detector input, for SCRFD models with a dynamic size'
  }),
  DET_H: Type.Integer({
    default: 416,
    minimum: 32,
    maximum: 4096,
    multipleOf: 32,
    description: 'height of the face detector input, for SCRFD models with a dynamic size'
  }),
  MAX_FACES: Type.Integer({
    default: 10,
    minimum: 1,
    maximum: 100,
    description: 'faces of a proof that are compared with the template, largest first'
  }),
  FACE_QUALITY_THRESHOLD: Type.Optional(
    Type.Number({
      minimum: 0,
      maximum: 1,
      description:
        'least quality of a face that is enrolled or compared; 0: every face (default: measured for the embedder, in models/manifest.json)'
    })
  ),
  EMBEDDING_THRESHOLD: Type.Optional(
    Type.Number({
      minimum: -1,
      maximum: 1,
      description:
        'least cosine similarity of the same person (default: measured for the embedder, in models/manifest.json)'
    })
  )
}
