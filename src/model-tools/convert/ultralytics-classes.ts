/**
 * What the pickle of an Ultralytics detection checkpoint may name. Every class becomes an inert record of its name and
 * state.
 */
import { ConvertError } from './errors.ts'
import { type Builder, PickledObject } from './pickle-machine.ts'
import { tensorGlobals } from './tensors.ts'

/** Layers that the converter knows, by the module that defines them since Ultralytics 8.0.100. */
const layers = {
  conv: ['Conv', 'DWConv', 'Concat'],
  block: ['Attention', 'Bottleneck', 'C2PSA', 'C2f', 'C3', 'C3k', 'C3k2', 'DFL', 'PSABlock', 'SPPF'],
  head: ['Detect']
}

const torchLayers = [
  'activation.SiLU',
  'batchnorm.BatchNorm2d',
  'container.ModuleList',
  'container.Sequential',
  'conv.Conv2d',
  'linear.Identity',
  'pooling.MaxPool2d',
  'upsampling.Upsample'
]

/** What trainers leave beside the network: settings, losses, metrics. Read past, never used. */
const bystanders = [
  'ultralytics.utils.IterableSimpleNamespace', 'ultralytics.yolo.utils.IterableSimpleNamespace',
  ...['BboxLoss', 'DFLoss', 'E2EDetectLoss', 'v8DetectionLoss'].map(name => `ultralytics.utils.loss.${name}`),
  'ultralytics.utils.tal.TaskAlignedAssigner', 'torch.nn.modules.loss.BCEWithLogitsLoss',
  'torch.device', 'torch.float16', 'torch.float32',
  'numpy.dtype', 'numpy.core.multiarray.scalar', 'numpy._core.multiarray.scalar', '_codecs.encode',
  'pathlib.PosixPath', 'pathlib.WindowsPath', 'pathlib._local.PosixPath', 'pathlib._local.WindowsPath',
  // A fused layer stores its bound method `forward_fuse` through getattr; here it is a record like the others.
  'builtins.getattr', '__builtin__.getattr', 'builtins.set', '__builtin__.set'
]

function inert (name: string): [string, Builder] {
  return [name, args => new PickledObject(name, args)]
}

/** Before 8.0.100 all layers were in the module `ultralytics.nn.modules` itself. */
const layerNames = Object.entries(layers).flatMap(([module, names]) =>
  names.flatMap(name => [`ultralytics.nn.modules.${module}.${name}`, `ultralytics.nn.modules.${name}`]))

const allowed: ReadonlyMap<string, Builder> = new Map([
  ...tensorGlobals,
  ...[
    'ultralytics.nn.tasks.DetectionModel',
    ...layerNames,
    ...torchLayers.map(name => `torch.nn.modules.${name}`),
    ...bystanders
  ].map(inert)
])

/** @throws ConvertError `unsupported_model` for a network class that the converter does not know */
export function findUltralyticsGlobal (name: string): Builder | undefined {
  const builder = allowed.get(name)
  if (!builder && /^(ultralytics\.nn|torch\.nn\.modules|models)\.[\w.]+$/.test(name)) {
    throw new ConvertError(
      'unsupported_model',
      `expected a YOLOv8 or YOLO11 detection model (Conv, C2f, C3k2, SPPF, C2PSA, Detect), found the class ${name.slice(0, 120)}`
    )
  }
  return builder
}
