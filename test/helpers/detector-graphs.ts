/**
 * How the families of the YOLO line wire their graphs, without weights: the published model tables
 * (ultralytics cfg/models, Megvii-BaseDetection/YOLOX) written as the nodes that their exports hold.
 */
import type { GraphProto, NodeProto } from '../../onnx/schema.ts'

export type Family = 'v5' | 'v8' | 'v9' | 'v10' | '11' | 'v12' | 'yolox'

/** The maps that are to be found, each named by what it is, beside the graph. */
export interface WiredGraph { graph: GraphProto, maps: { backbone: string[], neck: string[], head: string[] } }

class Wiring {
  readonly nodes: NodeProto[] = []

  op (opType: string, ...input: string[]): string {
    return this.ops(opType, 1, ...input)[0]!
  }

  ops (opType: string, outputs: number, ...input: string[]): string[] {
    const output = Array.from({ length: outputs }, (_, i) => `v${this.nodes.length}.${i}`)
    this.nodes.push({ opType, input, output })
    return output
  }

  /** Convolution, folded batch norm, SiLU. */
  conv (x: string): string {
    const linear = this.op('Conv', x, 'w', 'b')
    return this.op('Mul', linear, this.op('Sigmoid', linear))
  }

  residual (x: string): string {
    return this.op('Add', x, this.conv(this.conv(x)))
  }

  c3 (x: string): string {
    return this.conv(this.op('Concat', this.residual(this.conv(x)), this.conv(x)))
  }

  c2f (x: string): string {
    const [kept, worked] = this.ops('Split', 2, this.conv(x), 'sizes')
    return this.conv(this.op('Concat', kept!, worked!, this.residual(worked!)))
  }

  elan (x: string): string {
    const [kept, worked] = this.ops('Split', 2, this.conv(x), 'sizes')
    const one = this.conv(this.c3(worked!))
    return this.conv(this.op('Concat', kept!, worked!, one, this.conv(this.c3(one))))
  }

  attention (x: string): string {
    const [q, k, v] = this.ops('Split', 3, this.op('Reshape', this.op('Conv', x, 'w'), 'shape'), 'sizes')
    const weights = this.op('Softmax', this.op('MatMul', this.op('Transpose', q!), k!))
    const seen = this.op('Reshape', this.op('MatMul', v!, this.op('Transpose', weights)), 'shape')
    const mixed = this.op('Add', x, this.op('Conv', this.op('Add', seen, this.op('Conv', x, 'w')), 'w'))
    return this.op('Add', mixed, this.op('Conv', this.conv(mixed), 'w'))
  }

  psa (x: string): string {
    const [kept, worked] = this.ops('Split', 2, this.conv(x), 'sizes')
    return this.conv(this.op('Concat', kept!, this.attention(worked!)))
  }

  a2c2f (x: string): string {
    const start = this.conv(x)
    const attended = this.attention(this.attention(start))
    return this.conv(this.op('Concat', start, attended))
  }

  sppf (x: string): string {
    const start = this.conv(x)
    const once = this.op('MaxPool', start)
    const twice = this.op('MaxPool', once)
    return this.conv(this.op('Concat', start, once, twice, this.op('MaxPool', twice)))
  }

  down (x: string): string {
    return this.conv(this.op('AveragePool', x))
  }

  up (x: string): string {
    return this.op('Resize', x, '', 'scales')
  }
}

type Block = (wiring: Wiring, x: string) => string
type Head = (wiring: Wiring, maps: string[]) => string

const anchored: Head = (w, maps) => w.op('Concat', ...maps.map(map => {
  const boxes = w.op('Sigmoid', w.op('Transpose', w.op('Reshape', w.op('Conv', map, 'w', 'b'), 'shape')))
  const [centre, size, scores] = w.ops('Split', 3, boxes, 'sizes')
  return w.op('Reshape', w.op('Concat', w.op('Mul', centre!, 'stride'), w.op('Mul', size!, 'anchor'), scores!), 'shape')
}))

