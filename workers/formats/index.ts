/** The table of output formats: a new one is a file and a line here, and its name in the manifest schema. */
import type { FaceDetectorModel, ObjectDetectorModel } from '../../src/models/manifest.ts'
import { endToEnd } from './end-to-end.ts'
import type { FaceFormat, ObjectFormat } from './format.ts'
import { scrfd } from './scrfd.ts'
import { ultralight } from './ultralight.ts'
import { yolov5 } from './yolov5.ts'
import { yolov8 } from './yolov8.ts'
import { yolox } from './yolox.ts'

export const faceFormats: Record<FaceDetectorModel['format'], FaceFormat> = { scrfd, ultralight }

export const objectFormats: Record<ObjectDetectorModel['format'], ObjectFormat> = {
  yolov8,
  yolov5,
  yolox,
  'end-to-end': endToEnd
}
