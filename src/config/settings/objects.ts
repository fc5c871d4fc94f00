/** The object detector. */
import { Type } from '@sinclair/typebox'

export const objectSettings = {
  YOLO_MODEL_PATH: Type.String({
    default: '',
    description: 'model id, or path of an object detector (.onnx, or a .pt that was converted) (default: the pack)'
  }),
  YOLO_IMGSZ: Type.Optional(
    Type.Integer({
      minimum: 32,
      maximum: 4096,
      multipleOf: 32,
      description:
        "longer side of the object detector's input, pixels (default: the model's own; 640 for one with a dynamic size)"
    })
  )
}