const decoupled: Head = (w, maps) => {
  const levels = maps.map(map => {
    const boxes = w.op('Conv', w.conv(w.conv(map)), 'w', 'b')
    return w.op('Reshape', w.op('Concat', boxes, w.op('Conv', w.conv(w.conv(map)), 'w', 'b')), 'shape')
  })
  const [boxes, scores] = w.ops('Split', 2, w.op('Concat', ...levels), 'sizes')
  const distances = w.op(
    'Reshape',
    w.op('Conv', w.op('Softmax', w.op('Transpose', w.op('Reshape', boxes!, 'shape'))), 'w'),
    'shape'
  )
  return w.op('Concat', w.op('Mul', distances, 'strides'), w.op('Sigmoid', scores!))
}

/** Exports with open sizes ask the maps for their shape, and fold boxes and scores one by one. */
const decoupledOpen: Head = (w, maps) => {
  const shape = w.op('Concat', w.op('Gather', w.op('Shape', maps[0]!), '0'), 'length')
  const level = (map: string) => w.op('Reshape', w.op('Conv', w.conv(w.conv(map)), 'w', 'b'), shape)
  return w.op('Concat', w.op('Concat', ...maps.map(level)), w.op('Sigmoid', w.op('Concat', ...maps.map(level))))
}

const endToEnd: Head = (w, maps) => {
  const [best, index] = w.ops('TopK', 2, w.op('Transpose', decoupled(w, maps)), '300')
  return w.op('Concat', best!, w.op('Cast', index!))
}

const yoloxHead: Head = (w, stems) => w.op('Transpose', w.op('Concat', ...stems.map(stem => {
  const scores = w.op('Sigmoid', w.op('Conv', w.conv(w.conv(stem)), 'w', 'b'))
  const boxes = w.conv(w.conv(stem))
  return w.op(
    'Reshape',
    w.op('Concat', w.op('Conv', boxes, 'w', 'b'), w.op('Sigmoid', w.op('Conv', boxes, 'w', 'b')), scores),
    'shape'
  )
})))

const conv: Block = (w, x) => w.conv(x)
const c3: Block = (w, x) => w.c3(x)
const c2f: Block = (w, x) => w.c2f(x)

const families: Record<
  Family,
  { block: Block; deep: Block; neck: Block; down: Block; lateral?: Block; stem?: Block; head: Head }
> = {
  v5: { block: c3, deep: (w, x) => w.sppf(x), neck: c3, down: conv, lateral: conv, head: anchored },
  v8: { block: c2f, deep: (w, x) => w.sppf(x), neck: c2f, down: conv, head: decoupled },
  v9: {
    block: (w, x) => w.elan(x),
    deep: (w, x) => w.sppf(x),
    neck: (w, x) => w.elan(x),
    down: (w, x) => w.down(x),
    head: decoupledOpen
  },
  v10: {
    block: c2f,
    deep: (w, x) => w.psa(w.sppf(x)),
    neck: c2f,
    down: (w, x) => w.op('Conv', w.conv(x), 'w', 'b'),
    head: endToEnd
  },
  11: { block: c2f, deep: (w, x) => w.psa(w.sppf(x)), neck: c2f, down: conv, head: decoupledOpen },
  v12: { block: (w, x) => w.a2c2f(x), deep: conv, neck: (w, x) => w.a2c2f(x), down: conv, head: decoupled },
  yolox: { block: c3, deep: (w, x) => w.sppf(x), neck: c3, down: conv, lateral: conv, stem: conv, head: yoloxHead }
}

export function wiredGraph (family: Family): WiredGraph {
  const same: Block = (_, x) => x
  const { block, deep, neck, down, lateral = same, stem = same, head } = families[family]
  const w = new Wiring()
  const p3 = block(w, w.conv(block(w, w.conv(w.conv('images')))))
  const p4 = block(w, w.conv(p3))
  const p5 = lateral(w, deep(w, block(w, w.conv(p4))))
  const n4 = lateral(w, neck(w, w.op('Concat', w.up(p5), p4)))
  const out3 = neck(w, w.op('Concat', w.up(n4), p3))
  const out4 = neck(w, w.op('Concat', down(w, out3), n4))
  const out5 = neck(w, w.op('Concat', down(w, out4), p5))
  const stems = [out3, out4, out5].map(map => stem(w, map))
  const output = head(w, stems)
  // Nothing but the head reads the coarsest map, so that the one path into the head belongs to it.
  return {
    graph: { node: w.nodes, output: [{ name: output }] },
    maps: { backbone: [p4, p3], neck: [p5, n4], head: [out3, out4, stems[2]!] }
  }
}
