/**
 * Where a detector's graph holds the feature maps that say what a picture shows, found by how the graph is wired: the
 * neck of the YOLO family (PANet, Liu et al. 2018) enlarges a coarse map (Resize), joins it with a finer one of the
 * backbone (Concat), and later joins the maps again on the way back down. Names and layer numbers are not looked at, so
 * every family and every exporter is read by the same rules: YOLOv5 to v12 and YOLOX, float or int8.
 */
import type { GraphProto, NodeProto } from '../../../onnx/schema.ts'
import { type Flow, flowOf } from './post-dominators.ts'

export interface Tap {
  /** Name of a map [1, channels, height, width]. */
  value: string
  /** Cells of the map along each side of a cell of the coarsest map: 1, 2, 4 ... */
  finer: number
}

/** Nodes that carry a value on unchanged but for rounding. */
const carriers = new Set(['QuantizeLinear', 'DequantizeLinear', 'Identity', 'Cast'])
const enlarging = new Set(['Resize', 'Upsample'])
const activations = new Set([
  'Relu',
  'LeakyRelu',
  'Clip',
  'Elu',
  'HardSwish',
  'HardSigmoid',
  'Mish',
  'Gelu',
  'PRelu',
  'Swish'
])

/**
 * The maps of the backbone that the neck reads, those in the middle of the neck, and those that the head reads; each
 * group from fine to coarse, or coarse to fine, always in the same order for the same architecture. Null where the
 * graph has no such neck.
 */
export function findTaps (graph: GraphProto): Tap[] | null {
  const flow = flowOf(graph)
  const joins = (graph.node ?? [])
    .filter(({ opType = '' }) => enlarging.has(opType))
    .flatMap(resize => topDown(flow, resize) ?? [])
  if (joins.length === 0) return null

  const merges: NodeProto[] = [joins.at(-1)!.merge]
  for (const { coarse } of joins.toReversed()) {
    const merge = bottomUp(flow, coarse, merges)
    if (merge === undefined) return null
    merges.push(merge)
  }
  const heads = headMaps(flow, merges)
  if (heads === null) return null

  const levels = joins.length
  const taps = [
    ...joins.map(({ fine }, i) => ({ value: fine, finer: 2 ** (i + 1) })),
    ...joins.map(({ coarse }, i) => ({ value: coarse, finer: 2 ** i })),
    ...heads.map((value, i) => ({ value, finer: 2 ** (levels - i) }))
  ]
  return taps.map(tap => ({ ...tap, value: asRead(flow, tap.value) }))
}

interface TopDown { coarse: string, fine: string, merge: NodeProto }

function topDown (flow: Flow, resize: NodeProto): TopDown | null {
  const enlarged = readersOf(flow, resize.output![0]!).find(({ opType }) => opType === 'Concat')
  if (enlarged === undefined) return null
  const fine = enlarged.input!.map(value => originOf(flow, value)).find(value => value !== resize.output![0])
  return fine === undefined ? null : { coarse: originOf(flow, resize.input![0]!), fine, merge: enlarged }
}

/** The later join that reads the map before it was enlarged. */
function bottomUp (flow: Flow, coarse: string, earlier: NodeProto[]): NodeProto | undefined {
  return readersOf(flow, coarse).find(node => node.opType === 'Concat' && !earlier.includes(node) &&
    node.input!.some(value => originOf(flow, value) !== coarse && descendsFrom(flow, value, earlier.at(-1)!)))
}

/**
 * What each level hands to the head: the last activation that all paths from its join pass through, before the paths of
 * all levels meet, and before the map is folded into a list of boxes. Null where there is none.
 */
function headMaps (flow: Flow, merges: NodeProto[]): string[] | null {
  const chains = merges.map(merge => flow.postDominators(merge))
  const shared = new Set(chains[0]!.filter(node => chains.every(chain => chain.includes(node))))
  const maps = chains.map(chain => {
    const end = chain.findIndex(
      node => shared.has(node) || node.opType === 'Reshape' || node.opType === 'Transpose' || node.opType === 'Flatten'
    )
    return chain.slice(0, end === -1 ? undefined : end).findLast(node => isActivation(flow, node))?.output?.[0]
  })
  return maps.every(map => map !== undefined) ? maps : null
}

/** SiLU is written as x * sigmoid(x). */
function isActivation (flow: Flow, { opType = '', input = [] }: NodeProto): boolean {
  if (activations.has(opType)) return true
  return opType === 'Mul' && input.some(value => {
    const factor = flow.producer(originOf(flow, value))
    return factor !== undefined && ['Sigmoid', 'HardSigmoid', 'Tanh'].includes(factor.opType ?? '')
  })
}

/** The value behind roundings and copies. */
function originOf (flow: Flow, value: string): string {
  for (
    let node = flow.producer(value);
    node !== undefined && carriers.has(node.opType ?? '');
    node = flow.producer(value)
  ) { value = node.input![0]! }
  return value
}

/** The nodes that read a value, also through roundings and copies. */
function readersOf (flow: Flow, value: string): NodeProto[] {
  return flow
    .consumers(value)
    .flatMap(node => (carriers.has(node.opType ?? '') ? readersOf(flow, node.output![0]!) : [node]))
}

/**
 * The rounded form of a value where there is one: reading the other would keep onnxruntime from fusing the rounding.
 */
function asRead (flow: Flow, value: string): string {
  const rounding = flow.consumers(value).find(({ opType }) => opType === 'QuantizeLinear')
  const back = rounding && flow.consumers(rounding.output![0]!).find(({ opType }) => opType === 'DequantizeLinear')
  return back?.output?.[0] ?? value
}

function descendsFrom (flow: Flow, value: string, ancestor: NodeProto): boolean {
  const seen = new Set<string>()
  const waiting = [value]
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (seen.has(at)) continue
    seen.add(at)
    const node = flow.producer(at)
    if (node === ancestor) return true
    waiting.push(...node?.input ?? [])
  }
  return false
}
