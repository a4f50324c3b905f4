// kernel-names: a graph -> the same with dimensions that kernels can name
//
// Kernels call their indices f, q, g0, tm, k12 and so on. A dimension of the app that is called like that gets another
// name while kernels are formed; they know it by its position, and the plan has its own name again.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { Graph } from '../ir/graph/graph.ts'
import type { Plan } from '../ir/plan/plan.ts'

/** The form of the names that kernels give. */
const GIVEN = /^(?:[a-z]{1,2}|[a-z]+\d+|entry|try)$/

/** A graph to form kernels of, and the way back. */
export interface NamedForKernels {
  readonly graph: Graph
  /** Returns a plan for the graph as it was. */
  restore(plan: Plan): Plan
}

/** Renames the dimensions of a graph that have names as kernels give them. */
export function nameForKernels(source: Graph): NamedForKernels {
  const taken = new Set(source.dims.map(({ name }) => name))
  const there = new Map<string, Dim>()
  const back = new Map<string, Dim>()
  const newNames = new Map<string, string>()
  for (const { name, min, max, multipleOf } of source.dims) {
    if (!GIVEN.test(name)) continue
    let other = `${name}_`
    while (taken.has(other)) other += '_'
    taken.add(other)
    newNames.set(name, other)
    there.set(name, dims.symbol(other, { min, max, multipleOf }))
    back.set(other, dims.symbol(name, { min, max, multipleOf }))
  }
  if (newNames.size === 0) return { graph: source, restore: (plan) => plan }
  const renamed = mapDims(source, (dim) => dims.substitute(dim, there))
  return {
    graph: { ...renamed, dims: source.dims.map((dim) => ({ ...dim, name: newNames.get(dim.name) ?? dim.name })) },
    restore: ({ kernels, graph: _graph, ...rest }) => ({
      ...mapDims(rest, (dim) => dims.substitute(dim, back)),
      kernels,
      graph: source,
    }),
  }
}

/** Returns a copy of plain data with other dimensions. What was one object is one object again. */
function mapDims<T>(root: T, change: (dim: Dim) => Dim): T {
  const copies = new Map<object, unknown>()
  const copyOf = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value
    if (dims.isDimExpression(value)) return change(value)
    const known = copies.get(value)
    if (known !== undefined) return known
    if (Array.isArray(value)) {
      const copy: unknown[] = []
      copies.set(value, copy)
      for (const each of value) copy.push(copyOf(each))
      return copy
    }
    if (Object.getPrototypeOf(value) !== Object.prototype) return value
    const copy: Record<string, unknown> = {}
    copies.set(value, copy)
    for (const [key, each] of Object.entries(value)) copy[key] = copyOf(each)
    return copy
  }
  return copyOf(root) as T
}
