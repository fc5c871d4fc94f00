/** Which later node every path from a node to the outputs passes through. */
import type { GraphProto, NodeProto } from '../../../onnx/schema.ts'

/** Reads the length of axes only, so nothing of the values passes through it. */
const readsNoValues = 'Shape'

export interface Flow {
  /** The node that computes a value; undefined for inputs and weights. */
  producer (value: string): NodeProto | undefined
  /** The nodes that read a value. */
  consumers (value: string): NodeProto[]
  /** The nodes that every path from `node` to the outputs passes through, nearest first. */
  postDominators (node: NodeProto): NodeProto[]
}

/** @param graph with its nodes in the order of their work, as ONNX demands */
export function flowOf ({ node: nodes = [], output = [] }: GraphProto): Flow {
  const producers = new Map<string, number>()
  const readers = new Map<string, number[]>()
  nodes.forEach((node, index) => {
    for (const value of node.output ?? []) producers.set(value, index)
    if (node.opType === readsNoValues) return
    for (const value of new Set(node.input)) readers.set(value, [...readers.get(value) ?? [], index])
  })
  const nearest = nearestPostDominators(nodes, readers, new Set(output.map(({ name }) => name)))
  const indexOf = new Map(nodes.map((node, index) => [node, index]))
  return {
    producer: value => nodes[producers.get(value) ?? -1],
    consumers: value => (readers.get(value) ?? []).map(index => nodes[index]!),
    postDominators (node) {
      const chain = []
      for (let at = nearest[indexOf.get(node)!]; at !== undefined &&
        at < nodes.length; at = nearest[at]) chain.push(nodes[at]!)
      return chain
    }
  }
}

/**
 * For each node the index of its nearest post-dominator; the number of nodes stands for the end, undefined for a node
 * that leads nowhere.
 */
function nearestPostDominators (
  nodes: NodeProto[],
  readers: Map<string, number[]>,
  outputs: Set<string | undefined>
): (number | undefined)[] {
  const end = nodes.length
  const nearest: (number | undefined)[] = Array(nodes.length)
  // The tree of later nodes is complete when an earlier one is reached, so that two paths meet where the tree's do.
  const meet = (a: number, b: number): number => {
    while (a !== b) {
      if (a < b) a = nearest[a]!
      else b = nearest[b]!
    }
    return a
  }
  for (let index = nodes.length - 1; index >= 0; index--) {
    const values = nodes[index]!.output ?? []
    const next = values.flatMap(value => readers.get(value) ?? []).filter(reader => nearest[reader] !== undefined)
    if (values.some(value => outputs.has(value))) next.push(end)
    if (next.length > 0) nearest[index] = next.reduce(meet)
  }
  return nearest
}
